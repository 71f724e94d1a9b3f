import assert from "node:assert/strict";
import { constants } from "node:os";
import { test } from "node:test";
import { type ErrorCode, errnoOf, errorCode, strerror } from "../../../src/platform/errno.js";

/** Second names of EAGAIN and EOPNOTSUPP. */
const aliases = new Set(["EWOULDBLOCK", "ENOTSUP"]);

test("names and numbers are those of the system", () => {
  const known = Object.entries(constants.errno).filter(([code]) => !aliases.has(code));
  assert.ok(known.length > 70);
  for (const [code, number] of known) {
    assert.equal(errnoOf(code as ErrorCode), number);
    assert.equal(errorCode(number), code);
  }
});

test("texts are strerror's", () => {
  assert.equal(strerror(errnoOf("EHWPOISON")), "Memory page has hardware error");
  for (const unknown of [0, 41, 58, 4000]) {
    assert.equal(strerror(unknown), `Unknown error ${unknown}`);
    assert.equal(errorCode(unknown), `E${unknown}`);
  }
});
