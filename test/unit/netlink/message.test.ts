import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessages, encodeMessage } from "../../../src/netlink/codec/message.js";
import { concat, hex, message, toHex, view } from "../../support/bytes.js";

test("a message", () => {
  const buffer = new Uint8Array(64);
  const end = encodeMessage({ view: view(buffer), bytes: buffer }, 0, 0x1c, 5, 0xdeadbeef, hex("0f010000"));
  assert.equal(toHex(buffer.subarray(0, end)), "140000001c000500efbeadde000000000f010000");
  const [decoded] = decodeMessages(buffer.subarray(0, end));
  assert.equal(decoded?.type, 0x1c);
  assert.equal(decoded?.flags, 5);
  assert.equal(decoded?.sequence, 0xdeadbeef);
  assert.equal(decoded?.payload.getUint8(0), 0x0f);
});

test("a datagram of several messages, the last one unpadded, within a larger buffer", () => {
  const last = hex("13000000 02000000 02000000 00000000 010203");
  const datagram = concat(hex("ffff"), message(1, 1, hex("010203")), last).subarray(2);
  const messages = decodeMessages(datagram);
  assert.deepEqual(
    messages.map(({ type, sequence, payload }) => [type, sequence, payload.byteLength]),
    [
      [1, 1, 3],
      [2, 2, 3],
    ],
  );
  assert.deepEqual(decodeMessages(new Uint8Array()), []);
});

for (const [name, digits] of [
  ["a header cut off", "14000000 1c000500"],
  ["a length below the header's", "0f000000 1c000500 01000000 00000000"],
  ["a length of zero", "00000000 1c000500 01000000 00000000"],
  ["a length beyond the datagram", "14000000 1c000500 01000000 00000000"],
  ["bytes behind the last message", "10000000 1c000500 01000000 00000000 0102"],
] as const) {
  test(`malformed: ${name}`, () => {
    assert.throws(() => decodeMessages(hex(digits)), { name: "NetlinkError", code: "EBADMSG" });
  });
}
