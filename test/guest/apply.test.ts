/** Plans on a real kernel: the tables on the way, refusals, ends by force, and other programs. Runs in the guest. */
// needs: executable
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { renderDocument } from "ipvsadm";
import { nodePlatform } from "../../src/host/node-platform.js";
import { openKernel } from "../../src/host/open-kernel.js";
import { systemHost } from "../../src/host/system-host.js";
import type { IpvsClient } from "../../src/ipvs/client.js";
import { readState, readTable } from "../../src/ipvs/read-table.js";
import type { Change } from "../../src/model/change.js";
import type { DesiredService, DesiredState } from "../../src/model/desired.js";
import { runsAs } from "../../src/model/equality.js";
import { sortTable } from "../../src/model/order.js";
import { isEmpty, makePlan } from "../../src/plan/plan.js";
import { prepareDesired } from "../../src/transaction/prepare.js";
import { runTransaction } from "../../src/transaction/transaction.js";
import { UndoStore } from "../../src/transaction/undo-store.js";
import { markService, server, service } from "../support/entries.js";
import { fromRoot } from "../support/paths.js";
import { Random } from "../support/random.js";
import { Promises, randomPair } from "../support/table-pairs.js";
import { desiredStateOf, saveDesiredState } from "../support/texts.js";

const firstSeed = Number(process.env.PLAN_SEED ?? 1);
const pairs = Number(process.env.PLAN_PAIRS ?? 300);

const whole = ["services", "timeouts", "daemons"] as const;

/** The programs of both runtimes. */
const programs = [
  ["node", fromRoot("test/lab/bin/ipvsadm")],
  ["the executable", fromRoot("dist/standalone/ipvsadm")],
] as const;

const work = mkdtempSync("/run/apply.");
const undoFolder = `${work}/undo`;
let client: IpvsClient;

const ip = (line: string) => execFileSync("/sbin/ip", line.split(" "));

before(async () => {
  execFileSync("/sbin/modprobe", ["ipv6"]);
  for (const line of ["link add eth0 type dummy", "address add 10.9.9.1/24 dev eth0", "link set eth0 up"]) ip(line);
  client = await openKernel(nodePlatform, { loadModule: true });
});
afterEach(async () => {
  for (const run of [...running]) await run.kill("SIGKILL");
  await become({ services: [], daemons: [] });
  rmSync(undoFolder, { recursive: true, force: true });
});
after(() => client.close());

/** Makes the table what is wanted, without more ado. */
async function become(wanted: DesiredState): Promise<void> {
  const { phases } = makePlan(await readState(client, whole), wanted);
  const outcomes = await client.change(phases.flat().map(({ change }) => change));
  assert.deepEqual(
    outcomes.filter((outcome) => outcome !== undefined),
    [],
  );
}

/** The whole table as one text, daemons with all that the kernel has completed. */
async function tableText(): Promise<string> {
  return textOf(await readState(client, whole));
}

function textOf({ services = [], ...rest }: DesiredState): string {
  const sorted = sortTable(services);
  return saveDesiredState({ ...rest, services: sorted });
}

const running = new Set<Run>();

/** A run of a program on the table, with undo in the folder of the tests. */
class Run {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = "";
  stderr = "";
  readonly #ended: Promise<unknown[]>;

  constructor(program: string, args: readonly string[], input: string | DesiredState = "") {
    this.child = spawn(program, args);
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.child.stdin.on("error", () => {});
    this.child.stdin.end(typeof input === "string" ? input : renderDocument(input));
    this.#ended = once(this.child, "close");
    running.add(this);
  }

  /** Its exit status, or the signal that ended it. */
  async end(): Promise<number | string> {
    const [status, signal] = await this.#ended;
    running.delete(this);
    return (status ?? signal) as number | string;
  }

  async kill(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    return this.end();
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

/** An apply at the lowest priority: on the guest's one processor, a test that looks at the table sees each state on the way. */
function slowApply(program: string, desired: DesiredState): Run {
  const args = ["-n", "19", program, "apply", "--undo-folder", undoFolder, "--max-delete", "100%"];
  return new Run("/usr/bin/nice", args, desired);
}

function apply(program: string, desired: string | DesiredState, ...options: string[]): Run {
  return new Run(program, ["apply", "--undo-folder", undoFolder, "--max-delete", "100%", ...options], desired);
}

/** Ends with a status, and what it wrote to standard error. */
async function endsWith(run: Run, status: number, error: RegExp): Promise<void> {
  assert.equal(await run.end(), status, run.stderr);
  assert.match(run.stderr, error);
}

const mark = (fwmark: number, settings: Parameters<typeof markService>[1] = {}) =>
  markService({ family: "inet", fwmark }, { scheduler: "rr", ...settings });
const web = service({ scheduler: "rr" });
const one = server({ address: "10.9.9.11" });
const two = server({ address: "10.9.9.12" });

async function checkPair(seed: number): Promise<number> {
  const { before, after, desired } = randomPair(new Random(seed));
  await become(desiredStateOf(before));
  const promises = new Promises(before.services, after.services);
  const parts = whole.filter((part) => desired[part] !== undefined);
  const plan = makePlan(await readState(client, parts), desired);
  const changes = plan.phases.flat();
  for (const { change, path } of changes) {
    const [refusal] = await client.change([change]);
    assert.equal(refusal, undefined, `${path}: ${change.command}: ${refusal?.message}`);
    promises.check(await readTable(client));
  }
  const { services = [], timeouts, daemons = [] } = await readState(client, whole);
  const { daemons: _, ...expected } = desiredStateOf(after);
  assert.equal(textOf({ services, ...(timeouts && { timeouts }) }), textOf(expected));
  assert.equal(daemons.length, after.daemons.length);
  for (const wanted of after.daemons) assert.ok(daemons.some((daemon) => runsAs(daemon, wanted)));
  assert.ok(isEmpty(makePlan(await readState(client, parts), desired)), "a second plan is not empty");
  return changes.length;
}

test(`${pairs} random tables become others change by change, and clients are served on the way`, async () => {
  let changes = 0;
  for (let seed = firstSeed; seed < firstSeed + pairs; seed++) {
    try {
      changes += await checkPair(seed);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`PLAN_SEED=${seed} PLAN_PAIRS=1: ${reason}`, { cause: error });
    }
  }
  assert.ok(changes > 5 * pairs, `${changes} changes`);
});

for (const [name, program] of programs) {
  test(`${name}: where a scheduler's module is missing, nothing is changed`, async () => {
    await become({ services: [{ service: web, destinations: [one] }] });
    const old = await tableText();
    const desired: DesiredState = {
      services: [
        { service: web, destinations: [two] },
        { service: mark(1, { scheduler: "nq" }), destinations: [one] },
        { service: mark(2, { scheduler: "absent" }), destinations: [one] },
      ],
    };
    await endsWith(
      apply(program, desired),
      3,
      /services\[2\]: Scheduler or persistence engine not found\n {2}.*modprobe ip_vs_absent\nthe table is as it was before\n$/,
    );
    assert.equal(await tableText(), old);
    assert.equal(await new Run(program, ["undo", "--undo-folder", undoFolder]).end(), 3);
  });

  test(`${name}: a running daemon refuses a server of another family, and everything goes back`, async () => {
    const daemon = { state: "master", interface: "eth0", syncId: 1 } as const;
    await become({ services: [{ service: web, destinations: [one] }], daemons: [daemon] });
    const old = await tableText();
    const foreign = server({ family: "inet6", address: "2001:db8::11", forward: "tunnel" });
    const desired: DesiredState = {
      services: [
        { service: mark(1), destinations: [two] },
        { service: web, destinations: [{ ...one, weight: 5 }, foreign] },
      ],
    };
    await endsWith(
      apply(program, desired),
      3,
      /services\[1\]\.destinations\[1\]: .*\n {2}.*sync daemon.*\nthe table is as it was before\n$/,
    );
    assert.equal(await tableText(), old);
  });
}

/** A client that makes a change of somebody else before its changes with a number. */
function meddled(number: number, change: Change): IpvsClient {
  let calls = 0;
  return new Proxy(client, {
    get(target, name) {
      if (name !== "change") {
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (changes: readonly Change[]) => {
        if (++calls === number) assert.deepEqual(await target.change([change]), [undefined]);
        return target.change(changes);
      };
    },
  });
}

test("a second writer who takes a service away between two phases is undone, too", async () => {
  const table = { services: [{ service: web, destinations: [one] }] };
  const wanted = {
    services: [
      { service: web, destinations: [two] },
      { service: mark(1), destinations: [one] },
    ],
  };
  await become(table);
  const old = await tableText();
  const store = await UndoStore.open(systemHost(nodePlatform), undoFolder);
  const options = { command: "apply", store, now: new Date() };
  const { plan } = await prepareDesired(client, wanted);
  assert.equal(plan.phases.length, 3);
  const gone = await runTransaction(plan, meddled(2, { command: "delete-service", service: web }), options);
  assert.equal(gone.outcome, "undone");
  assert.equal(gone.refusals[0]?.error.code, "ESRCH");
  assert.equal(await tableText(), old);

  // Who does not get in the way is noticed at the end.
  const weight = { command: "edit-destination", service: web, destination: { ...two, weight: 9 } } as const;
  const moved = await runTransaction(plan, meddled(3, weight), options);
  assert.equal(moved.outcome, "changed");
  assert.deepEqual(
    moved.remaining.map(({ path }) => path),
    ["services[0].destinations[0]"],
  );
});

/**
 * Two big tables: one service of ten goes, and one comes; in those that stay every weight is another one, and one of ten has
 * one more server. The kernel keeps deleted servers for a minute and looks through them at each addition, so few are.
 */
function bigTables(count = 400): { readonly old: DesiredService[]; readonly next: DesiredService[] } {
  const tenth = count / 10;
  const list = (first: number, weight: number, more: number) =>
    Array.from({ length: count }, (_, index) => ({
      service: mark(first + index),
      destinations: Array.from({ length: 5 + (index % 10 === 0 ? more : 0) }, (_, host) =>
        server({ address: `10.9.9.${10 + host}`, weight }),
      ),
    }));
  return { old: list(1, 1, 0), next: list(1 + tenth, 2, 1) };
}

/** Waits until a run from a table of so many marks shows in the table. */
async function begins(run: Run, count = 400): Promise<void> {
  // A mark of the new table only, and so one of those that an apply adds first.
  const newMark = mark(count + 1);
  while (run.isRunning && (await client.destinations(newMark)).length === 0) await sleep(1);
  assert.ok(run.isRunning, `it ended too soon: ${run.stdout}${run.stderr}`);
}

test("an apply that is killed leaves a table between the old and the new one, and undo brings the old one back", async () => {
  const random = new Random(firstSeed);
  const { old, next } = bigTables();
  const promises = new Promises(old, next);
  await become({ services: old });
  const oldText = await tableText();
  const newText = textOf({ ...(await readState(client, whole)), services: next });
  let between = 0;
  for (const [name, program] of programs) {
    for (let round = 0; round < 2; round++) {
      const run = slowApply(program, { services: next });
      await begins(run);
      // The first is killed at once, and so on the way for certain.
      if (round > 0) await sleep(random.between(0, 60));
      await run.kill("SIGKILL");
      promises.check(await readTable(client));
      const text = await tableText();
      if (text !== oldText && text !== newText) between++;
      const undo = new Run(program, ["undo", "--undo-folder", undoFolder]);
      assert.equal(await undo.end(), 0, `${name}: ${undo.stderr}`);
      assert.equal(await tableText(), oldText, name);
      rmSync(undoFolder, { recursive: true });
    }
  }
  assert.ok(between >= programs.length, `${between} were killed on the way`);
});

for (const [name, program] of programs) {
  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${name}: ${signal} on the way takes back what was done`, async () => {
      // The changes that are on their way are finished, so there have to be some thousand more.
      const { old, next } = bigTables(1000);
      await become({ services: old });
      const oldText = await tableText();
      const run = slowApply(program, { services: next });
      await begins(run, 1000);
      assert.equal(await run.kill(signal), status, run.stdout + run.stderr);
      assert.match(run.stderr, new RegExp(`interrupted by ${signal}`));
      assert.equal(await tableText(), oldText);
    });
  }
}

test("a recorded plan is not carried out on a table that moved", async () => {
  const desired = { services: [{ service: web, destinations: [one, two] }] };
  await become({ services: [{ service: web, destinations: [one] }] });
  for (const [name, program] of programs) {
    const diff = new Run(program, ["diff", "--json"], desired);
    assert.equal(await diff.end(), 1, name);
    const plan = `${work}/plan`;
    writeFileSync(plan, diff.stdout);
    await become({ services: [{ service: web, destinations: [{ ...one, weight: 7 }] }] });
    const old = await tableText();
    await endsWith(apply(program, "", "--plan", plan), 6, /the table is not the one that the plan was made from/);
    assert.equal(await tableText(), old);
    await become({ services: [{ service: web, destinations: [one] }] });
    assert.equal(await apply(program, "", "--plan", plan).end(), 0, name);
    assert.deepEqual((await client.destinations(web)).length, 2);
    await become({ services: [{ service: web, destinations: [one] }] });
  }
});

test("services on the addresses of kube-proxy's interface are left alone", async () => {
  ip("link add kube-ipvs0 type dummy");
  ip("address add 10.96.0.1/32 dev kube-ipvs0");
  ip("address add 2001:db8::a/128 dev kube-ipvs0");
  const kube: DesiredService[] = [
    { service: service({ address: "10.96.0.1", port: 443, scheduler: "rr" }), destinations: [one, two] },
    {
      service: service({ family: "inet6", address: "2001:db8::a", port: 443, scheduler: "rr", netmask: 128 }),
      destinations: [server({ family: "inet6", address: "2001:db8::11", port: 6443 })],
    },
  ];
  const ours = { service: web, destinations: [one] };
  for (const [name, program] of programs) {
    await become({ services: [...kube, ours] });
    // Neither what is missing nor what is there otherwise is touched.
    const other = { service: service({ address: "10.96.0.1", port: 443, scheduler: "wlc" }), destinations: [] };
    for (const services of [[{ service: web, destinations: [two] }], [other, ours], [other]]) {
      const run = apply(program, { services }, "--ignore", "if:kube-ipvs0");
      assert.equal(await run.end(), 0, `${name}: ${run.stderr}`);
      const wanted = [...kube, ...services.filter((each) => each !== other)];
      assert.ok(isEmpty(makePlan(await readState(client, ["services"]), { services: wanted })), name);
    }
  }
});

test("of two applies at once, one waits or says who holds the lock", async () => {
  const { old, next } = bigTables();
  await become({ services: old });
  for (const [name, program] of programs) {
    const first = slowApply(program, { services: next });
    await begins(first);
    first.child.kill("SIGSTOP");
    const waiting = apply(program, { services: old }, "--wait", "60");
    await endsWith(apply(program, { services: [] }), 3, new RegExp(`'ipvsadm apply' \\(process ${first.child.pid}\\)`));
    await sleep(1000);
    assert.ok(waiting.isRunning, name);
    assert.ok((await client.destinations(mark(401))).length > 0, name);
    first.child.kill("SIGCONT");
    assert.equal(await first.end(), 0, `${name}: ${first.stderr}`);
    assert.equal(await waiting.end(), 0, `${name}: ${waiting.stderr}`);
    assert.match(waiting.stdout, /changes made/);
    assert.ok(isEmpty(makePlan(await readState(client, ["services"]), { services: old })), name);
  }
});
