import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessages, NLMSG_DONE, NLMSG_ERROR } from "../../../src/netlink/codec/message.js";
import { decodeDone, decodeError } from "../../../src/netlink/codec/refusal.js";
import { hex, message } from "../../support/bytes.js";

const CAPPED = 0x100;
const TLVS = 0x200;

/** Of a request of 19 bytes, whose padding the kernel keeps. */
const request = "13000000 1c000500 01000000 00000000 010203 00";
const header = request.slice(0, 36);
/** "too short" and the offset 16. */
const explanation = "0e000100 746f6f2073686f727400 0000 08000200 10000000";
const eperm = "ffffffff";

function decode(type: number, digits: string, flags: number) {
  const [decoded] = decodeMessages(message(type, 1, hex(digits), flags));
  assert.ok(decoded);
  return type === NLMSG_DONE ? decodeDone(decoded) : decodeError(decoded);
}

function check(type: number, digits: string, flags: number, expected: object): void {
  const { errno, code, kernelMessage, offset } = decode(type, digits, flags) ?? {};
  assert.deepEqual({ errno, code, kernelMessage, offset }, { errno: 1, code: "EPERM", ...expected });
}

const explained = { kernelMessage: "too short", offset: 16 };
const unexplained = { kernelMessage: undefined, offset: undefined };

test("the explanation follows the request, or its header", () => {
  check(NLMSG_ERROR, `${eperm}${request}${explanation}`, TLVS, explained);
  check(NLMSG_ERROR, `${eperm}${header}${explanation}`, TLVS | CAPPED, explained);
  assert.match(String(decode(NLMSG_ERROR, `${eperm}${header}${explanation}`, TLVS | CAPPED)), /permitted: too short$/);
});

test("a partial explanation, and one with an unknown attribute", () => {
  check(NLMSG_ERROR, `${eperm}${header} 08000200 10000000`, TLVS | CAPPED, { ...unexplained, offset: 16 });
  check(NLMSG_ERROR, `${eperm}${header} 08000500 10000000 ${explanation}`, TLVS | CAPPED, explained);
});

test("the end of a dump may be an explained refusal", () => {
  check(NLMSG_DONE, `${eperm}${explanation}`, TLVS, explained);
  check(NLMSG_DONE, eperm, 0, unexplained);
  assert.equal(decode(NLMSG_DONE, "00000000", 0), undefined);
  assert.equal(decode(NLMSG_DONE, "", 0), undefined);
});

for (const [name, digits, flags] of [
  ["without the flag", `${eperm}${request}${explanation}`, 0],
  ["with the flag only", `${eperm}${request}`, TLVS],
  ["without a request", eperm, TLVS],
  ["with half a header", `${eperm}${header.slice(0, 9)}`, TLVS],
  ["with a request that is longer than the message", `${eperm}ff${header.slice(2)}`, TLVS],
  ["with a malformed explanation", `${eperm}${header} ff000100 746f6f00`, TLVS | CAPPED],
] as const) {
  test(`an errno counts ${name}`, () => check(NLMSG_ERROR, digits, flags, unexplained));
}

test("an acknowledgement is not a refusal, and a message without an errno is malformed", () => {
  assert.equal(decode(NLMSG_ERROR, `00000000${header}`, CAPPED), undefined);
  assert.throws(() => decode(NLMSG_ERROR, "0000", 0), { code: "EBADMSG" });
  assert.throws(() => decode(NLMSG_ERROR, "01000000", 0), { code: "EBADMSG" });
});
