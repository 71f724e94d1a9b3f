import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { flagsOf, verbs } from "../../src/commands/registry.js";
import { fromRoot } from "../support/paths.js";

const root = fromRoot("");

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}

/** Every page of the documentation, by its path in the project. */
const pages = [...readdirSync(root).filter((name) => name.endsWith(".md")), "test/README.md", ...markdownIn("docs")];

/** Pages that describe the project as it is, in the house style. Notes describe what it was on their day. */
const maintained = ["CONTRIBUTING.md", "test/README.md", ...markdownIn("docs")].filter(
  (page) => !page.startsWith("docs/notes/2"),
);

const manuals = readdirSync(join(root, "man")).map((name) => join("man", name));

function read(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

/** The text without code blocks. */
function proseOf(page: string): string {
  return read(page).replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
}

/** The places in the project that a page links to, with their anchors. */
function linksOf(page: string): { path: string; anchor: string | undefined }[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = "", anchor] = target.split("#");
      return { path: path === "" ? page : normalize(join(dirname(page), path)), anchor };
    });
}

/** The anchor that a heading of Markdown gets. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

test("every link of the documentation leads somewhere", () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter(
        ({ path, anchor }) =>
          !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor)),
      )
      .map(({ path, anchor }) => `${page}: ${path}${anchor === undefined ? "" : `#${anchor}`}`),
  );
  assert.deepEqual(broken, []);
});

test("every link of a page in the npm package leads to a file in it", () => {
  const report = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  const packed = new Set<string>();
  for (const { path } of JSON.parse(report)[0].files) {
    // Folders can be linked to as well.
    for (let place = path; place !== "."; place = dirname(place)) packed.add(place);
  }
  const packedPages = pages.filter((page) => packed.has(page));
  assert.ok(packedPages.includes("README.md"));
  const broken = packedPages.flatMap((page) =>
    linksOf(page)
      .filter(({ path }) => !packed.has(path))
      .map(({ path }) => `${page}: ${path}`),
  );
  assert.deepEqual(broken, []);
});

test("every file that the documentation names exists", () => {
  const named = /`((?:src|test|docs|scripts|packaging|schema|man|completions|bin)\/[\w./-]+)`/g;
  const missing = maintained.flatMap((page) =>
    [...proseOf(page).matchAll(named)]
      .map(([, path = ""]) => path)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  );
  assert.deepEqual(missing, []);
});

test("every page of docs is reached from docs/README.md", () => {
  const reached = new Set(["docs/README.md"]);
  for (const page of reached) {
    for (const { path } of linksOf(page)) if (path.startsWith("docs/") && path.endsWith(".md")) reached.add(path);
  }
  assert.deepEqual(
    markdownIn("docs").filter((page) => !reached.has(page)),
    [],
  );
});

test("lines of prose wrap at 100", () => {
  const long = maintained.flatMap((page) =>
    proseOf(page)
      .split("\n")
      .filter((line) => line.length > 100 && !line.startsWith("|"))
      .map((line) => `${page}: ${line}`),
  );
  assert.deepEqual(long, []);
});

test("every option that the documentation gives a verb exists", async () => {
  const known = new Map<string, Set<string>>();
  for (const { name, load } of verbs) {
    const flags = Object.entries<{ char?: string; aliases?: readonly string[]; allowNo?: boolean }>(
      flagsOf(await load()),
    );
    const names = flags.flatMap(([flag, { char, aliases = [], allowNo }]) => [
      `--${flag}`,
      ...aliases.map((alias) => `--${alias}`),
      ...(allowNo ? [`--no-${flag}`] : []),
      ...(char === undefined ? [] : [`-${char}`]),
    ]);
    known.set(name, new Set([...names, "--help"]));
  }
  const called = new RegExp(
    `\\bipvsadm (${[...known.keys()].join("|")})\\b((?:(?!\\bipvsadm\\b)[^\\n\`|;&>()])*)`,
    "g",
  );
  const unknown = [...maintained, "README.md", ...manuals].flatMap((page) =>
    [...read(page).matchAll(called)].flatMap(([call, verb = "", words = ""]) =>
      [...words.matchAll(/(?<= )(--[a-z][\w-]*|-[a-z]\b)/gi)]
        .filter(([option]) => !known.get(verb)?.has(option))
        .map(([option]) => `${page}: ${option} in: ${call}`),
    ),
  );
  assert.deepEqual(unknown, []);
});
