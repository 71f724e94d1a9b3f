import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { runVerb } from "../../../src/commands/run.js";
import { defaultDestinationSettings } from "../../../src/model/defaults.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { Interrupted } from "../../../src/platform/signals.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { Director } from "../../support/director.js";
import { FakeClock, type FakeHostOptions, makeHost, refusingKernel } from "../../support/fake-host.js";
import type { FakeKernelOptions } from "../../support/fake-kernel.js";
import { fromRoot } from "../../support/paths.js";

const web = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
const one = { family: "inet", address: "10.0.0.1", port: 80 } as const;
const two = { family: "inet", address: "10.0.0.2", port: 80 } as const;

function documentWith(...services: readonly object[]): string {
  return JSON.stringify({ ipvs: { schema: 1 }, services });
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
  assert.deepEqual(output.replace(/^\S+Z-/gm, "").split("\n"), [
    "undo  + server 10.0.0.2:80 of tcp 192.0.2.10:80 weight=3",
    "undo  - server 10.0.0.2:80 of tcp 192.0.2.10:80",
    "apply  + server 10.0.0.2:80 of tcp 192.0.2.10:80 weight=3",
    "apply  + service tcp 192.0.2.10:80 scheduler=rr and 1 more",
    "",
  ]);
});

test("a refusal takes everything back", async () => {
  const director = new Director({ schedulers: ["rr", "wlc"], interfaces: {} });
  await director.run("apply", { stdin: [first] });
  const missing = documentWith({ ...web, scheduler: "rr", destinations: [two] }, { ...web, port: 81, scheduler: "mh" });
  const early = await director.run("apply", { stdin: [missing] });
  assert.equal(early.status, 3);
  assert.match(
    early.error,
    /services\[1\]: Scheduler or persistence engine not found\n {2}.*modprobe ip_vs_mh\nthe table is as it was before\n$/,
  );
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1"]);

  const service = { ...web, scheduler: "wlc", destinations: [{ ...two, weight: 4 }] };
  const late = { ...JSON.parse(documentWith(service)), daemons: [{ state: "master", interface: "eth9" }] };
  const { status, error } = await director.run("apply", { stdin: [JSON.stringify(late)] });
  assert.equal(status, 3);
  assert.match(error, /daemons\[0\]: No such device\n/);
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
  assert.equal((await director.run("flush", { answers: [true] })).status, 0);
  assert.deepEqual(director.table(), []);
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1, 10.0.0.2 x3"]);
});

/** A director whose table has a service with two servers, and the file that says so. */
async function settled(options: FakeKernelOptions = {}) {
  const director = new Director(options);
  assert.equal((await director.run("apply", { stdin: [both] })).status, 0);
  return director;
}

const settledTable = ["192.0.2.10:80 rr: 10.0.0.1 x1, 10.0.0.2 x3"];

/** Runs a line that is refused, and shows that nothing was changed by it. */
async function isRefused(director: Director, line: string, options: FakeHostOptions, status: number, sentence: RegExp) {
  const before = director.table();
  const result = await director.run(line, options);
  assert.match(result.error, sentence);
  assert.equal(result.status, status);
  assert.doesNotMatch(result.error, /\n {4}at /);
  assert.deepEqual(director.table(), before);
}

test("a plan is carried out exactly, and only on the table that it was made from", async () => {
  const director = await settled();
  const { output: plan } = await director.run("diff --json", { stdin: [first] });
  const userFiles = { "/plan.json": plan };
  assert.equal((await director.run("apply --plan /plan.json --dry-run", { userFiles })).status, 0);
  assert.deepEqual(director.table(), settledTable);

  await director.run("set -t 192.0.2.10:80 -r 10.0.0.2 weight=9");
  await isRefused(
    director,
    "apply --plan /plan.json",
    { userFiles },
    6,
    /the table is not the one .*\n.*weight 9 -> 3/,
  );
  await director.run("undo");
  const { status, error } = await director.run("apply --plan /plan.json", { userFiles });
  assert.equal(error, "");
  assert.equal(status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x1"]);
});

test("a plan whose changes were edited, and what is no plan, are refused", async () => {
  const director = await settled();
  const { output: plan } = await director.run("diff --json", { stdin: [first] });
  const edited = JSON.parse(plan);
  edited.changes = [];
  const apply = (text: string, sentence: RegExp) =>
    isRefused(director, "apply --plan /plan.json", { userFiles: { "/plan.json": text } }, 2, sentence);
  await apply(
    JSON.stringify(edited),
    /^ipvsadm apply: \/plan\.json: line 1: changes: do not follow from before and after\n$/,
  );
  await apply(first, /the document is no plan; `ipvsadm diff --json` writes one/);
  await apply(plan.slice(0, 100), /line \d+/);
  const wrong = JSON.parse(plan);
  wrong.before.services[0].destinations[0].weight = -1;
  await apply(
    JSON.stringify(wrong, undefined, 1),
    /: \/plan\.json: line \d\d+: before\.services\[0\]\.destinations\[0\]\.weight: must be an integer/,
  );
});

test("without a file for undo nothing is changed, and the message says so", async () => {
  const director = await settled();
  const before = director.table();
  director.state.refusal = new SystemError(errnoOf("EROFS"));
  const { status, output, error } = await director.run("set --server 10.0.0.1 weight=7");
  assert.deepEqual([status, output], [7, ""]);
  assert.match(error, /\/undo\/.*: Read-only file system\nnothing was changed, since .*; see --undo-folder\n$/);
  assert.deepEqual(director.table(), before);
});

test("a damaged file of undo is named, and nothing is changed", async () => {
  const director = await settled();
  const before = director.table();
  assert.equal((await director.run("set --server 10.0.0.1 weight=7")).status, 0);
  const [[path, files] = ["", new Map<string, string>()]] = [...director.state.folders].filter(([name]) =>
    name.includes("/undo/"),
  );
  const newest = [...files.keys()].sort().at(-1) ?? "";
  files.set(newest, "{");
  const { status, output, error } = await director.run("undo");
  assert.deepEqual([status, output], [2, ""]);
  assert.ok(error.startsWith(`ipvsadm undo: ${path}/${newest}: damaged: line 1, column 2: `), error);
  assert.notDeepEqual(director.table(), before);
  assert.match(
    (await director.run("undo --list")).output,
    /^\S+-set {2}it cannot be read: .*-set\.json: damaged: line 1/,
  );
});

test("what would delete too much is refused", async () => {
  const director = await settled();
  const nothing = { stdin: [documentWith()] };
  await isRefused(
    director,
    "apply",
    nothing,
    3,
    /1 of 1 services would be deleted, .*:\n {2}- service tcp 192.*\nto leave .*--no-prune.*\nto do it anyway, use --max-delete/,
  );
  await isRefused(director, "apply --max-delete 0", nothing, 3, /at most 0 may be/);
  await isRefused(director, "apply --max-delete 101%", nothing, 2, /--max-delete takes a number or a percentage/);
  const emptied = { stdin: [documentWith({ ...web, scheduler: "rr", destinations: [] })] };
  await isRefused(director, "apply", emptied, 3, /tcp 192\.0\.2\.10:80 would lose all of its servers/);
  assert.equal((await director.run("apply --max-delete 1", nothing)).status, 0);
  assert.deepEqual(director.table(), []);
});

test("what costs clients something is reported, or refused", async () => {
  const director = await settled();
  const stdin = [documentWith({ ...web, scheduler: "wrr", destinations: [one, { ...two, weight: 3 }] })];
  await isRefused(
    director,
    "apply --disruption refuse",
    { stdin },
    3,
    /--disruption refuse forbids that:\n.*\n.*refused: the kernel/,
  );
  const { status, error } = await director.run("apply", { stdin });
  assert.equal(status, 0);
  assert.match(error, /^ipvsadm apply: warning: some changes cost clients something:\n {2}~ service .* rr -> wrr\n/);
});

test("services that are left alone stay as they are", async () => {
  const director = await settled();
  await director.run("apply --no-prune", { stdin: [documentWith({ family: "inet", fwmark: 5 })] });
  const both = ["192.0.2.10:80 rr: 10.0.0.1 x1, 10.0.0.2 x3", "fwmark 5 wlc: "];
  assert.deepEqual(director.table(), both);
  const nothing = { stdin: [documentWith()] };
  assert.equal((await director.run("apply --ignore 192.0.2.0/24:80 --ignore fwmark:5", nothing)).status, 0);
  assert.equal((await director.run("apply --only udp:192.0.2.10", nothing)).status, 0);
  assert.equal((await director.run("apply --only fwmark:6", nothing)).status, 0);
  assert.deepEqual(director.table(), both);
  const interfaces = { "kube-ipvs0": ["192.0.2.10", "2001:db8::1"] };
  assert.equal(
    (await director.run("apply --ignore if:kube-ipvs0 --max-delete 1", { ...nothing, interfaces })).status,
    0,
  );
  assert.deepEqual(director.table(), settledTable);
  await isRefused(
    director,
    "apply --ignore if:nothing",
    nothing,
    2,
    /--ignore if:nothing: no interface nothing has an address/,
  );
  await isRefused(director, "apply --only 192.0.2.0/33", nothing, 2, /--only takes .*ADDRESS/);
});

test("undo needs an ID for a command that is older than the network namespace", async () => {
  const director = new Director();
  await director.run("apply", { stdin: [both] });
  const [id] = (await director.run("undo --list")).output.split(" ");
  const made = Date.parse("2026-11-22T18:24:00Z");
  director.state.namespaceSince = made + 1;
  const { status, output, error } = await director.run("undo");
  assert.deepEqual([status, output], [3, ""]);
  assert.deepEqual(error.split("\n"), [
    `ipvsadm undo: ${id}: this network namespace is from 2026-11-22T18:24:00.001Z, and the command may have been for an older one with its number`,
    `if it was for this one: ipvsadm undo ${id}`,
    "",
  ]);
  assert.equal((await director.run("undo --dry-run")).status, 3);
  assert.equal(director.table().length, 1);
  assert.equal((await director.run(`undo ${id}`)).status, 0);
  assert.deepEqual(director.table(), []);
  director.state.namespaceSince = made;
  assert.equal((await director.run("undo")).status, 0);
  assert.equal(director.table().length, 1);
});

test("what cannot be saved for undo is not begun", async () => {
  const director = await settled();
  director.state.refusal = new SystemError(errnoOf("ENOSPC"));
  await isRefused(director, "apply", { stdin: [first] }, 7, /No space left on device/);
});

test("another command that holds the lock is named", async () => {
  const director = await settled();
  const release = await director.state.lock(new FakeClock(), { command: "ipvsadm drain" });
  await isRefused(director, "apply", { stdin: [first] }, 3, /another command holds the lock: 'ipvsadm drain'/);
  await isRefused(director, "apply --wait 2", { stdin: [first] }, 3, /still holds the lock after 2 s/);
  await isRefused(director, "apply --wait 1d", { stdin: [first] }, 2, /--wait takes a time .*, up to 24h, not "1d"/);
  assert.equal((await director.run("diff", { stdin: [first] })).status, 1);
  assert.equal((await director.run("apply --dry-run", { stdin: [first] })).status, 0);
  release();
  assert.equal((await director.run("apply", { stdin: [first] })).status, 0);
});

test("an interrupted command takes back what it did", async () => {
  const interruption = new AbortController();
  const director = await settled({
    afterChange: (change) => {
      if (change.command === "add-service" && "address" in change.service && change.service.port === 81) {
        interruption.abort(new Interrupted("SIGTERM"));
      }
    },
  });
  const stdin = [documentWith({ ...web, scheduler: "rr", destinations: [two] }, { ...web, port: 81, scheduler: "rr" })];
  await isRefused(
    director,
    "apply",
    { stdin, interrupt: interruption.signal },
    143,
    /interrupted by SIGTERM\nthe table is as it was before\n$/,
  );
});

test("a refusal with --on-error stop or continue leaves what was done, and says what is missing", async () => {
  for (const policy of ["stop", "continue"]) {
    const director = await settled({ interfaces: {} });
    const service = { ...web, scheduler: "rr", destinations: [two] };
    const wanted = { ...JSON.parse(documentWith(service)), daemons: [{ state: "master", interface: "eth9" }] };
    const stdin = [JSON.stringify(wanted)];
    const { status, error } = await director.run(`apply --on-error ${policy}`, { stdin });
    assert.equal(status, 4);
    assert.match(
      error,
      /daemons\[0\]: No such device\n.*these changes are missing:\n {2}\+ master daemon interface=eth9/s,
    );
    assert.match(error, /to go back: ipvsadm undo \d{8}T\d{6}\.\d{3}Z-apply\n$/);
    assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.2 x1"]);
    assert.equal((await director.run("undo")).status, 0);
    assert.deepEqual(director.table(), settledTable);
  }
});

test("a command of which nothing is left is forgotten, and hides no other", async () => {
  const director = await settled();
  await director.run("set -t 192.0.2.10:80 -r 10.0.0.1 weight=7");
  director.kernel.changeAside({
    command: "edit-destination",
    service: web,
    destination: { ...one, ...defaultDestinationSettings },
  });
  const { output, error } = await director.run("undo");
  assert.equal(output, "nothing to change\n");
  assert.equal(error, "");
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(director.table(), []);
});

test("a timeout of 0 is the one that there is", async () => {
  const director = await settled();
  assert.equal((await director.run("apply", { stdin: ["--set 0 0 30\n"] })).status, 0);
  assert.deepEqual(await director.kernel.timeouts(), { tcp: 900, tcpFin: 120, udp: 30 });
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(await director.kernel.timeouts(), { tcp: 900, tcpFin: 120, udp: 300 });
});

test("what other programs made, and no document may ask for, can be flushed, set and brought back", async () => {
  const director = new Director();
  const settings = { scheduler: "rr", schedulerFlags: [], persistent: false, timeout: 0, netmask: "255.255.255.255" };
  director.kernel.changeAside({ command: "add-service", service: { ...web, ...settings, onePacket: true } });
  director.kernel.changeAside({
    command: "add-destination",
    service: web,
    destination: { ...one, ...defaultDestinationSettings },
  });
  assert.equal((await director.run("set -t 192.0.2.10:80 -r 10.0.0.1 weight=7")).status, 0);
  assert.equal((await director.run("flush --yes")).status, 0);
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 rr: 10.0.0.1 x7"]);
  assert.equal(director.kernel.entries()[0]?.service.onePacket, true);
});

test("an exact service beside one of every port is marked in a plan that is carried out later, too", async () => {
  const director = new Director();
  const wide = { ...web, port: 0, persistent: {}, destinations: [{ ...one, port: 0 }] };
  await director.run("apply", { stdin: [documentWith(wide)] });
  const { output: plan } = await director.run("diff --json", {
    stdin: [documentWith(wide, { ...web, destinations: [one] })],
  });
  const userFiles = { "/plan.json": plan };
  const sentence = /moved: takes new connections from tcp 192\.0\.2\.10:0/;
  await isRefused(director, "apply --plan /plan.json --disruption refuse", { userFiles }, 3, sentence);
  await isRefused(director, "apply --plan /plan.json --max-delete x", { userFiles }, 2, /--max-delete takes/);
  assert.equal((await director.run("apply --plan /plan.json", { userFiles })).status, 0);
});

test("results as JSON say what was done", async () => {
  const director = await settled({ schedulers: ["rr", "wlc"] });
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
    JSON.parse(readFileSync(fromRoot("schema/ipvsadm-result-1.schema.json"), "utf8")),
  );
  const outcomeOf = async (line: string, stdin: readonly string[] = []) => {
    const { output } = await director.run(`${line} --json`, { stdin });
    assert.ok(validate(JSON.parse(output)), JSON.stringify(validate.errors));
    const document = JSON.parse(output);
    return [document.command, document.outcome, document.changes.length, document.remaining.length];
  };
  assert.deepEqual(await outcomeOf("apply", [both]), ["apply", "unchanged", 0, 0]);
  assert.deepEqual(await outcomeOf("apply --dry-run", [first]), ["apply", "planned", 1, 0]);
  assert.deepEqual(await outcomeOf("apply", [first]), ["apply", "done", 1, 0]);
  assert.deepEqual(await outcomeOf("undo"), ["undo", "done", 1, 0]);
  assert.deepEqual(await outcomeOf("set timeouts.udp=30"), ["set", "done", 1, 0]);
  const refused = [documentWith({ ...web, scheduler: "mh", destinations: [one] })];
  assert.deepEqual(await outcomeOf("apply", refused), ["apply", "undone", 2, 0]);
  assert.deepEqual(await outcomeOf("flush --yes"), ["flush", "done", 1, 0]);
});

test("plans as JSON validate", async () => {
  const director = await settled();
  const schema = JSON.parse(readFileSync(fromRoot("schema/ipvsadm-plan-1.schema.json"), "utf8"));
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  const daemon = { state: "master", interface: "eth0", syncid: 3 };
  const document = { ...JSON.parse(first), timeouts: { tcp: 1, tcp_fin: 2, udp: 3 }, daemons: [daemon] };
  for (const stdin of [[both], [first], [documentWith()], [JSON.stringify(document)]]) {
    const { output } = await director.run("diff --json", { stdin });
    assert.ok(validate(JSON.parse(output)), JSON.stringify(validate.errors));
  }
});

for (const [line, status, sentence] of [
  ["set weight=3", 2, /no service and no server is given; only timeouts\.FIELD goes without/],
  ["set -r 10.0.0.1 weight=3", 2, /-r needs a service/],
  ["set -t 192.0.2.10:80", 2, /no FIELD=VALUE is given/],
  ["set -t 192.0.2.10:80 weight", 2, /"weight" is not FIELD=VALUE/],
  ["set -t 192.0.2.10:80 weight=3", 2, /weight: belongs to a server/],
  ["set -t 192.0.2.10:80 scheduler.x=3", 2, /scheduler\.x: unknown field/],
  ["set -t 192.0.2.10:80 ops=on", 2, /service tcp 192\.0\.2\.10:80: ops: one-packet scheduling is only for udp/],
  ["set -t 192.0.2.10:80 -r 10.0.0.1 weight=x", 2, /weight: must be a number, \+NUMBER/],
  ["set -t 192.0.2.10:80 -r 10.0.0.1 weight=99999999999", 2, /weight: must be an integer from 0/],
  ["set -t 192.0.2.10:80 -r 10.0.0.1 weight+=1", 2, /weight: \+= is only for lists/],
  ["set -t 192.0.2.10:80 -r 10.0.0.1 lower_threshold=5", 2, /server 10\.0\.0\.1:80 of .*: lower_threshold: is above/],
  ["set -t 192.0.2.10:80 -r 10.0.0.1 tunnel.type=gue", 2, /tunnel: conflicts with the forward route/],
  ["set -t 192.0.2.10:81 -r 10.0.0.1 weight=3", 3, /there is no service tcp 192/],
  ["set --server 10.0.0.3 weight=3", 3, /no service has a server 10/],
  ["set --server 10.0.0.0/24 weight=0", 3, /no server of a weight above 0 is left/],
  [
    "set -t 192.0.2.10:80 --expect scheduler=wrr scheduler=mh",
    6,
    /--expect does not hold for service tcp 192\.0\.2\.10:80/,
  ],
  ["set timeouts.udp=0", 2, /udp: must be an integer/],
  ["undo 20200101T000000.000Z-apply", 3, /no such command/],
  ["undo ../../etc/passwd", 3, /no such command/],
  ["apply -f /missing.json", 7, /\/missing\.json: No such file/],
  ["apply --plan x -f y", 2, /cannot also be provided/],
  ["diff --json --commands", 2, /cannot also be provided/],
] as const) {
  test(`ipvsadm ${line}: exit status ${status}, and nothing is changed`, async () => {
    const director = await settled();
    await isRefused(director, line, { stdin: [] }, status, sentence);
  });
}

test("a kernel that cannot be reached is exit status 7", async () => {
  for (const line of ["diff", "apply", "set timeouts.udp=3", "flush --yes"]) {
    const host = makeHost({ stdin: [first], openKernel: refusingKernel("EPERM") });
    assert.equal(await runVerb(line.split(" "), host), 7);
    assert.match(host.error, /Permission denied \(you must be root\)/);
  }
});

test("there is nothing to undo on a new director", async () => {
  await isRefused(new Director(), "undo", {}, 3, /there is nothing to undo/);
});

test("set takes relative numbers, lists and what can be absent", async () => {
  const director = await settled();
  const weights = () => director.table()[0]?.replace(/.*: /, "");
  for (const [line, expected] of [
    ["--server 10.0.0.0/24 weight=+5", "10.0.0.1 x6, 10.0.0.2 x8"],
    ["--server 10.0.0.0/24 weight=50%", "10.0.0.1 x3, 10.0.0.2 x4"],
    ["--server 10.0.0.0/24 weight=*100", "10.0.0.1 x300, 10.0.0.2 x400"],
    ["--server 10.0.0.1 weight=1%", "10.0.0.1 x3, 10.0.0.2 x400"],
    ["--server 10.0.0.1 weight=1%", "10.0.0.1 x1, 10.0.0.2 x400"],
    ["-t 192.0.2.10:80 -r 10.0.0.1:80 weight=-1", "10.0.0.1 x0, 10.0.0.2 x400"],
  ] as const) {
    assert.equal((await director.run(`set ${line}`)).status, 0, line);
    assert.equal(weights(), expected);
  }
  const service = () => director.kernel.entries()[0]?.service;
  assert.equal((await director.run("set -t 192.0.2.10:80 scheduler=mh sched_flags=mh-port,mh-fallback")).status, 0);
  assert.deepEqual(service()?.schedulerFlags, [1, 2]);
  assert.equal((await director.run("set -t 192.0.2.10:80 sched_flags-=mh-port")).status, 0);
  assert.deepEqual(service()?.schedulerFlags, [1]);
  assert.equal((await director.run("set -t 192.0.2.10:80 persistent=on")).status, 0);
  assert.deepEqual([service()?.persistent, service()?.timeout], [true, 360]);
  assert.equal((await director.run("set -t 192.0.2.10:80 persistent.timeout=60")).status, 0);
  assert.equal(service()?.timeout, 60);
  for (const [line, netmask] of [
    ["persistent.prefixlen=24", "255.255.255.0"],
    ["persistent.netmask=255.255.0.0", "255.255.0.0"],
    ["persistent=on", "255.255.0.0"],
  ] as const) {
    assert.equal((await director.run(`set -t 192.0.2.10:80 --expect persistent=on ${line}`)).status, 0, line);
    assert.deepEqual([service()?.netmask, service()?.timeout], [netmask, 60]);
  }
  assert.equal((await director.run("set -t 192.0.2.10:80 persistent=off")).status, 0);
  assert.equal(service()?.persistent, false);
  assert.equal((await director.run("set -t 192.0.2.10:80 scheduler=rr")).status, 0);
  assert.deepEqual([service()?.scheduler, service()?.schedulerFlags], ["rr", []]);
  assert.equal((await director.run("set --server 10.0.0.1 forward=tunnel tunnel.type=gue tunnel.port=99")).status, 0);
  assert.equal((await director.run("set --server 10.0.0.1 forward=masq")).status, 0);
  assert.equal((await director.run("set --server 10.0.0.1 upper_threshold=50")).status, 0);
  for (const change of ["-60", "0%", "*0"]) {
    await isRefused(
      director,
      `set --server 10.0.0.1 upper_threshold=${change}`,
      {},
      2,
      /upper_threshold: 0 means no limit/,
    );
  }
  await isRefused(director, "set --server 10.0.0.2 upper_threshold=+10", {}, 2, /upper_threshold: 0 means no limit/);
});

test("diff --commands prints lines for -R, and says what no line can", async () => {
  const director = await settled();
  const desired = documentWith({
    ...web,
    scheduler: "rr",
    destinations: [
      { ...one, forward: "local" },
      { ...two, weight: 5, upper_threshold: 9, forward: "masq" },
    ],
  });
  const { status, output, error } = await director.run("diff --commands", { stdin: [desired] });
  assert.equal(status, 1);
  assert.equal(output, "-e -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 5 -x 9\n");
  assert.match(
    error,
    /services\[0\]\.destinations\[0\]: no line can say it: no option sets the forwarding method local/,
  );
});
