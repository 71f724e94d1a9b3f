import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeHosts } from "../../../src/names/node-hosts.js";
import { systemNames } from "../../../src/names/system-names.js";

const noHosts = () => Promise.reject(new Error("not needed"));

test("the services database is read once, when it is first needed", () => {
  const read: string[] = [];
  const names = systemNames(noHosts, (path) => {
    read.push(path);
    return "http 80/tcp\n";
  });
  assert.deepEqual(read, []);
  assert.equal(names.servicePort("http", "tcp"), 80);
  assert.equal(names.serviceName(80, "tcp"), "http");
  assert.equal(names.serviceName(80, "udp"), undefined);
  assert.deepEqual(read, ["/etc/services"]);
});

test("what knows hosts is loaded with the first question", async () => {
  let loaded = 0;
  const names = systemNames(
    async () => {
      loaded++;
      return {
        hostAddress: async (name) => `address of ${name}`,
        hostName: async (...of) => `name of ${of.join(" ")}`,
      };
    },
    () => "",
  );
  assert.equal(loaded, 0);
  assert.equal(await names.hostAddress("a"), "address of a");
  assert.equal(await names.hostName("::1", "inet6"), "name of ::1 inet6");
  assert.ok(loaded > 0);
});

test("Node: hosts come from the system, numbers never", async () => {
  assert.equal(await nodeHosts.hostAddress("localhost"), "127.0.0.1");
  for (const name of [
    "",
    "1",
    "1.2.3.256",
    "08.1",
    "::1",
    "a::",
    "a b",
    "\0",
    "x".repeat(300),
    "*",
    ".",
    "caf\xc3\xa9",
  ])
    assert.equal(await nodeHosts.hostAddress(name), undefined, name);
  assert.equal(await nodeHosts.hostName("127.0.0.1", "inet"), "localhost");
});

test("names in the background are those of getent", async () => {
  const { hostNameInBackground } = systemNames(noHosts, () => "");
  assert.equal(await hostNameInBackground("127.0.0.1"), "localhost");
  assert.equal(await hostNameInBackground("0.0.0.0"), undefined);
});
