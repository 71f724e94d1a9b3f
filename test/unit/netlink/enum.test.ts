import assert from "node:assert/strict";
import { test } from "node:test";
import { u16 } from "../../../src/netlink/codec/coders.js";
import { Enum } from "../../../src/netlink/codec/enum.js";
import { hex, toHex, view } from "../../support/bytes.js";

const color = new Enum("color", u16, { red: 1, green: 0x0203 });

test("names stand for numbers", () => {
  const buffer = new Uint8Array(4);
  assert.equal(color.write(view(buffer), 1, "green"), 3);
  assert.equal(toHex(buffer), "00030200");
  assert.equal(color.read(view(buffer), 1, 2), "green");
});

test("a number without a name is malformed, and so is another length", () => {
  const read = (digits: string) => color.read(view(hex(digits)), 0, digits.length / 2);
  assert.throws(() => read("0200"), { code: "EBADMSG", message: /color 2$/ });
  assert.throws(() => read("01"), { code: "EBADMSG" });
});
