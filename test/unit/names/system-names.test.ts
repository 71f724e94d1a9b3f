import assert from "node:assert/strict";
import { test } from "node:test";
import { systemNames } from "../../../src/names/system-names.js";

test("the services database is read once, when it is first needed", () => {
  const read: string[] = [];
  const names = systemNames((path) => {
    read.push(path);
    return "http 80/tcp\n";
  });
  assert.deepEqual(read, []);
  assert.equal(names.servicePort("http", "tcp"), 80);
  assert.equal(names.serviceName(80, "tcp"), "http");
  assert.equal(names.serviceName(80, "udp"), undefined);
  assert.deepEqual(read, ["/etc/services"]);
});

test("hosts come from the system, numbers never", async () => {
  const names = systemNames(() => "");
  assert.equal(await names.hostAddress("localhost"), "127.0.0.1");
  for (const name of ["", "1.2.3.256", "08.1", "::1", "a b", "\0", "x".repeat(300)])
    assert.equal(await names.hostAddress(name), undefined, name);
  assert.equal(await names.hostName("127.0.0.1", "inet"), "localhost");
});
