import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, parseAddress } from "../../../src/model/address.js";
import { toHex } from "../../support/bytes.js";

// What glibc's inet_ntop makes of the bytes.
for (const [bytes, text] of [
  ["00000000000000000000000000000000", "::"],
  ["00000000000000000000000000000001", "::1"],
  ["00000000000000000000000000010000", "::0.1.0.0"],
  ["00000000000000000000000001020304", "::1.2.3.4"],
  ["00000000000000000000ffff01020304", "::ffff:1.2.3.4"],
  ["00000000000000000000fffe01020304", "::fffe:102:304"],
  ["00000000000000000001000000000000", "::1:0:0:0"],
  ["00010000000000000000000000000000", "1::"],
  ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
  ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
  ["20010db8000100010001000100010000", "2001:db8:1:1:1:1:1:0"],
  ["ff020000000000000000000000000018", "ff02::18"],
] as const) {
  test(`${text}`, () => {
    assert.equal(formatAddress("inet6", Uint8Array.from(Buffer.from(bytes, "hex"))), text);
    assert.equal(toHex(parseAddress("inet6", text)), bytes);
  });
}

test("any address survives as text", () => {
  let state = 20190124;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  for (let round = 0; round < 2000; round++) {
    // Groups of zeros are frequent, as they are what makes the text hard.
    const bytes = Uint8Array.from({ length: 16 }, () => (random() < 160 ? 0 : random()));
    const mapped = round % 10 === 0 ? Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...bytes.slice(12)) : bytes;
    assert.deepEqual(parseAddress("inet6", formatAddress("inet6", mapped)), mapped);
    assert.deepEqual(parseAddress("inet", formatAddress("inet", bytes)), bytes.slice(0, 4));
  }
});

test("text that is not an address is refused", () => {
  for (const text of [
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1..2.3",
    "1.2.3.4 ",
    "a.b.c.d",
    "1.2.3.",
    "::1",
  ]) {
    assert.throws(() => parseAddress("inet", text), RangeError, text);
  }
  for (const text of [
    "",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::1.2.3",
    "1.2.3.4::",
    "::g",
    ":1::",
    "1:2:3:4:5:6:7::8",
    "::1%eth0",
  ]) {
    assert.throws(() => parseAddress("inet6", text), RangeError, text);
  }
});
