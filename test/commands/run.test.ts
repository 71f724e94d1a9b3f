import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "../../src/commands/index.js";
import { commandNames } from "../../src/commands/names.js";
import { runCommand } from "../../src/commands/run.js";

async function run(...words: string[]): Promise<{ status: number; output: string; error: string }> {
  let output = "";
  let error = "";
  const status = await runCommand(words, {
    environment: {},
    output: (text) => {
      output += text;
    },
    error: (text) => {
      error += text;
    },
    openClient: () => Promise.reject(new Error("not in this test")),
    resolver: {
      hostAddress: () => Promise.resolve(undefined),
      hostName: () => Promise.resolve(undefined),
      servicePort: () => undefined,
      serviceName: () => undefined,
    },
  });
  return { status, output, error };
}

test("the names by which commands are told from options are those of the commands", () => {
  assert.deepEqual(commandNames, [...Object.keys(commands), "help"]);
});

test("help lists every command, and tells of each", async () => {
  const { status, output } = await run("help");
  assert.equal(status, 0);
  for (const name of Object.keys(commands)) {
    assert.match(output, new RegExp(`^  ${name} `, "m"));
    const help = await run("help", name);
    assert.equal(help.status, 0);
    assert.match(help.output, /FLAGS/);
    assert.equal((await run(name, "--help")).output, help.output);
  }
});

const faults: readonly [string, RegExp][] = [
  ["help nothing", /no command nothing/],
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

for (const [words, sentence] of faults) {
  test(`ipvsadm ${words}: exit status 2 and a sentence`, async () => {
    const { status, output, error } = await run(...words.split(" "));
    assert.equal(status, 2);
    assert.equal(output, "");
    assert.match(error, sentence);
    assert.doesNotMatch(error, /\n {4}at /);
  });
}
