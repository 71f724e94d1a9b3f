import assert from "node:assert/strict";
import { test } from "node:test";
import { u8, u16be } from "../../../src/netlink/codec/coders.js";
import { Struct } from "../../../src/netlink/codec/struct.js";
import { hex, toHex, view } from "../../support/bytes.js";

const header = new Struct({ family: [1, u8], length: [1, u8], port: [2, u16be] });

test("members stand one after the other, and those without a value are 0", () => {
  assert.equal(header.length, 4);
  assert.equal(toHex(header.encode({ family: 2, port: 80 })), "02000050");
});

test("a struct is read from the beginning of a payload", () => {
  assert.deepEqual(header.decode(view(hex("0a400050 ffff"))), { family: 10, length: 64, port: 80 });
});

test("a payload that is too short is malformed", () => {
  assert.throws(() => header.decode(view(hex("0a4000"))), { code: "EBADMSG", message: /a payload of 3 bytes$/ });
});
