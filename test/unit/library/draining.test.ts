import assert from "node:assert/strict";
import { test } from "node:test";
import { drain, type Ipvs, rampWeights, type ServerSelector, undrain } from "../../../src/index.js";

test("a service that is undefined is not every service", async () => {
  const untouched = {} as Ipvs;
  const selector = { service: undefined, server: "10.0.0.1" } as unknown as ServerSelector;
  const calls = [
    () => drain(untouched, selector),
    () => undrain(untouched, selector),
    () => rampWeights(untouched, selector, { over: 5 }),
  ];
  for (const call of calls) {
    await assert.rejects(call(), { message: "service is undefined; leave it out for the servers of every service" });
  }
});
