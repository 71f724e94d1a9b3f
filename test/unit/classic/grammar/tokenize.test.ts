import assert from "node:assert/strict";
import { test } from "node:test";
import { findByLetter } from "../../../../src/classic/grammar/options.js";
import { OptionReader } from "../../../../src/classic/grammar/tokenize.js";

/** Every option as `name=value`, then what is wrong, then the leftovers behind `|`. */
function read(line: string): string {
  const reader = new OptionReader(line === "" ? [] : line.split(" "));
  const parts: string[] = [];
  for (let option = reader.next(); option !== undefined; option = reader.next()) {
    if (typeof option === "string") {
      parts.push(`${reader.lastArg}: ${option}`);
      break;
    }
    parts.push(option.value === "" ? option.definition.name : `${option.definition.name}=${option.value}`);
  }
  return [...parts, ...(reader.leftovers.length > 0 ? ["|", ...reader.leftovers] : [])].join(" ");
}

const cases: Readonly<Record<string, string>> = {
  "": "",
  "-Ln": "list numeric",
  "-ln": "list numeric",
  "-w3": "weight=3",
  "-w=3": "weight=3",
  "-w==3": "weight==3",
  "-w -3": "weight=-3",
  "-mw3": "masquerading weight=3",
  "--weight=3": "weight=3",
  "--weight 3": "weight=3",
  "--weight=": "weight",
  "-p": "persistent=360",
  "-p 5": "persistent=5",
  "-p=5": "persistent=5",
  "-p -n": "persistent=360 numeric",
  "-p=": "persistent",
  "-pn": "persistent=n",
  "-p -- 5": "persistent=360 | 5",
  "-s -- rr": "scheduler=-- | rr",
  "-n a -X b": "numeric exact | a b",
  "-n -- -X": "numeric | -X",
  "- -n": "numeric | -",
  "-nQX": "numeric -nQX: unknown option",
  "--num": "--num: unknown option",
  "--num=3": "--num=3: unknown option",
  "-numeric": "numeric udp-service=meric",
  "---n": "---n: unknown option",
  "-n=": "-n=: option does not take an argument",
  "--numeric=": "--numeric=: option does not take an argument",
  "-nw": "numeric -nw: missing argument",
  "--weight": "--weight: missing argument",
  "-s !#:+ rr": "scheduler=rr",
  "-s r!#:+!#:+ -n x y": "scheduler=rxx numeric | y",
  "-s !#:+ -p 7 rr": "scheduler=7 persistent=7 | rr",
  "-s !#:+ -n": "scheduler=!#:+ numeric",
};

for (const [line, expected] of Object.entries(cases)) {
  test(`reads ${line || "nothing"}`, () => assert.equal(read(line), expected));
}

test("two arguments of the longest that Linux takes do not fill the memory", () => {
  const [markers, arg] = ["!#:+".repeat(32_000), "b".repeat(130_000)];
  const reader = new OptionReader(["-s", markers, arg]);
  assert.deepEqual(reader.next(), { definition: { ...findByLetter("s") }, value: markers });
  assert.equal(reader.next(), undefined);
  assert.deepEqual(reader.leftovers, [arg]);
});
