import assert from "node:assert/strict";
import { test } from "node:test";
import * as coders from "../../../src/netlink/codec/coders.js";
import { hex, toHex, view } from "../../support/bytes.js";

function encode<T>(coder: coders.Coder<T>, value: T): string {
  const buffer = new Uint8Array(64);
  return toHex(buffer.subarray(3, coder.write(view(buffer), 3, value)));
}

function decode<T>(coder: coders.Coder<T>, digits: string): T {
  const bytes = hex(digits);
  return coder.read(view(bytes), 0, bytes.length);
}

function vector<T>(name: string, coder: coders.Coder<T>, value: T, digits: string): void {
  test(`${name} ${String(value)}`, () => {
    assert.equal(encode(coder, value), digits);
    assert.deepEqual(decode(coder, digits), value);
  });
}

vector("u8", coders.u8, 255, "ff");
vector("u16", coders.u16, 0x1234, "3412");
vector("u16be", coders.u16be, 0x1234, "1234");
vector("u32", coders.u32, 0xffffffff, "ffffffff");
vector("i32", coders.i32, -2, "feffffff");
vector("u64", coders.u64, 2n ** 64n - 2n, "feffffffffffffff");
vector("string", coders.string, "wlc", "776c6300");
vector("string", coders.string, "", "00");
vector("string", coders.string, "\u00e9\u00ff", "e9ff00");
vector("bytes", coders.bytes(4), hex("01020304"), "01020304");

test("a string ends at its NUL or with the attribute", () => {
  assert.equal(decode(coders.string, "6162006364"), "ab");
  assert.equal(decode(coders.string, "6162"), "ab");
  assert.throws(() => encode(coders.string, "a\0b"), RangeError);
});

test("a payload of another length is malformed", () => {
  const bad = { name: "NetlinkError", code: "EBADMSG" };
  assert.throws(() => decode(coders.u8, ""), bad);
  assert.throws(() => decode(coders.u16, "01"), bad);
  assert.throws(() => decode(coders.u16be, "010203"), bad);
  assert.throws(() => decode(coders.u32, "010203"), bad);
  assert.throws(() => decode(coders.i32, "0102030405"), bad);
  assert.throws(() => decode(coders.u64, "01020304"), bad);
  assert.throws(() => decode(coders.bytes(16, 4), "0102030405"), bad);
});

test("bytes that were read do not alias the buffer", () => {
  const buffer = hex("01020304");
  const read = coders.bytes(4).read(view(buffer), 0, 4);
  buffer.fill(0);
  assert.equal(toHex(read), "01020304");
});
