import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { commands, options } from "../../src/classic/grammar/options.js";
import { flagsOf, verbs } from "../../src/commands/registry.js";
import { fromRoot } from "../support/paths.js";

const folder = fromRoot("man/");
const pages = readdirSync(folder).filter((name) => name.endsWith(".8"));

interface Entry {
  readonly name: string;
  readonly letters: string;
  /** What stands behind the names, in mdoc. */
  readonly rest: string;
}

/** The entries `.It Fl a , Fl -name REST` of a section of ipvsadm(8), by name. */
function entriesOf(section: string): Entry[] {
  const text = readFileSync(`${folder}ipvsadm.8`, "utf8");
  const body = text.split(/^\.Sh /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  return [...body.matchAll(/^\.It (.*)$/gm)]
    .map(([line, heading = ""]) => {
      const match = /^((?:Fl \w , )*)Fl -([a-z0-9-]+) ?(.*)$/.exec(heading);
      assert.ok(match, `cannot read the entry: ${line}`);
      const [, short = "", name = "", rest = ""] = match;
      return { name, letters: short.replaceAll(/Fl (\w) , /g, "$1"), rest };
    })
    .sort(byName);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function argumentOf(rest: string): string {
  if (rest === "") return "none";
  return rest.startsWith("Op ") ? "optional" : "required";
}

test("there is a page for each program and for each command that is a word", () => {
  const programs = ["ipvsadm", "ipvsadm-restore", "ipvsadm-save"];
  assert.deepEqual(
    pages.sort(),
    [...programs, ...verbs.map(({ name }) => `ipvsadm-${name}`)].map((name) => `${name}.8`).sort(),
  );
});

test("ipvsadm(8) has the commands of the table, each once, under all its names", () => {
  assert.deepEqual(
    entriesOf("COMMANDS").map(({ name, letters }) => ({ name, letters })),
    [...commands].sort(byName).map(({ name, letters }) => ({ name, letters })),
  );
});

test("ipvsadm(8) has the options of the table, each once, under all its names, with its argument", () => {
  assert.deepEqual(
    entriesOf("OPTIONS").map(({ name, letters, rest }) => ({ name, letters, argument: argumentOf(rest) })),
    [...options].sort(byName).map(({ name, letters, argument }) => ({ name, letters, argument })),
  );
});

for (const { name: verb, summary, load } of verbs) {
  test(`the page of ${verb} has its summary and every option`, async () => {
    const page = readFileSync(`${folder}ipvsadm-${verb}.8`, "latin1");
    assert.ok(page.includes(`.Nd ${summary.charAt(0).toLowerCase()}${summary.slice(1)}\n`), summary);
    for (const [name, { char }] of Object.entries<{ char?: string }>(flagsOf(await load()))) {
      assert.match(page, new RegExp(`Fl Fl ${name}\\b`), `--${name}`);
      if (char !== undefined) assert.match(page, new RegExp(`Fl ${char} ,`), `-${char}`);
    }
  });
}
