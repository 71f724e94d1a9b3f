import assert from "node:assert/strict";
import { test } from "node:test";
import { PlainRuleReader } from "../../../src/classic/restore/fast/plain-rules.js";
import { restore } from "../../../src/classic/restore/restore.js";
import { runRestore } from "../../../src/classic/run/scripts.js";
import type { IpvsClient } from "../../../src/ipvs/client.js";
import { encodeChanges } from "../../../src/ipvs/wire/encode-change.js";
import type { Change } from "../../../src/model/change.js";
import { assertLinear, assertRatio, memoryOf } from "../../support/cost.js";
import { makeHost } from "../../support/fake-host.js";
import { scriptHost } from "../../support/scripted-host.js";

/*
 * Rules far from any real ones cost time in proportion to their length, on -R as with ipvsadm-restore.
 */

const megabyte = 2 ** 20;
const chunkLength = 65536;

/** A kernel that makes every change. */
const client = { change: async (changes: readonly Change[]) => changes.map(() => undefined) } as unknown as IpvsClient;

function hostOf(text: string) {
  const length = Math.ceil(text.length / chunkLength);
  const stdin = Array.from({ length }, (_, index) => text.slice(index * chunkLength, (index + 1) * chunkLength));
  return makeHost({ stdin });
}

/** A text of about `size` characters that consists of a beginning and repetitions. */
const repeated =
  (beginning: string, part: string, end = "") =>
  (size: number) =>
    beginning + part.repeat(size / part.length) + end;

const lines: Readonly<Record<string, (size: number) => string>> = {
  "one word": repeated("-A -t ", "1"),
  "many words": repeated("-A -t 10.0.0.1:80 ", "a "),
  "many options": repeated("-A -f 1 ", "-6 "),
  "many letters behind one dash": repeated("-A -f 1 -", "6"),
  "values that popt expands": repeated("-A -f 1 ", "-s !#:+!#:+ "),
  "a value that popt expands again and again": repeated("-A -f 1 -s ", "!#:+", ` ${"b".repeat(4000)}`),
  "blanks at the beginning": repeated("", " ", "-A -f 1"),
  "blanks before something unknown": repeated("-A -f 1 -s rr", " ", "x"),
  "a plain rule that goes on": repeated("-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w ", "9"),
  "NUL bytes": repeated("-A -f 1 ", "\0"),
  "no word at all": repeated("", "\n"),
};

for (const [what, make] of Object.entries(lines)) {
  test(`a line of 1 and of 4 MB: ${what}`, async () => {
    await assertLinear(
      (size) => hostOf(make(size)),
      (host) => restore("ipvsadm", client, host),
      megabyte,
    );
  });
}

const address = (index: number) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

function serverRules(count: number): string {
  const rules = Array.from({ length: count }, (_, index) => `-a -t 10.0.0.1:80 -r ${address(index)}:80 -m -w 1\n`);
  return `-A -t 10.0.0.1:80 -s wlc\n${rules.join("")}`;
}

test("rules of 25,000 and of 100,000 servers", async () => {
  await assertLinear(
    (count) => hostOf(serverRules(count)),
    (host) => restore("ipvsadm", client, host),
    25_000,
  );
});

function changesOf(text: string): Change[] {
  const reader = new PlainRuleReader();
  return text.split("\n").flatMap((line) => reader.read(line) ?? []);
}

for (const [what, encode] of [
  ["one by one", (changes: readonly Change[]) => changes.map((change) => encodeChanges([change])).length],
  ["at once", (changes: readonly Change[]) => encodeChanges(changes).length],
] as const) {
  test(`changes of 25,000 and of 100,000 servers are encoded ${what}`, async () => {
    await assertLinear((count) => changesOf(serverRules(count)), encode, 25_000);
  });
}

test("changes of twice as many servers take twice the memory", async () => {
  const memory = (count: number) => memoryOf(() => changesOf(serverRules(count)));
  await assertRatio(
    3,
    () => memory(100_000),
    () => memory(50_000),
  );
});

test("ipvsadm-restore takes a chunk of any number of lines", async () => {
  const scripted = scriptHost({ stdin: ["\n".repeat(300_000), "-A -f 1\n"] });
  assert.equal(await runRestore([], scripted.host), 0);
  assert.deepEqual(
    scripted.calls.map((call) => call.split(" ")[0]),
    ["flush", "close", "add-service", "close"],
  );
});
