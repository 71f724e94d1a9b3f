import assert from "node:assert/strict";
import { test } from "node:test";
import { runRestore, runSave } from "../../../../src/classic/run/scripts.js";
import type { Change } from "../../../../src/model/change.js";
import { makeHost } from "../../../support/fake-host.js";
import { FakeKernel } from "../../../support/fake-kernel.js";
import { Random } from "../../../support/random.js";
import { randomPair } from "../../../support/random-pair.js";
import { saveDesiredState } from "../../../support/texts.js";

class Director {
  readonly changes: Change[] = [];
  readonly kernel = new FakeKernel({ afterChange: (change) => this.changes.push(change) });

  async restore(document: string): Promise<{ status: number; error: string }> {
    const host = makeHost({ stdin: [document], openKernel: async () => this.kernel });
    return { status: await runRestore([], host), error: host.error };
  }

  async save(): Promise<string> {
    const host = makeHost({ openKernel: async () => this.kernel });
    assert.equal(await runSave(["--json"], host), 0, host.error);
    return host.output;
  }
}

test("a document that is restored over another table is what is saved then", async () => {
  for (let seed = 0; seed < 300; seed++) {
    const { before, after } = randomPair(new Random(seed));
    const director = new Director();
    assert.deepEqual(await director.restore(saveDesiredState(before)), { status: 0, error: "" }, `seed ${seed}`);
    assert.deepEqual(await director.restore(saveDesiredState(after)), { status: 0, error: "" }, `seed ${seed}`);
    const { services, timeouts } = JSON.parse(await director.save());
    const wanted = JSON.parse(saveDesiredState(after));
    assert.deepEqual(sorted(services), sorted(wanted.services), `seed ${seed}`);
    assert.deepEqual(timeouts, wanted.timeouts, `seed ${seed}`);
  }
});

interface Entry {
  readonly destinations?: readonly unknown[];
}

function sorted(services: readonly Entry[]): string[] {
  return services.map((one) => JSON.stringify({ ...one, destinations: one.destinations?.map(text).sort() })).sort();
}

const text = (value: unknown) => JSON.stringify(value);

test("restoring what is there already changes nothing", async () => {
  const { before } = randomPair(new Random(7));
  const director = new Director();
  await director.restore(saveDesiredState(before));
  const saved = await director.save();
  director.changes.length = 0;
  assert.deepEqual(await director.restore(saved), { status: 0, error: "" });
  assert.deepEqual(director.changes, []);
});

test("services and servers that stay are never deleted", async () => {
  const director = new Director();
  const server = (address: string, weight: number) => ({ family: "inet", address, port: 80, forward: "masq", weight });
  const document = (...destinations: object[]) =>
    JSON.stringify({
      ipvs: { schema: 1 },
      services: [{ family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80, destinations }],
    });
  await director.restore(document(server("10.0.0.2", 1), server("10.0.0.3", 1)));
  director.changes.length = 0;
  await director.restore(document(server("10.0.0.2", 5), server("10.0.0.4", 1)));
  assert.deepEqual(
    director.changes.map(({ command }) => command),
    ["add-destination", "edit-destination", "delete-destination"],
  );
});
