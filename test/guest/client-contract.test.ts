/** The contract of a client on the real kernel, for which the fake one of the unit tests stands. Runs in the guest. */
import { execFileSync } from "node:child_process";
import { before } from "node:test";
import { nodePlatform } from "../../src/host/node-platform.js";
import { openKernel } from "../../src/host/open-kernel.js";
import { declareContract } from "../support/client-contract.js";

before(() => {
  for (const line of ["link add eth0 type dummy", "address add 10.9.9.1/24 dev eth0", "link set eth0 up"]) {
    execFileSync("/sbin/ip", line.split(" "));
  }
});

declareContract(() => openKernel(nodePlatform, { loadModule: true }));
