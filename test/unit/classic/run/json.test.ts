import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../../../src/classic/run/classic.js";
import { runRestore, runSave } from "../../../../src/classic/run/scripts.js";
import { IpvsError } from "../../../../src/ipvs/ipvs-error.js";
import { errnoOf } from "../../../../src/platform/errno.js";
import { SystemError } from "../../../../src/platform/system-calls.js";
import { Random } from "../../../support/random.js";
import { randomTable } from "../../../support/random-table.js";
import { type Script, type ScriptedHost, scriptHost } from "../../../support/scripted-host.js";

const run = (line: string, scripted: ScriptedHost) => runClassic("ipvsadm", line.split(" "), scripted.host);

const { services } = randomTable(new Random(2));
const answers: NonNullable<Script["answers"]> = {
  info: { version: "1.2.1", connectionTableSize: 4096 },
  services: services.map(({ service }) => service),
  service: services[0]?.service,
  destinations: services[0]?.destinations,
  timeouts: { tcp: 900, tcpFin: 120, udp: 300 },
  daemons: [{ state: "master", interface: "eth0", syncId: 7, syncMaxLength: 1472 }],
};

/** The members of the document that a command printed. */
async function membersOf(line: string, circumstances: Script = { answers }): Promise<string[]> {
  const scripted = scriptHost(circumstances);
  assert.equal(await run(line, scripted), 0, scripted.host.error);
  assert.equal(scripted.host.error, "");
  return Object.keys(JSON.parse(scripted.host.output));
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
  const [saved, listed] = [scriptHost({ answers }), scriptHost({ answers })];
  assert.equal(await runSave(["--json", "-n"], saved.host), 0);
  assert.equal(await run("-L --json", listed), 0);
  assert.match(saved.host.output, /^\{"ipvs":\{"schema":1\},"services":\[\n/);
  assert.doesNotMatch(saved.host.output, /stats|rates|connections/);
  assert.match(listed.host.output, /"taken_at":"2026-11-22T18:24:00.000Z".*"stats":.*"active_connections":/s);
});

test("other commands do not know --json", async () => {
  for (const line of ["-A -t 10.0.0.1:80 --json", "-Z --json", "-R --json", "-C --json"]) {
    const scripted = scriptHost();
    assert.equal(await run(line, scripted), 2);
    assert.match(scripted.host.error, /^Illegal 'json' option with the '[a-z-]+' command\n$/);
  }
});

for (const method of ["info", "services", "destinations", "timeouts", "daemons"] as const) {
  test(`nothing is printed when the kernel refuses ${method}`, async () => {
    const scripted = scriptHost({ answers: { ...answers, [method]: errnoOf("EPERM") } });
    assert.equal(await run("-L --json", scripted), 1);
    assert.equal(scripted.host.output, "");
    assert.equal(scripted.host.error, "Permission denied (you must be root)\n");
  });
}

test("nothing is printed when the connection list cannot be read, as without --json", async () => {
  const circumstances = { answers, connections: new SystemError(errnoOf("ENOENT")) };
  const [text, json] = [scriptHost(circumstances), scriptHost(circumstances)];
  const status = await run("-Lc", text);
  assert.equal(await run("-Lc --json", json), status);
  assert.equal(json.host.error, text.host.error);
  assert.equal(json.host.output, "");
});

test("a terminal gets an indented document", async () => {
  const scripted = scriptHost({ answers, screen: {}, env: { NO_COLOR: "1" } });
  assert.equal(await run("-L --timeout --json", scripted), 0);
  assert.match(scripted.host.output, /\n {2}"timeouts": \{\n {4}"tcp": 900,\n/);
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

const emptyTable = { serviceSettings: [], timeouts: { tcp: 900, tcpFin: 120, udp: 300 }, daemons: [] };

interface Outcome {
  readonly status: number;
  readonly calls: readonly string[];
  readonly scripted: ScriptedHost;
}

async function restore(how: "-R" | "ipvsadm-restore", document: unknown, also: Script = {}): Promise<Outcome> {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const pieces = [" \n", text.slice(0, 9), text.slice(9)];
  const scripted = scriptHost({ stdin: pieces, ...also, answers: { ...emptyTable, ...also.answers } });
  const status = await (how === "-R" ? run(how, scripted) : runRestore([], scripted.host));
  assert.equal(scripted.host.output, "");
  const calls = scripted.calls.map((call) => call.split(" ")[0] ?? "").filter((method) => method !== "close");
  return { status, calls, scripted };
}

const added = ["add-service", "add-destination", "add-destination"];

test("-R adds a document to the table", async () => {
  const { status, calls } = await restore("-R", whole);
  assert.equal(status, 0);
  assert.deepEqual(calls, ["daemons", "set-timeouts", ...added, "start-daemon"]);
});

test("ipvsadm-restore replaces the table and the daemons by it", async () => {
  const running = [{ state: "master", interface: "eth0", syncId: 7 }];
  const { status, calls } = await restore("ipvsadm-restore", whole, { answers: { daemons: running } });
  assert.equal(status, 0);
  const reading = ["serviceSettings", "timeouts", "daemons"];
  assert.deepEqual(calls, [...reading, "stop-daemon", ...added, "set-timeouts", "start-daemon"]);
});

test("what a document does not tell of stays as it is", async () => {
  const timeouts = await restore("ipvsadm-restore", { ipvs, timeouts: whole.timeouts });
  assert.deepEqual(timeouts.calls, ["timeouts", "set-timeouts"]);
  const answers = { serviceSettings: [{ ...service, scheduler: "rr" }], destinationLoads: [server] };
  const services = await restore("ipvsadm-restore", { ipvs, services: [] }, { answers });
  assert.deepEqual(services.calls, ["serviceSettings", "destinationLoads", "delete-service"]);
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
    [{ ...whole, services: [service, service] }, "services[1]: tcp 10.0.0.1:80 is already services[0]\n"],
    ['{"ipvs":\n1,}', 'line 3, column 3: "}" where a name in double quotes should be\n'],
    ['{"ipvs":"\xff"}', "line 2: invalid UTF-8\n"],
    ["{", "line 2, column 2: the end of the input where a name in double quotes should be\n"],
  ];
  for (const how of ["-R", "ipvsadm-restore"] as const) {
    for (const [document, error] of cases) {
      const { status, calls, scripted } = await restore(how, document);
      assert.equal(status, 2);
      assert.deepEqual(calls, []);
      assert.equal(scripted.host.error, error);
    }
  }
});

test("a refusal is told with its place, and the rest goes on", async () => {
  const refusing = { answers: { "add-destination": errnoOf("EEXIST") } };
  const { status, calls, scripted } = await restore("ipvsadm-restore", whole, refusing);
  assert.equal(status, 255);
  assert.deepEqual(calls.slice(3), [...added, "set-timeouts", "start-daemon"]);
  assert.equal(
    scripted.host.error,
    "services[0].destinations[0]: Service already exists\nservices[0].destinations[1]: Service already exists\n",
  );
});

test("a refusal to tell what there is has its place, and nothing is changed", async () => {
  const there = { serviceSettings: [{ ...service, scheduler: "rr" }] };
  for (const [method, part] of [
    ["serviceSettings", "services"],
    ["destinationLoads", "services"],
    ["timeouts", "timeouts"],
    ["daemons", "daemons"],
  ] as const) {
    const answers = { ...there, [method]: new IpvsError(`get ${part}`, errnoOf("EINTR")) };
    const { status, calls, scripted } = await restore("ipvsadm-restore", whole, { answers });
    assert.equal(status, 255);
    assert.equal(scripted.host.error, `${part}: Interrupted system call\n`);
    assert.equal(calls.at(-1), method);
  }
});

test("a kernel out of reach is told as ever", async () => {
  for (const how of ["-R", "ipvsadm-restore"] as const) {
    const { status, scripted } = await restore(how, whole, { unreachable: errnoOf("EPERM") });
    assert.equal(status, 2);
    assert.match(scripted.host.error, /^Can't initialize ipvs: Permission denied \(you must be root\)\nAre you sure/);
  }
});

test("command lines are still command lines, whatever blanks come first", async () => {
  const { status, calls } = await restore("-R", "-C\n");
  assert.equal(status, 0);
  assert.deepEqual(calls, ["flush"]);
});
