import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../src/classic/run.js";
import { runRestore, runSave } from "../../src/classic/scripts.js";
import { ProcError } from "../../src/proc/errors.js";
import { errnoOf } from "../../src/runtime/errno.js";
import { Random, randomTable } from "../json/random.js";
import { type Circumstances, makeWorld, type World } from "./world.js";

const run = (line: string, world: World) => runClassic("ipvsadm", line.split(" "), world.effects);

const { services } = randomTable(new Random(2));
const answers: NonNullable<Circumstances["answers"]> = {
  info: { version: "1.2.1", connectionTableSize: 4096 },
  services: services.map(({ service }) => service),
  service: services[0]?.service,
  destinations: services[0]?.destinations,
  timeouts: { tcp: 900, tcpFin: 120, udp: 300 },
  daemons: [{ state: "master", interface: "eth0", syncId: 7, syncMaxLength: 1472 }],
};

/** The members of the document that a command printed. */
async function membersOf(line: string, circumstances: Circumstances = { answers }): Promise<string[]> {
  const world = makeWorld(circumstances);
  assert.equal(await run(line, world), 0, world.error);
  assert.equal(world.error, "");
  return Object.keys(JSON.parse(world.output));
}

const connections = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP 0A000009 9C40 0A000001 0050 0A000002 1F90 ESTABLISHED     899
`;

test("each list command prints its document", async () => {
  assert.deepEqual(await membersOf("-L --json"), ["ipvs", "services", "timeouts", "daemons"]);
  assert.deepEqual(await membersOf("-L --json --stats --rate --thresholds -n -X --nosort"), [
    ...["ipvs", "services", "timeouts", "daemons"],
  ]);
  assert.deepEqual(await membersOf("-L -t 10.0.0.1:80 --json"), ["ipvs", "services"]);
  assert.deepEqual(await membersOf("-L --timeout --json"), ["ipvs", "timeouts"]);
  assert.deepEqual(await membersOf("-L --daemon --json"), ["ipvs", "daemons"]);
  assert.deepEqual(await membersOf("-Lc --json", { answers, connections }), ["ipvs", "connections"]);
  assert.deepEqual(await membersOf("-S --json"), ["ipvs", "services", "timeouts", "daemons"]);
});

test("a save has nothing that is measured, a listing has", async () => {
  const [saved, listed] = [makeWorld({ answers }), makeWorld({ answers })];
  assert.equal(await runSave(["--json", "-n"], saved.effects), 0);
  assert.equal(await run("-L --json", listed), 0);
  assert.match(saved.output, /^\{"ipvs":\{"schema":1\},"services":\[\n/);
  assert.doesNotMatch(saved.output, /stats|rates|connections/);
  assert.match(listed.output, /"taken_at":"2026-11-22T18:24:00.000Z".*"stats":.*"active_connections":/s);
});

test("other commands do not know --json", async () => {
  for (const line of ["-A -t 10.0.0.1:80 --json", "-Z --json", "-R --json", "-C --json"]) {
    const world = makeWorld();
    assert.equal(await run(line, world), 2);
    assert.match(world.error, /^Illegal 'json' option with the '[a-z-]+' command\n$/);
  }
});

for (const method of ["info", "services", "destinations", "timeouts", "daemons"] as const) {
  test(`nothing is printed when the kernel refuses ${method}`, async () => {
    const world = makeWorld({ answers: { ...answers, [method]: errnoOf("EPERM") } });
    assert.equal(await run("-L --json", world), 1);
    assert.equal(world.output, "");
    assert.equal(world.error, "Permission denied (you must be root)\n");
  });
}

test("nothing is printed when the connection list cannot be read, as without --json", async () => {
  const circumstances = { answers, connections: new ProcError("No such file or directory") };
  const [text, json] = [makeWorld(circumstances), makeWorld(circumstances)];
  const status = await run("-Lc", text);
  assert.equal(await run("-Lc --json", json), status);
  assert.equal(json.error, text.error);
  assert.equal(json.output, "");
});

test("a terminal gets an indented document", async () => {
  const world = makeWorld({ answers });
  const effects = { ...world.effects, terminal: () => Promise.resolve({ colour: false }) };
  assert.equal(await runClassic("ipvsadm", ["-L", "--timeout", "--json"], effects), 0);
  assert.match(world.output, /\n {2}"timeouts": \{\n {4}"tcp": 900,\n/);
});

const service = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };
const server = { family: "inet", address: "10.0.0.2", port: 80 };
const ipvs = { schema: 1 };
const whole = {
  ipvs,
  services: [{ ...service, destinations: [server, { ...server, port: 81 }] }],
  timeouts: { tcp: 1, tcp_fin: 2, udp: 3 },
  daemons: [{ state: "backup", interface: "eth0", syncid: 1 }],
};

interface Outcome {
  readonly status: number;
  readonly calls: readonly string[];
  readonly world: World;
}

async function restore(how: "-R" | "ipvsadm-restore", document: unknown, also: Circumstances = {}): Promise<Outcome> {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const pieces = [" \n", text.slice(0, 9), text.slice(9)];
  const world = makeWorld({ input: pieces, ...also, answers: { daemons: [], ...also.answers } });
  const status = await (how === "-R" ? run(how, world) : runRestore(world.effects));
  assert.equal(world.output, "");
  const calls = world.calls.map((call) => call.split(" ")[0] ?? "").filter((method) => method !== "close");
  return { status, calls, world };
}

const added = ["set", "add-service", "add-server", "add-server", "start-daemon"];

test("-R adds a document to the table", async () => {
  const { status, calls } = await restore("-R", whole);
  assert.equal(status, 0);
  assert.deepEqual(calls, ["daemons", ...added]);
});

test("ipvsadm-restore replaces the table and the daemons by it", async () => {
  const running = [{ state: "master", interface: "eth0", syncId: 7 }];
  const { status, calls } = await restore("ipvsadm-restore", whole, { answers: { daemons: running } });
  assert.equal(status, 0);
  assert.deepEqual(calls, ["daemons", "flush", "stop-daemon", ...added]);
});

test("what a document does not tell of stays as it is", async () => {
  assert.deepEqual((await restore("ipvsadm-restore", { ipvs, timeouts: whole.timeouts })).calls, ["set"]);
  assert.deepEqual((await restore("ipvsadm-restore", { ipvs, services: [] })).calls, ["flush"]);
  const running = { answers: { daemons: [{ state: "master", interface: "eth0", syncId: 7 }] } };
  assert.deepEqual((await restore("ipvsadm-restore", { ipvs, daemons: [] }, running)).calls, [
    "daemons",
    "stop-daemon",
  ]);
  assert.deepEqual((await restore("-R", { ipvs, daemons: [] }, running)).calls, ["daemons"]);
});

test("a daemon that runs as it should is left running", async () => {
  const backup = { state: "backup", interface: "eth0", syncId: 1, syncMaxLength: 1472, multicastTtl: 1 };
  const { daemons } = whole;
  for (const how of ["-R", "ipvsadm-restore"] as const) {
    assert.deepEqual((await restore(how, { ipvs, daemons }, { answers: { daemons: [backup] } })).calls, ["daemons"]);
    const other = { answers: { daemons: [{ ...backup, syncId: 2 }] } };
    const stop = how === "-R" ? [] : ["stop-daemon"];
    assert.deepEqual((await restore(how, { ipvs, daemons }, other)).calls, ["daemons", ...stop, "start-daemon"]);
  }
});

test("a faulty document does nothing", async () => {
  const cases: readonly [document: unknown, error: string][] = [
    [{ ...whole, services: [service, service] }, "services[1]: tcp 10.0.0.1 port 80 is services[0] already\n"],
    ['{"ipvs":\n1,}', 'line 3, column 3: "}" where a name in double quotes should be\n'],
    ['{"ipvs":"\xff"}', "line 2: invalid UTF-8\n"],
    ["{", "line 2, column 2: the end of the input where a name in double quotes should be\n"],
  ];
  for (const how of ["-R", "ipvsadm-restore"] as const) {
    for (const [document, error] of cases) {
      const { status, calls, world } = await restore(how, document);
      assert.equal(status, 2);
      assert.deepEqual(calls, []);
      assert.equal(world.error, error);
    }
  }
});

test("a refusal is told with its place, and the rest goes on", async () => {
  const refusing = { answers: { "add-server": errnoOf("EEXIST") } };
  const { status, calls, world } = await restore("ipvsadm-restore", whole, refusing);
  assert.equal(status, 255);
  assert.deepEqual(calls, ["daemons", "flush", ...added]);
  assert.equal(
    world.error,
    "services[0].destinations[0]: Service already exists\nservices[0].destinations[1]: Service already exists\n",
  );
});

test("a kernel out of reach is told as ever", async () => {
  for (const how of ["-R", "ipvsadm-restore"] as const) {
    const { status, world } = await restore(how, whole, { unreachable: errnoOf("EPERM") });
    assert.equal(status, 2);
    assert.match(world.error, /^Can't initialize ipvs: Permission denied \(you must be root\)\nAre you sure/);
  }
});

test("command lines are still command lines, whatever blanks come first", async () => {
  const { status, calls } = await restore("-R", "-C\n");
  assert.equal(status, 0);
  assert.deepEqual(calls, ["flush"]);
});
