import assert from "node:assert/strict";
import { test } from "node:test";
import { IpvsError, type Operation } from "../../../src/ipvs/ipvs-error.js";
import { type ErrorCode, errnoOf } from "../../../src/platform/errno.js";

const rows: [Operation, ErrorCode, string][] = [
  ["add service", "EEXIST", "Service already exists"],
  ["add service", "ENOENT", "Scheduler or persistence engine not found"],
  ["edit service", "ESRCH", "No such service"],
  ["edit service", "ENOENT", "Scheduler or persistence engine not found"],
  ["delete service", "ESRCH", "No such service"],
  ["zero", "ESRCH", "No such service"],
  ["get service", "ESRCH", "No such service"],
  ["get services", "ESRCH", "No such service"],
  ["get destinations", "ESRCH", "No such service"],
  ["add destination", "ESRCH", "Service not defined"],
  ["add destination", "EEXIST", "Destination already exists"],
  ["edit destination", "ESRCH", "Service not defined"],
  ["edit destination", "ENOENT", "No such destination"],
  ["delete destination", "ESRCH", "Service not defined"],
  ["delete destination", "ENOENT", "No such destination"],
  ["start daemon", "EEXIST", "Daemon has already run"],
  ["stop daemon", "ESRCH", "No daemon is running"],
  ["flush", "EPERM", "Permission denied (you must be root)"],
  ["zero", "EINVAL", "Invalid operation.  Possibly wrong module version, address not unicast, ..."],
  ["initialize", "ENOPROTOOPT", "Protocol not available"],
  ["add service", "ENOMEM", "Memory allocation problem"],
  ["add service", "EOPNOTSUPP", "Operation not supported with IPv6"],
  ["add service", "EAFNOSUPPORT", "Operation not supported with specified address family"],
  ["add service", "EMSGSIZE", "Module is wrong version"],
  ["add destination", "ERANGE", "Numerical result out of range"],
  ["start daemon", "ENODEV", "No such device"],
  ["flush", "EEXIST", "File exists"],
  ["flush", "ESRCH", "No such process"],
];

for (const [operation, code, sentence] of rows) {
  test(`${operation}, ${code}: ${sentence}`, () => {
    const error = new IpvsError(operation, errnoOf(code));
    assert.equal(error.message, sentence);
    assert.equal(error.errno, errnoOf(code));
  });
}

test("an unknown errno", () => {
  assert.equal(new IpvsError("flush", 4000).message, "Unknown error 4000");
});
