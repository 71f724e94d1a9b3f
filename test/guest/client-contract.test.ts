/** The contract of a client on the real kernel, for which the fake one of the unit tests stands. Runs in the guest. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, test } from "node:test";
import { nodePlatform } from "../../src/host/node-platform.js";
import { openKernel } from "../../src/host/open-kernel.js";
import { systemHost } from "../../src/host/system-host.js";
import { declareContract } from "../support/client-contract.js";

before(() => {
  for (const line of ["link add eth0 type dummy", "address add 10.9.9.1/24 dev eth0", "link set eth0 up"]) {
    execFileSync("/sbin/ip", line.split(" "));
  }
});

declareContract(() => openKernel(nodePlatform, { loadModule: true }));

test("the addresses of an interface, also of one that is down", async () => {
  execFileSync("/sbin/modprobe", ["ipv6"]);
  for (const line of [
    "link add kube-ipvs0 type dummy",
    "address add 10.96.0.1/32 dev kube-ipvs0",
    "address add 10.0.0.1 peer 10.0.0.2/32 dev kube-ipvs0",
    "address add 2001:db8:0::a/128 dev kube-ipvs0",
  ]) {
    execFileSync("/sbin/ip", line.split(" "));
  }
  const host = systemHost(nodePlatform);
  const addresses = await host.interfaceAddresses("kube-ipvs0");
  assert.deepEqual([...addresses].sort(), ["10.0.0.1", "10.96.0.1", "2001:db8::a"]);
  assert.deepEqual(await host.interfaceAddresses("kube-ipvs"), []);
});
