import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { commands, options } from "../../src/classic/options.js";
import { Watch } from "../../src/commands/watch.js";

const folder = new URL("../../../man/", import.meta.url).pathname;
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
  assert.deepEqual(pages.sort(), ["ipvsadm-restore.8", "ipvsadm-save.8", "ipvsadm-watch.8", "ipvsadm.8"]);
});

for (const page of pages) {
  test(`${page} passes mandoc's lint`, () => {
    const { error, status, stdout } = spawnSync("mandoc", ["-T", "lint", "-W", "warning", `${folder}${page}`], {
      encoding: "utf8",
    });
    assert.equal(error, undefined, "mandoc must be installed");
    assert.equal(stdout, "");
    assert.equal(status, 0);
  });
}

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

test("the page of watch has every option of it", () => {
  const page = readFileSync(`${folder}ipvsadm-watch.8`, "latin1");
  for (const [name, { char }] of Object.entries<{ char?: string }>(Watch.flags)) {
    assert.match(page, new RegExp(`Fl Fl ${name}\\b`), `--${name}`);
    if (char !== undefined) assert.match(page, new RegExp(`Fl ${char} ,`), `-${char}`);
  }
});
