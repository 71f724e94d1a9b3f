import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../../../src/classic/run/classic.js";
import { runRestore, runSave } from "../../../../src/classic/run/scripts.js";
import type { Change } from "../../../../src/model/change.js";
import { errnoOf } from "../../../../src/platform/errno.js";
import { SystemError } from "../../../../src/platform/system-calls.js";
import { scriptHost } from "../../../support/scripted-host.js";

function run(line: string, scripted: ReturnType<typeof scriptHost>): Promise<number> {
  return runClassic("ipvsadm", line === "" ? [] : line.split(" "), scripted.host);
}

/** The changes that were made and the client's other methods that were called, without the end of the connection. */
function methods(scripted: ReturnType<typeof scriptHost>): string[] {
  return scripted.calls.map((call) => call.split(" ")[0] ?? "").filter((method) => method !== "close");
}

const changes: readonly [line: string, command: Change["command"]][] = [
  ["-A -t 10.0.0.1:80", "add-service"],
  ["-E -t 10.0.0.1:80", "edit-service"],
  ["-D -t 10.0.0.1:80", "delete-service"],
  ["-C", "flush"],
  ["-a -t 10.0.0.1:80 -r 10.0.0.2", "add-destination"],
  ["-e -t 10.0.0.1:80 -r 10.0.0.2", "edit-destination"],
  ["-d -t 10.0.0.1:80 -r 10.0.0.2", "delete-destination"],
  ["-Z", "zero"],
  ["--set 1 2 3", "set-timeouts"],
  ["--start-daemon master", "start-daemon"],
  ["--stop-daemon master", "stop-daemon"],
];

for (const [line, command] of changes) {
  test(`${line} is one change, and its refusal 255`, async () => {
    const scripted = scriptHost();
    assert.equal(await run(line, scripted), 0);
    assert.deepEqual(methods(scripted), [command]);
    assert.equal(scripted.calls.at(-1), "close");

    const refused = scriptHost({ answers: { [command]: errnoOf("EEXIST") } });
    assert.equal(await run(line, refused), 255);
    assert.equal(refused.host.error, "Service already exists\n");
  });
}

test("a kernel out of reach is told before any fault of the command line", async () => {
  for (const line of ["-Ln", "foo", "-A -t nonsense:", ""]) {
    const scripted = scriptHost({ unreachable: errnoOf("ENOPROTOOPT") });
    assert.equal(await run(line, scripted), 2);
    assert.equal(
      scripted.host.error,
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
    const scripted = scriptHost({ unreachable: errnoOf("EPERM") });
    assert.equal(await run(line, scripted), 0);
    assert.ok(scripted.host.output.startsWith(beginning));
    assert.equal(scripted.host.error, "");
  }
});

test("a refused listing is 1, with nothing printed", async () => {
  const scripted = scriptHost({ answers: { service: errnoOf("EPERM") } });
  assert.equal(await run("-L -t 10.0.0.1:80", scripted), 1);
  assert.equal(scripted.host.output, "");
  assert.equal(scripted.host.error, "Permission denied (you must be root)\n");
});

test("the titles of the connections wait for the file", async () => {
  const missing = scriptHost({ connections: new SystemError(errnoOf("ENOENT")) });
  assert.equal(await run("-Lc", missing), 1);
  assert.equal(missing.host.output, "");
  assert.equal(missing.host.error, "cannot open file /proc/net/ip_vs_conn\n");

  const title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
  for (const args of ["-Lc", "-Lnc"]) {
    const none = scriptHost({ connections: title });
    assert.equal(await run(args, none), 0);
    assert.equal(none.host.output.split("\n").length, 3);

    const unreadable = scriptHost({ connections: `${title}no row\n` });
    assert.equal(await run(args, unreadable), 1);
    assert.equal(unreadable.host.output, "");
  }
});

test("a restore carries every line out, wherever its pieces are cut", async () => {
  const text = "-A -t 10.0.0.1:80\n\n \t\nipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2\n-C";
  for (const cut of [1, 7, text.length]) {
    const input = text.match(new RegExp(`[^]{1,${cut}}`, "g")) ?? [];
    const scripted = scriptHost({ stdin: input });
    assert.equal(await run("-R", scripted), 0);
    assert.deepEqual(methods(scripted), ["add-service", "add-destination", "flush"]);
  }
});

test("the exit status of a restore is that of its last line", async () => {
  const answers = { "add-service": errnoOf("EEXIST") };
  const refusedLast = scriptHost({ stdin: ["-C\n-A -t 10.0.0.1:80\n\n"], answers });
  assert.equal(await run("-R", refusedLast), 255);
  const refusedFirst = scriptHost({ stdin: ["-A -t 10.0.0.1:80\n-C\n"], answers });
  assert.equal(await run("-R", refusedFirst), 0);
  assert.equal(refusedFirst.host.error, "Service already exists\n");
});

test("messages of a restore come in the order of its lines", async () => {
  const scripted = scriptHost({
    stdin: ["-A -t 10.0.0.1:80\n-A -Q\n-A -t 10.0.0.1:80\n-C\n"],
    answers: { "add-service": errnoOf("EEXIST") },
  });
  assert.equal(await run("-R", scripted), 0);
  assert.equal(scripted.host.error, "Service already exists\n-Q: unknown option\nService already exists\n");
});

for (const [line, status] of [
  ["-A -t 10.0.0.1:80 -w x", 2],
  ["#", 255],
  ["-R", 255],
  ["-h", 0],
  ["-v", 0],
] as const) {
  test(`a restore ends at the line ${line}, with everything before it done`, async () => {
    const scripted = scriptHost({ stdin: [`-C\n${line}\n-Z\n`] });
    assert.equal(await run("-R", scripted), status);
    assert.deepEqual(methods(scripted), ["flush"]);
  });
}

test("a restore ends at a refused listing", async () => {
  const scripted = scriptHost({ stdin: ["-L -t 10.0.0.1:80\n-C\n"], answers: { service: errnoOf("ESRCH") } });
  assert.equal(await run("-R", scripted), 1);
  assert.deepEqual(methods(scripted), ["service"]);
});

test("a long restore keeps its order and its last status", async () => {
  const lines = Array.from({ length: 2_500 }, (_, index) => `-A -f ${index + 1}\n`);
  const scripted = scriptHost({ stdin: [lines.join("")] });
  assert.equal(await run("-R", scripted), 0);
  const marks = scripted.calls.slice(0, -1).map((call) => /"fwmark":(\d+)/.exec(call)?.[1]);
  assert.deepEqual(
    marks,
    lines.map((_, index) => String(index + 1)),
  );
});

test("ipvsadm-save takes -n and ignores words, but no other option", async () => {
  for (const words of [[], ["-n"], ["word"], ["word", "-n", "-n"]]) {
    const scripted = scriptHost({ answers: { serviceSettings: [] } });
    assert.equal(await runSave(words, scripted.host), 0);
    assert.deepEqual(methods(scripted), ["serviceSettings"]);
  }
  for (const words of [["-x"], ["-nn"], ["-n", "--numeric"], ["--", "-n"]]) {
    const scripted = scriptHost();
    assert.equal(await runSave(words, scripted.host), 1);
    assert.match(scripted.host.error, /^ipvsadm-save: .*\n.*-n option.*\n$/);
    assert.deepEqual(scripted.calls, []);
  }
});

test("ipvsadm-restore clears the table first and knows comments", async () => {
  const scripted = scriptHost({ stdin: ["# rules\n-A -t 10.0.0.1:80\n#", "x\n-Z"] });
  assert.equal(await runRestore([], scripted.host), 0);
  assert.deepEqual(methods(scripted), ["flush", "add-service", "zero"]);
});

test("ipvsadm-restore takes rules for rules when a document follows a comment", async () => {
  const scripted = scriptHost({ stdin: ['# rules\n{"services": []}\n-A -t 10.0.0.1:80\n'] });
  await runRestore([], scripted.host);
  assert.doesNotMatch(scripted.host.error, /line 1, column|version/);
});
