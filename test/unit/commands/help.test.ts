import assert from "node:assert/strict";
import { test } from "node:test";
import * as Flags from "@oclif/core/flags";
import { renderUsageLine } from "../../../src/commands/help/usage-line.js";
import { flagsOf, verbs } from "../../../src/commands/registry.js";
import { runVerb } from "../../../src/commands/run.js";
import { findNearest } from "../../../src/model/input/nearest-name.js";
import { makeHost } from "../../support/fake-host.js";

async function run(...args: string[]): Promise<{ status: number; output: string; error: string }> {
  const host = makeHost();
  const status = await runVerb(args, host);
  return { status, output: host.output, error: host.error };
}

async function usageOf(verb: string): Promise<string> {
  const { output } = await run(verb, "--help");
  return (/^USAGE\n([\s\S]*?)\n\n/m.exec(output)?.[1] ?? "").replaceAll(/\s+/g, " ").trim();
}

test("a usage line has its words, what must be given, and what may be", () => {
  const flags = {
    wide: Flags.boolean({ char: "w", allowNo: false }),
    size: Flags.string({ helpValue: "SIZE", required: true }),
    name: Flags.string({ helpValue: "NAME", multiple: true }),
    order: Flags.option({ options: ["up", "down"] as const })(),
    color: Flags.boolean({ allowNo: true }),
  };
  assert.equal(renderUsageLine(flags, {}), "--size SIZE [-w] [--name NAME...] [--order up|down] [--[no-]color]");
});

test("only flags of which each excludes all others stand between bars", () => {
  const flags = {
    plan: Flags.boolean({ exclusive: ["file", "only"] }),
    file: Flags.boolean(),
    only: Flags.boolean(),
    a: Flags.boolean({ exclusive: ["b", "c"] }),
    b: Flags.boolean({ exclusive: ["c", "nothing"] }),
    c: Flags.boolean(),
  };
  assert.equal(renderUsageLine(flags, {}), "[--plan | --file] [--only] [--a | --b | --c]");
});

test("a flag that needs another one stands behind it", () => {
  const flags = {
    keep: Flags.boolean({ dependsOn: ["deadline"] }),
    deadline: Flags.string({ helpValue: "TIME", exclusive: ["none"] }),
    none: Flags.boolean(),
  };
  assert.equal(renderUsageLine(flags, {}), "[--deadline TIME [--keep] | --none]");
});

test("usage lines say of real verbs what is so", async () => {
  assert.match(await usageOf("apply"), /^\$ ipvsadm apply \[-f FILE \| --plan FILE\] \[--only SELECTOR\.\.\.\] /);
  assert.match(await usageOf("drain"), / \[--deadline TIME \[--at-deadline keep\|delete\|undrain\] \| --no-wait\] /);
  assert.match(await usageOf("explain"), /^\$ ipvsadm explain \[ERROR\|OPERATION\|MESSAGE\] /);
});

for (const { name: verb, load } of verbs) {
  test(`the usage line of ${verb} has no rest of what oclif joined`, async () => {
    assert.doesNotMatch(await usageOf(verb), / \]|\| *[|\]]|\[ *\||\.{4}/);
    const { output } = await run(verb, "--help");
    assert.doesNotMatch(output, /\.\.\.\.\./);
    const { usage, ...command } = await load();
    if (usage !== undefined) return;
    for (const [name, { char }] of Object.entries<{ char?: string }>(flagsOf(command))) {
      assert.match(
        await usageOf(verb),
        new RegExp(`[[ ](${char === undefined ? "" : `-${char}|`}--(\\[no-\\])?${name})\\b`),
      );
    }
  });
}

const slips: readonly [line: string, sentence: string, advice: string][] = [
  ["apply ok.yaml", "Unexpected argument: ok.yaml", "use -f ok.yaml"],
  ["drain 10.0.0.1", "Unexpected argument: 10.0.0.1", "use --server 10.0.0.1"],
  ["apply --dryrun", "Nonexistent flag: --dryrun", "did you mean --dry-run?"],
  ["set -t 192.0.2.10:80 -w 0", "Nonexistent flag: -w", "use weight=NUMBER"],
  ["drain --server 10.0.0.1 -w 0", "Nonexistent flag: -w", "leave it out; drain sets the weight to 0"],
  ["doctor vip-locale", "unknown value vip-locale", "did you mean vip-local?"],
  ["doctor --only vip-locale", "unknown value --only=vip-locale", "did you mean vip-local?"],
  ["doctor zzzzzzzz", "unknown value zzzzzzzz", "'ipvsadm doctor --help' has the list"],
  ["watch --sort nane", "--sort=nane must be one of: name, active, conns, packets, bytes, none", "did you mean name?"],
  [
    "flush --only eth0 --yes",
    '--only takes [tcp:|udp:|sctp:]ADDRESS[/LENGTH][:PORT], fwmark:MARK or if:INTERFACE, not "eth0"',
    "An IPv6 address with a port stands in brackets: [2001:db8::1]:80",
  ],
];

for (const [line, sentence, advice] of slips) {
  test(`ipvsadm ${line}: the message says what to do`, async () => {
    const [verb = "", ...args] = line.split(" ");
    const { status, error } = await run(verb, ...args);
    assert.equal(status, 2);
    assert.equal(error, `ipvsadm ${verb}: ${sentence}\n${advice}\n`);
  });
}

test("help of a verb that is misspelled names the verb", async () => {
  assert.equal((await run("help", "aply")).error, "ipvsadm: unknown command 'aply'\nDid you mean 'apply'?\n");
});

test("who gives no file at a terminal is told what is read", async () => {
  for (const line of [["apply"], ["diff"], ["doctor", "-f", "-"]]) {
    const host = makeHost({ inputIsTerminal: true });
    assert.equal(await runVerb(line, host), 2);
    const [verb] = line;
    assert.equal(
      host.error,
      `ipvsadm ${verb}: reading the terminal until Ctrl-D; use -f FILE for a file\nipvsadm ${verb}: the input is empty\n`,
    );
  }
  const piped = makeHost();
  await runVerb(["apply"], piped);
  assert.equal(piped.error, "ipvsadm apply: the input is empty\n");
});

test("-h is help", async () => {
  assert.equal((await run("apply", "-h")).output, (await run("apply", "--help")).output);
});

test("the nearest name is found where one is near", () => {
  assert.equal(findNearest("dryrun", ["json", "dry-run", "wait"]), "dry-run");
  assert.equal(findNearest("frobnicate", ["json", "dry-run", "wait"]), undefined);
  assert.equal(findNearest("x", ["yes"]), undefined);
});
