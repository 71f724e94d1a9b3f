import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../src/classic/run.js";
import { runRestore, runSave } from "../../src/classic/scripts.js";
import type { Change } from "../../src/ipvs/change.js";
import { ProcError } from "../../src/proc/errors.js";
import { errnoOf } from "../../src/runtime/errno.js";
import { makeWorld } from "./world.js";

function run(line: string, world: ReturnType<typeof makeWorld>): Promise<number> {
  return runClassic("ipvsadm", line === "" ? [] : line.split(" "), world.effects);
}

/** The changes that were made and the client's other methods that were called, without the end of the connection. */
function methods(world: ReturnType<typeof makeWorld>): string[] {
  return world.calls.map((call) => call.split(" ")[0] ?? "").filter((method) => method !== "close");
}

const changes: readonly [line: string, command: Change["command"]][] = [
  ["-A -t 10.0.0.1:80", "add-service"],
  ["-E -t 10.0.0.1:80", "edit-service"],
  ["-D -t 10.0.0.1:80", "delete-service"],
  ["-C", "flush"],
  ["-a -t 10.0.0.1:80 -r 10.0.0.2", "add-server"],
  ["-e -t 10.0.0.1:80 -r 10.0.0.2", "edit-server"],
  ["-d -t 10.0.0.1:80 -r 10.0.0.2", "delete-server"],
  ["-Z", "zero"],
  ["--set 1 2 3", "set"],
  ["--start-daemon master", "start-daemon"],
  ["--stop-daemon master", "stop-daemon"],
];

for (const [line, command] of changes) {
  test(`${line} is one change, and its refusal 255`, async () => {
    const world = makeWorld();
    assert.equal(await run(line, world), 0);
    assert.deepEqual(methods(world), [command]);
    assert.equal(world.calls.at(-1), "close");

    const refused = makeWorld({ answers: { [command]: errnoOf("EEXIST") } });
    assert.equal(await run(line, refused), 255);
    assert.equal(refused.error, "Service already exists\n");
  });
}

test("a kernel out of reach is told before any fault of the command line", async () => {
  for (const line of ["-Ln", "foo", "-A -t nonsense:", ""]) {
    const world = makeWorld({ unreachable: errnoOf("ENOPROTOOPT") });
    assert.equal(await run(line, world), 2);
    assert.equal(
      world.error,
      "Can't initialize ipvs: Protocol not available\n" +
        "Are you sure that IP Virtual Server is built in the kernel or as module?\n",
    );
  }
});

test("help and version need no kernel", async () => {
  for (const [line, beginning] of [
    ["-h", "ipvsadm v1.31"],
    ["--version", "ipvsadm v1.31"],
  ] as const) {
    const world = makeWorld({ unreachable: errnoOf("EPERM") });
    assert.equal(await run(line, world), 0);
    assert.ok(world.output.startsWith(beginning));
    assert.equal(world.error, "");
  }
});

test("a refused listing is 1, with nothing printed", async () => {
  const world = makeWorld({ answers: { service: errnoOf("EPERM") } });
  assert.equal(await run("-L -t 10.0.0.1:80", world), 1);
  assert.equal(world.output, "");
  assert.equal(world.error, "Permission denied (you must be root)\n");
});

test("the titles of the connections wait for the file", async () => {
  const missing = makeWorld({ connections: new ProcError("cannot open file /proc/net/ip_vs_conn") });
  assert.equal(await run("-Lc", missing), 1);
  assert.equal(missing.output, "");
  assert.equal(missing.error, "cannot open file /proc/net/ip_vs_conn\n");

  const none = makeWorld({
    connections: "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n",
  });
  assert.equal(await run("-Lc", none), 0);
  assert.equal(none.output.split("\n").length, 3);
});

test("a restore carries every line out, wherever its pieces are cut", async () => {
  const text = "-A -t 10.0.0.1:80\n\n \t\nipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2\n-C";
  for (const cut of [1, 7, text.length]) {
    const input = text.match(new RegExp(`[^]{1,${cut}}`, "g")) ?? [];
    const world = makeWorld({ input });
    assert.equal(await run("-R", world), 0);
    assert.deepEqual(methods(world), ["add-service", "add-server", "flush"]);
  }
});

test("the exit status of a restore is that of its last line", async () => {
  const answers = { "add-service": errnoOf("EEXIST") };
  const refusedLast = makeWorld({ input: ["-C\n-A -t 10.0.0.1:80\n\n"], answers });
  assert.equal(await run("-R", refusedLast), 255);
  const refusedFirst = makeWorld({ input: ["-A -t 10.0.0.1:80\n-C\n"], answers });
  assert.equal(await run("-R", refusedFirst), 0);
  assert.equal(refusedFirst.error, "Service already exists\n");
});

test("messages of a restore come in the order of its lines", async () => {
  const world = makeWorld({
    input: ["-A -t 10.0.0.1:80\n-A -Q\n-A -t 10.0.0.1:80\n-C\n"],
    answers: { "add-service": errnoOf("EEXIST") },
  });
  assert.equal(await run("-R", world), 0);
  assert.equal(world.error, "Service already exists\n-Q: unknown option\nService already exists\n");
});

for (const [line, status] of [
  ["-A -t 10.0.0.1:80 -w x", 2],
  ["#", 255],
  ["-R", 255],
  ["-h", 0],
  ["-v", 0],
] as const) {
  test(`a restore ends at the line ${line}, with everything before it done`, async () => {
    const world = makeWorld({ input: [`-C\n${line}\n-Z\n`] });
    assert.equal(await run("-R", world), status);
    assert.deepEqual(methods(world), ["flush"]);
  });
}

test("a restore ends at a refused listing", async () => {
  const world = makeWorld({ input: ["-L -t 10.0.0.1:80\n-C\n"], answers: { service: errnoOf("ESRCH") } });
  assert.equal(await run("-R", world), 1);
  assert.deepEqual(methods(world), ["service"]);
});

test("a long restore keeps its order and its last status", async () => {
  const lines = Array.from({ length: 2_500 }, (_, index) => `-A -f ${index + 1}\n`);
  const world = makeWorld({ input: [lines.join("")] });
  assert.equal(await run("-R", world), 0);
  const marks = world.calls.slice(0, -1).map((call) => /"fwmark":(\d+)/.exec(call)?.[1]);
  assert.deepEqual(
    marks,
    lines.map((_, index) => String(index + 1)),
  );
});

test("ipvsadm-save takes -n and ignores words, but no other option", async () => {
  for (const words of [[], ["-n"], ["word"], ["word", "-n", "-n"]]) {
    const world = makeWorld({ answers: { serviceSettings: [] } });
    assert.equal(await runSave(words, world.effects), 0);
    assert.deepEqual(methods(world), ["serviceSettings"]);
  }
  for (const words of [["-x"], ["-nn"], ["-n", "--numeric"], ["--", "-n"]]) {
    const world = makeWorld();
    assert.equal(await runSave(words, world.effects), 1);
    assert.match(world.error, /^ipvsadm-save: .*\n.*-n option.*\n$/);
    assert.deepEqual(world.calls, []);
  }
});

test("ipvsadm-restore clears the table first and knows comments", async () => {
  const world = makeWorld({ input: ["# rules\n-A -t 10.0.0.1:80\n#", "x\n-Z"] });
  assert.equal(await runRestore(world.effects), 0);
  assert.deepEqual(methods(world), ["flush", "add-service", "zero"]);
});
