import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { blocksOf } from "../support/markdown.js";
import { fromRoot } from "../support/paths.js";

const page = readFileSync(fromRoot("docs/first-change.md"), "utf8");
const copy = mkdtempSync(join(tmpdir(), "first-change-"));
after(() => rmSync(copy, { recursive: true }));

/** The block of TypeScript in which a text stands, as somebody copies it from the page. */
function snippet(text: string): string {
  const [found, ...others] = blocksOf(page, "ts").filter((block) => block.includes(text));
  assert.ok(found !== undefined && others.length === 0, `the page has one block with ${text}`);
  return found;
}

/** Where the page says that a snippet or a word goes. A file that has no such place has left the page behind. */
const edits: readonly { readonly file: string; readonly after: RegExp; readonly text: string }[] = [
  {
    file: "test/unit/format/text/listing.test.ts",
    after: /^ {4}\[\n {6}\{ view: "persistent-conn" \},\n(?:.*\n)*? {4}\],\n/m,
    text: snippet('"TCP  10.0.0.1:80 wlc"'),
  },
  {
    file: "test/unit/classic/grammar/parse.test.ts",
    after: /^test\("a list shows its subject in the view of highest precedence"(?:.*\n)*?(?= {2}\};\n)/m,
    text: snippet('"-L --totals"'),
  },
  { file: "src/format/text/list-format.ts", after: /export type ListView = .*(?="plain")/, text: '"totals" | ' },
  {
    file: "src/format/text/views.ts",
    after: /(?:^const \w+Column(?:.*\n)*?\};?\n)+/m,
    text: snippet("const totalColumn"),
  },
  {
    file: "src/format/text/views.ts",
    after: /^export const listViews(?:.*\n)*?(?=\};\n)/m,
    text: snippet("totals: settingsView"),
  },
  {
    file: "src/classic/grammar/options.ts",
    after: /^export const optionGroups = \[\n(?:.*\n)*?(?=\])/m,
    text: '  "totals",\n',
  },
  {
    file: "src/classic/grammar/options.ts",
    after: /^const optionTable = \[\n(?:.*\n)*?(?=\])/m,
    text: snippet('name: "totals"'),
  },
  {
    file: "src/classic/grammar/legality.ts",
    after: /^const listFormats.*\n(?:.*\n)*?(?=\])/m,
    text: '  "totals",\n',
  },
  { file: "src/classic/grammar/complete.ts", after: /^const views: [^;]*"(?=,?\s*\])/m, text: ', "totals"' },
];

function run(command: string, ...args: string[]): string {
  const env = { ...process.env };
  // Else the tests in the copy report to this one's runner.
  delete env.NODE_TEST_CONTEXT;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, env, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}` || `status ${status}`;
}

function failuresOf(tap: string): string[] {
  return [...tap.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name = ""]) => name);
}

/** Code without what the formatter changes. */
const squeeze = (code: string) => code.replaceAll(/\s/g, "").replaceAll(/,(?=[\])}])/g, "");

/** Whether somebody has made the edits on this branch. */
const isDone = /"totals"/.test(readFileSync(fromRoot("src/format/text/list-format.ts"), "utf8"));

test("a branch with the exercise of docs/first-change.md has all its edits", () => {
  if (!isDone) return;
  for (const { file, text } of edits) {
    const found = squeeze(readFileSync(fromRoot(file), "utf8")).includes(squeeze(text).replace(/,$/, ""));
    assert.ok(found, `${file} has what the page says: ${text}`);
  }
});

test("who follows docs/first-change.md gets what it promises", () => {
  // Then the other tests run on the result.
  if (isDone) return;
  for (const name of ["src", "test", "man", "completions", "package.json", "tsconfig.json", "biome.json"]) {
    cpSync(fromRoot(name), join(copy, name), { recursive: true });
  }
  symlinkSync(fromRoot("node_modules"), join(copy, "node_modules"));
  for (const { file, after, text } of edits) {
    assert.ok(page.includes(`\`${file}\``), `the page names ${file}`);
    const path = join(copy, file);
    const source = readFileSync(path, "utf8");
    const [place] = after.exec(source) ?? [];
    assert.ok(place, `${file} has the place that the page describes: ${after}`);
    writeFileSync(
      path,
      source.replace(place, () => place + text),
    );
  }
  const files = [...new Set(edits.map(({ file }) => file))];
  const biome = (...args: string[]) => run("node_modules/.bin/biome", "check", "--vcs-enabled=false", ...args);
  assert.equal(biome(...files.filter((file) => file.startsWith("test/"))), "");
  // The page says to format the source before the tests run.
  assert.equal(biome("--write", ...files), "");
  assert.equal(run("node_modules/.bin/tsc", "-p", "test/tsconfig.json"), "");
  const [unit, rest] = [
    ["format/text/listing", "classic/grammar/parse"],
    ["man", "completions"],
  ].map((names) =>
    run(process.execPath, "--test", "--test-reporter=tap", ...names.map((name) => `build/test/unit/${name}.test.js`)),
  );
  assert.equal(unit, "");
  const promised = [...page.matchAll(/^not ok - (.*)$/gm)].map(([, name]) => name);
  assert.deepEqual(failuresOf(rest ?? "").sort(), promised.sort());
});
