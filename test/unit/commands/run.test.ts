import assert from "node:assert/strict";
import { test } from "node:test";
import { exitStatus } from "../../../src/cli/exit-status.js";
import { VerbError } from "../../../src/cli/verb-error.js";
import { verbs } from "../../../src/commands/registry.js";
import { runVerb } from "../../../src/commands/run.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { Interrupted } from "../../../src/platform/signals.js";
import { FileError } from "../../../src/platform/state/file-error.js";
import { LockError } from "../../../src/platform/state/lock-error.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { makeHost } from "../../support/fake-host.js";
import { FakeKernel } from "../../support/fake-kernel.js";

async function run(...args: string[]): Promise<{ status: number; output: string; error: string }> {
  const host = makeHost();
  const status = await runVerb(args, host);
  return { status, output: host.output, error: host.error };
}

test("help lists every command, and tells of each", async () => {
  const { status, output } = await run("help");
  assert.equal(status, 0);
  for (const { name, summary } of verbs) {
    assert.match(output, new RegExp(`^  ${name} +${summary}$`, "m"));
    const help = await run("help", name);
    assert.equal(help.status, 0);
    assert.match(help.output, /FLAGS/);
    assert.equal((await run(name, "--help")).output, help.output);
  }
});

const faults: readonly [string, RegExp][] = [
  ["help nothing", /unknown command 'nothing'/],
  ["watch --nothing", /Nonexistent flag: --nothing/],
  ["watch more", /Unexpected argument: more/],
  ["watch --interval 99ms", /--interval takes a time from 100ms to 24h, such as/],
  ["watch --interval 24.1h", /--interval takes a time from 100ms to 24h, such as/],
  ["watch --interval 1e9", /--interval takes a time/],
  ["watch --count 0", /--count takes a whole number/],
  ["watch --sort size", /--sort=size to be one of/],
  ["watch -t 10.0.0.1:80 -u 10.0.0.1:80", /cannot also be provided/],
  ["watch -t nowhere.invalid:80", /illegal virtual server address/],
  ["watch --ipv6", /fwmark-service/],
  ["watch -f 0", /illegal virtual server firewall mark|fwmark/i],
];

for (const [line, sentence] of faults) {
  test(`ipvsadm ${line}: exit status 2 and a sentence`, async () => {
    const { status, output, error } = await run(...line.split(" "));
    assert.equal(status, 2);
    assert.equal(output, "");
    assert.match(error, sentence);
    assert.doesNotMatch(error, /\n {4}at /);
  });
}

for (const [what, files, sentence] of [
  [
    "without the module",
    {},
    "/proc/net/ip_vs does not exist: the kernel has no IPVS, or its module ip_vs is not loaded",
  ],
  [
    "where /proc/net is hidden",
    { dev: () => new SystemError(errnoOf("ENOENT")) },
    "/proc/net does not exist: /proc is not mounted, or is hidden from this process (as by ProcSubset=pid in a systemd unit)",
  ],
] as const) {
  test(`a table that cannot be read ${what} is exit status 7, and says why`, async () => {
    const host = makeHost({ files });
    assert.equal(await runVerb(["watch", "--count", "1"], host), 7);
    assert.equal(host.output, "");
    assert.equal(host.error, `ipvsadm watch: ${sentence}\n`);
  });
}

const failures: readonly [what: string, error: Error, status: number][] = [
  ["a refusal", new VerbError("no", exitStatus.refused), 3],
  ["half of the work", new VerbError("no", exitStatus.halfDone), 4],
  ["a deadline", new VerbError("no", exitStatus.deadline), 5],
  ["another's change", new VerbError("no", exitStatus.changedMeanwhile), 6],
  ["another's lock", new LockError(undefined, 0), 3],
  ["a file", new FileError("/file", new SystemError(errnoOf("ENOSPC"))), 7],
  ["SIGINT", new Interrupted("SIGINT"), 130],
  ["anything else", new Error("no"), 7],
];

for (const [what, error, status] of failures) {
  test(`a verb that ends by ${what} has exit status ${status}`, async () => {
    const host = makeHost();
    host.terminal.isOutput = () => Promise.reject(error);
    assert.equal(await runVerb(["watch"], host), status);
    assert.equal(host.error, `ipvsadm watch: ${error.message}\n`);
  });
}

/** Arguments as the system hands them in. */
const toArgs = (line: string) => Buffer.from(line, "utf8").toString("latin1").split(" ");

for (const line of [
  "help zu\u0308rück",
  "watch zürich",
  "diff --only zürich",
  "explain größer",
  "explain invalid fwmark value ü specified",
  "undo zürich",
  "undo --netns zürich",
]) {
  test(`ipvsadm ${line}: repeats what was typed`, async () => {
    const host = makeHost({
      openKernel: async () => new FakeKernel(),
      enterNamespace: () => ({ code: "ENOENT", reason: "No such file or directory" }),
    });
    await runVerb(toArgs(line), host);
    const said = Buffer.from(host.output + host.error, "latin1").toString("utf8");
    const [typed = ""] = /\S*[^ -~]\S*/.exec(line) ?? [];
    assert.ok(said.includes(typed), said);
  });
}
