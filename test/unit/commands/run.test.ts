import assert from "node:assert/strict";
import { test } from "node:test";
import { verbs } from "../../../src/commands/registry.js";
import { runVerb } from "../../../src/commands/run.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { makeHost } from "../../support/fake-host.js";

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
  ["watch --interval 0", /--interval takes seconds from 0.1/],
  ["watch --interval 1e9", /--interval takes seconds/],
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
