import assert from "node:assert/strict";
import { test } from "node:test";
import { runVerb } from "../../../src/commands/run.js";
import { type FakeHostOptions, makeHost } from "../../support/fake-host.js";
import { FakeKernel, type FakeKernelOptions } from "../../support/fake-kernel.js";
import { FakeState } from "../../support/fake-state.js";

const web = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
const one = { family: "inet", address: "10.0.0.1", port: 80 } as const;
const two = { family: "inet", address: "10.0.0.2", port: 80 } as const;

function documentWith(...services: readonly object[]): string {
  return JSON.stringify({ ipvs: { schema: 1 }, services });
}

/** A director: a kernel, and the state that commands keep. */
class Director {
  readonly kernel: FakeKernel;
  readonly state = new FakeState();

  constructor(options: FakeKernelOptions = {}) {
    this.kernel = new FakeKernel(options);
  }

  async run(line: string, options: FakeHostOptions = {}) {
    const host = makeHost({ state: this.state, openKernel: async () => this.kernel, ...options });
    const status = await runVerb(line.split(" "), host);
    return { status, output: host.output, error: host.error, questions: host.questions };
  }

  /** The table in few words: `192.0.2.10:80 wlc: 10.0.0.1 x1, 10.0.0.2 x3`. */
  table(): string[] {
    return this.kernel
      .entries()
      .map(({ service, destinations }) => {
        const name = "address" in service ? `${service.address}:${service.port}` : `fwmark ${service.fwmark}`;
        const servers = destinations.map(({ address, weight }) => `${address} x${weight}`).sort();
        return `${name} ${service.scheduler}: ${servers.join(", ")}`;
      })
      .sort();
  }
}

const both = documentWith({ ...web, scheduler: "rr", destinations: [one, { ...two, weight: 3 }] });
const first = documentWith({ ...web, scheduler: "rr", destinations: [one] });

test("diff prints what apply would do, and apply does it", async () => {
  const director = new Director();
  const { status, output } = await director.run("diff", { stdin: [both] });
  assert.equal(status, 1);
  assert.deepEqual(output.split("\n"), [
    "+ service tcp 192.0.2.10:80 scheduler=rr",
    "+ server 10.0.0.1:80 of tcp 192.0.2.10:80",
    "+ server 10.0.0.2:80 of tcp 192.0.2.10:80 weight=3",
    "3 to add, 0 to change, 0 to delete",
    "",
  ]);
  const applied = await director.run("apply", { stdin: [both] });
  assert.equal(applied.error, "");
  assert.equal(applied.status, 0);
  assert.match(applied.output, /^3 changes made; to take them back: ipvsadm undo 20261122T182400\.000Z-apply\n$/);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1, 10.0.0.2 x3"]);
  assert.deepEqual(await director.run("diff", { stdin: [both] }), {
    status: 0,
    output: "nothing to change\n",
    error: "",
    questions: [],
  });
});

test("undo takes back what apply did, and an undo of that brings it back", async () => {
  const director = new Director();
  await director.run("apply", { stdin: [first] });
  await director.run("apply", { stdin: [both] });
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1"]);
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1, 10.0.0.2 x3"]);
  const { output } = await director.run("undo --list");
  assert.equal(output.split("\n").length, 5);
});

test("a refusal takes everything back", async () => {
  const director = new Director({ schedulers: ["rr", "wlc"] });
  await director.run("apply", { stdin: [first] });
  const stdin = [documentWith({ ...web, scheduler: "rr", destinations: [two] }, { ...web, port: 81, scheduler: "mh" })];
  const { status, error } = await director.run("apply", { stdin });
  assert.equal(status, 3);
  assert.match(error, /services\[1\]: Scheduler or persistence engine not found\nthe table is as it was before\n$/);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1"]);
});

test("set changes one field and leaves the others", async () => {
  const director = new Director();
  const server = { ...one, weight: 4, upper_threshold: 100, lower_threshold: 50 };
  await director.run("apply", { stdin: [documentWith({ ...web, scheduler: "rr", destinations: [server, two] })] });
  const { status, error } = await director.run("set -t 192.0.2.10:80 -r 10.0.0.1:80 weight=50%");
  assert.equal(error, "");
  assert.equal(status, 0);
  const [entry] = director.kernel.entries();
  const changed = entry?.destinations.find(({ address }) => address === one.address);
  assert.deepEqual(
    [changed?.weight, changed?.upperThreshold, changed?.lowerThreshold, changed?.forward],
    [2, 100, 50, "route"],
  );
});

test("flush asks, and does nothing without an answer", async () => {
  const director = new Director();
  await director.run("apply", { stdin: [both] });
  const unasked = await director.run("flush");
  assert.equal(unasked.status, 2);
  assert.match(unasked.error, /--yes/);
  const refused = await director.run("flush", { answers: [false] });
  assert.deepEqual(refused.questions, ["Delete 1 service with 2 servers and 0 active connections?"]);
  assert.equal(refused.status, 1);
  assert.equal(director.table().length, 1);
  assert.equal((await director.run("flush --yes")).status, 0);
  assert.deepEqual(director.table(), []);
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1, 10.0.0.2 x3"]);
});
