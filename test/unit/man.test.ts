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

test("ipvsadm(8) lists every verb with its summary, and refers to its page", () => {
  const text = readFileSync(`${folder}ipvsadm.8`, "utf8");
  const section = (name: string) => text.split(/^\.Sh /m).find((part) => part.startsWith(`${name}\n`)) ?? "";
  assert.deepEqual(
    [...section("MORE COMMANDS").matchAll(/^\.It Cm (\w+)\n(.*)\.$/gm)].map(([, name, summary]) => ({ name, summary })),
    verbs.map(({ name, summary }) => ({ name, summary })),
  );
  assert.deepEqual(
    [...section("SEE ALSO").matchAll(/^\.Xr (ipvsadm\S*) 8/gm)].map(([, name]) => `${name}.8`),
    pages.filter((name) => name !== "ipvsadm.8").sort(),
  );
});

test("no page makes an option of a command, or its own name of the program's", () => {
  const faults = pages.flatMap((name) =>
    readFileSync(`${folder}${name}`, "utf8")
      .split("\n")
      // After a comma, mdoc takes another word of Fl for an option too. Nm alone is the name of the page.
      .filter((line) => /Fl Fl [\w-]+ , [a-z]/.test(line) || (line === ".Nm" && /^ipvsadm-(?!save|restore)/.test(name)))
      .map((line) => `${name}: ${line}`),
  );
  assert.deepEqual(faults, []);
});

const service = ["tcp-service", "udp-service", "sctp-service", "fwmark-service", "ipv6"];

/** Words that stand for options in a synopsis. */
const wordsOfSynopses = {
  service,
  condition: [
    "protocol",
    "client",
    "virtual",
    "server",
    ...service,
    "state",
    "not-state",
    "expires",
    "templates",
    "pe",
    "origin",
  ],
  options: ["watch", "only", "skip", "threshold", "json", "fix-script", "netns"],
};

for (const { name: verb, summary, load } of verbs) {
  test(`the page of ${verb} has its summary and every option`, async () => {
    const page = readFileSync(`${folder}ipvsadm-${verb}.8`, "latin1");
    assert.ok(page.includes(`.Nd ${summary.charAt(0).toLowerCase()}${summary.slice(1)}\n`), summary);
    const flags: Record<string, { char?: string | undefined; helpValue?: unknown }> = flagsOf(await load());
    for (const [name, { char, helpValue = "" }] of Object.entries(flags)) {
      assert.match(page, new RegExp(`Fl Fl ${name}\\b`), `--${name}`);
      // A value of one word has the same name in the help.
      if (typeof helpValue === "string" && /^[A-Z]+$/.test(helpValue)) {
        assert.match(page, new RegExp(`^\\.It .*Fl Fl ${name} Ar ${helpValue.toLowerCase()}\\b`, "m"), `--${name}`);
      }
      assert.notEqual(helpValue, "SECONDS", `--${name} takes a unit, too`);
      if (char !== undefined) assert.match(page, new RegExp(`Fl ${char} ,`), `-${char}`);
    }
  });

  test(`the page of ${verb} has no other option, and each with the argument that it takes`, async () => {
    const flags = Object.entries<{ type: string; aliases?: readonly string[] }>(flagsOf(await load()));
    const takesArgument = new Map(
      flags.flatMap(([name, { type, aliases = [] }]) => [name, ...aliases].map((each) => [each, type === "option"])),
    );
    const page = readFileSync(`${folder}ipvsadm-${verb}.8`, "latin1");
    for (const [, heading = ""] of page.matchAll(/^\.It (.*Fl Fl .*)$/gm)) {
      for (const [, name = ""] of heading.matchAll(/Fl Fl ([\w-]+)/g)) {
        if (name === "ipv6") continue;
        assert.equal(takesArgument.get(name.replace(/^no-(?=templates)/, "")), / (Ar|Cm) /.test(heading), `--${name}`);
      }
    }
  });

  test(`the synopsis of ${verb} has every option, but those that it has a word for`, async () => {
    const page = readFileSync(`${folder}ipvsadm-${verb}.8`, "latin1");
    const synopsis = page.split(/^\.Sh /m).find((part) => part.startsWith("SYNOPSIS\n")) ?? "";
    const words = Object.entries(wordsOfSynopses).filter(([word]) => synopsis.includes(`Ar ${word}`));
    const meant = new Set(words.flatMap(([, names]) => names));
    for (const [name, { char }] of Object.entries<{ char?: string }>(flagsOf(await load()))) {
      if (meant.has(name)) continue;
      const names = char === undefined ? `Fl Fl ${name}\\b` : `Fl (Fl ${name}|${char})\\b`;
      assert.match(synopsis, new RegExp(names), `--${name}`);
    }
  });
}
