import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeGeneric } from "../../../src/netlink/codec/generic.js";
import { connect } from "../../../src/netlink/connection.js";
import { resolveFamily } from "../../../src/netlink/resolve-family.js";
import { errorReply, hex, message, toHex } from "../../support/bytes.js";
import { FakeSocket } from "../../support/fake-socket.js";

test("a family is requested by name", async () => {
  const reply = hex("01020000 09000200 54455354 00000000 06000100 1c000000 08000300 01000000");
  const socket = new FakeSocket(([to]) => (to ? [message(16, to.sequence, reply), errorReply(to, 0)] : []));
  assert.equal(await resolveFamily(connect(socket), "TEST"), 0x1c);
  assert.equal(
    toHex(socket.sent[0] ?? hex("")),
    "200000001000050001000000000000000301000009000200544553540000000000".slice(0, 64),
  );
});

test("an unknown family, a reply without an id, no reply", async () => {
  const refused = new FakeSocket(([to]) => (to ? [errorReply(to, 2)] : []));
  await assert.rejects(resolveFamily(connect(refused), "TEST"), { code: "ENOENT" });
  for (const reply of ["01020000", "0102"]) {
    const odd = new FakeSocket(([to]) => (to ? [message(16, to.sequence, hex(reply)), errorReply(to, 0)] : []));
    await assert.rejects(resolveFamily(connect(odd), "TEST"), { code: "EBADMSG" });
  }
  const silent = new FakeSocket(([to]) => (to ? [errorReply(to, 0)] : []));
  await assert.rejects(resolveFamily(connect(silent), "TEST"), { code: "EBADMSG" });
});

test("many payloads do not overwrite each other", () => {
  const first = encodeGeneric(1, 1);
  for (let index = 0; index < 50_000; index++) encodeGeneric(2, 2);
  assert.equal(toHex(first), "01010000");
});
