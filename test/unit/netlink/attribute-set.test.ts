import assert from "node:assert/strict";
import { test } from "node:test";
import { AttributeSet, deferred } from "../../../src/netlink/codec/attribute-set.js";
import { string, u16, u32 } from "../../../src/netlink/codec/coders.js";
import { hex, toHex, view } from "../../support/bytes.js";

const inner = new AttributeSet({ port: [4, u16], name: [6, string] });
const outer = new AttributeSet({ inner: [1, inner], mark: [5, u32] });

const decode = (digits: string) => {
  const bytes = hex(digits);
  return outer.read(view(bytes), 0, bytes.length);
};

test("attributes are padded, nested ones are marked, absent ones are left out", () => {
  const buffer = new Uint8Array(64).fill(0xee);
  const end = outer.write(view(buffer), 0, { mark: 7, inner: { name: "rr", port: 80 } });
  assert.equal(
    toHex(buffer.subarray(0, end)),
    "14000180 06000400 50000000 07000600 72720000 08000500 07000000".replaceAll(" ", ""),
  );
  assert.equal(outer.write(view(buffer), 8, { mark: undefined }), 8);
});

test("order, flags of the type, unknown attributes and a missing last padding do not matter", () => {
  const digits = "08000540 07000000 05006300 01000000 0c000100 07000600 727200";
  assert.throws(() => decode(digits), { code: "EBADMSG" }, "the nested attribute is one byte short");
  assert.deepEqual(decode("08000540 07000000 05006300 01000000 0b000100 07000600 727200"), {
    mark: 7,
    inner: { name: "rr" },
  });
  assert.deepEqual(decode(""), {});
});

test("a group is a record of its own among the values, and nothing of its own on the wire", () => {
  const set = new AttributeSet({
    first: [1, u16],
    group: new AttributeSet({ port: [4, u16], name: [2, string] }),
    last: [3, u16],
  });
  const buffer = new Uint8Array(64).fill(0xee);
  const values = { first: 1, group: { port: 80, name: "rr" }, last: 2 };
  const end = set.write(view(buffer), 0, values);
  assert.equal(
    toHex(buffer.subarray(0, end)),
    "06000100 01000000 06000400 50000000 07000200 72720000 06000300 02000000".replaceAll(" ", ""),
  );
  assert.deepEqual(set.read(view(buffer), 0, end), values);
  assert.deepEqual(set.read(view(buffer), 0, 8), { first: 1 });
});

test("a deferred set is read when its function is called", () => {
  const set = new AttributeSet({ later: [1, deferred(inner)] });
  const buffer = new Uint8Array(64);
  const end = set.write(view(buffer), 0, { later: { port: 80 } });
  const { later } = set.read(view(buffer), 0, end);
  assert.deepEqual(later?.(), { port: 80 });
});

for (const [name, digits] of [
  ["a header cut off", "0800"],
  ["a length below the header's", "03000500 07000000"],
  ["a length of zero", "00000500 07000000"],
  ["a length beyond the message", "0c000500 07000000"],
  ["a payload too short for its type", "07000500 070000"],
  ["a payload too long for its type", "09000500 07000000 01000000"],
  ["a nested attribute that leaves its parent", "0c000180 0c000400 50000000"],
  ["bytes behind the last attribute", "08000500 07000000 0102"],
] as const) {
  test(`malformed: ${name}`, () => {
    assert.throws(() => decode(digits), { name: "NetlinkError", code: "EBADMSG" });
  });
}
