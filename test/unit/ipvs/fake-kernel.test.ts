import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../../src/model/change.js";
import { errorCode } from "../../../src/platform/errno.js";
import { declareContract } from "../../support/client-contract.js";
import { service } from "../../support/entries.js";
import { FakeKernel } from "../../support/fake-kernel.js";

const kernel = new FakeKernel();
declareContract(async () => kernel);

const first: Change = { command: "add-service", service: service() };
const second: Change = { command: "add-service", service: service({ port: 81 }) };

test("a test can refuse any change, by its number", async () => {
  const refusing = new FakeKernel({ refuse: (_, number) => (number === 2 ? "ENOMEM" : undefined) });
  const outcomes = [...(await refusing.change([first, second])), ...(await refusing.change([second]))];
  assert.deepEqual(
    outcomes.map((refusal) => refusal && errorCode(refusal.errno)),
    [undefined, "ENOMEM", undefined],
  );
});

test("a test is called after each change, and can make changes of its own", async () => {
  const seen: unknown[] = [];
  const watched: FakeKernel = new FakeKernel({
    afterChange: (change, refusal) => {
      seen.push([change.command, refusal]);
      assert.equal(watched.changeAside(second), seen.length === 1 ? undefined : "EEXIST");
    },
  });
  assert.equal((await watched.change([first, second]))[1]?.message, "Service already exists");
  assert.deepEqual(seen, [
    ["add-service", undefined],
    ["add-service", "EEXIST"],
  ]);
});
