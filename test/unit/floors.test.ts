import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fromRoot } from "../support/paths.js";

/** The floor of each folder of src, and of each file at its root. Imports go strictly down, or stay within the folder. */
const floors: Readonly<Record<string, number>> = {
  entry: 8,
  index: 8,
  library: 7,
  commands: 7,
  classic: 6,
  cli: 5,
  doctor: 5,
  drain: 5,
  watch: 4,
  transaction: 4,
  metrics: 4,
  host: 3,
  plan: 3,
  connections: 3,
  explain: 3,
  format: 2,
  ipvs: 2,
  rtnetlink: 2,
  netlink: 1,
  names: 1,
  proc: 1,
  model: 0,
  platform: 0,
  bytes: -1,
};

/** What computes and has no effects: none of it imports the platform. */
const pure = [
  /^model\//,
  /^format\//,
  /^plan\/(?!apply\.)/,
  /^drain\/(drain-wait|ramp-steps|remarks)\./,
  /^cli\//,
  /^classic\/grammar\//,
  /^doctor\/(?!look|examine)/,
];

/** Folders that stay ignorant of others below them. */
const ignorant: Readonly<Record<string, readonly string[]>> = { netlink: ["model"] };

/** What only one place may use: the pattern, and the files that may. */
const reserved: readonly { readonly what: string; readonly pattern: RegExp; readonly allowed: RegExp }[] = [
  { what: "oclif", pattern: /"@oclif\//, allowed: /^commands\// },
  {
    what: "process.exit and the standard streams",
    pattern: /\bprocess\.(exit|exitCode|stdout|stderr|stdin)\b/,
    allowed: /^platform\/(process|prompt|streams|terminal)\.ts$/,
  },
  { what: "the word ipvs", pattern: /ipvs|ip_vs/i, allowed: /^(?!netlink\/)/ },
  {
    what: "a runtime's own API",
    pattern: /\bBun\.|(from |import\()"(bun[":]|netlink["/])/,
    allowed:
      /^(netlink\/socket\/(node|bun)-socket|names\/bun-hosts|platform\/(bun-calls|bun-modules\.d|libc|memory\/bun-keeper|namespace\/bun-namespace|state\/bun-flock))\.ts$/,
  },
  {
    what: "the small executable's host",
    pattern: /from "host"/,
    allowed: /\/quickjs[-/][\w-]+\.ts$|^entry\/small\.ts$/,
  },
  {
    what: "variables that decide about colors and cursors",
    pattern: /\bNO_COLOR\b|\bTERM\b|FORCE_COLOR/,
    allowed: /^(host\/terminal-abilities|platform\/quickjs\/process)\.ts$/,
  },
  { what: "a shell", pattern: /(?<!\.)\bexec(Sync)?\(|shell: true/, allowed: /^$/ },
  {
    what: "the package yaml, which only its own folder loads",
    pattern: /(from |import\()"yaml"/,
    allowed: /^format\/yaml\//,
  },
  {
    what: "a static import of format/yaml, which is loaded only for YAML",
    pattern: /\bfrom "[./]+\/yaml\//,
    allowed: /^$/,
  },
  // The executable would load the module at its start, which takes it a millisecond; all but one of these are loaded by
  // themselves, and Node has loaded it before.
  {
    what: "node:fs",
    pattern: /"node:fs(\/promises)?"/,
    allowed: /^platform\/(node-calls|prompt|terminal|(state|namespace)\/[a-z-]+)\.ts$/,
  },
  { what: "starting programs", pattern: /"node:child_process"|\bspawn/, allowed: /^platform\// },
];

const longestFile = 300;
const fullestFolder = 15;

interface SourceFile {
  /** Relative to src, with its extension. */
  readonly path: string;
  readonly text: string;
  /** The files of ours that it imports, likewise, types included. */
  readonly imports: readonly string[];
}

const source = fromRoot("src/");

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => {
    const text = readFileSync(join(source, path), "utf8");
    return { path, text, imports: importsOf(path, text) };
  });

function importsOf(path: string, text: string): string[] {
  const specifiers = text.matchAll(/(?:^|\n)(?:import|export)\b[^;"]*?"([^"]+)"|\bimport\("([^"]+)"\)/g);
  return [...specifiers]
    .map(([, statically, dynamically]) => statically ?? dynamically ?? "")
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(path), specifier)).replace(/\.js$/, ".ts"));
}

/** `ipvs/client.ts` -> `ipvs`, `index.ts` -> `index`. */
function roomOf(path: string): string {
  return path.replace(/\.ts$/, "").replace(/\/.*/, "");
}

/** Every import of one file by another that `isWrong` finds wrong, as text. */
function findImports(isWrong: (from: string, to: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter((imported) => isWrong(path, imported)).map((imported) => `${path} imports ${imported}`),
  );
}

test("every folder and root file of src has a floor", () => {
  assert.ok(files.length > 0);
  const unknown = files.map(({ path }) => path).filter((path) => floors[roomOf(path)] === undefined);
  assert.deepEqual(unknown, []);
});

test("imports go strictly down the floors, or stay within a folder", () => {
  const goesUp = (from: string, to: string) => {
    const [above, below] = [roomOf(from), roomOf(to)];
    return above !== below && (floors[above] ?? -1) <= (floors[below] ?? Number.POSITIVE_INFINITY);
  };
  assert.deepEqual(findImports(goesUp), []);
});

test("no file imports itself in a circle", () => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const imported of byPath.get(path)?.imports ?? []) {
      const circle = visit(imported, [...trail, path]);
      if (circle !== undefined) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of files) assert.deepEqual(visit(path, [])?.join(" -> "), undefined);
});

test("pure folders import no platform", () => {
  const isPure = (path: string) => pure.some((pattern) => pattern.test(path));
  assert.deepEqual(
    findImports((from, to) => isPure(from) && roomOf(to) === "platform"),
    [],
  );
});

test("netlink knows nothing of the model", () => {
  assert.deepEqual(
    findImports((from, to) => ignorant[roomOf(from)]?.includes(roomOf(to)) ?? false),
    [],
  );
});

/** What each runtime or socket has under the same name, because it is the same to its caller. */
const twins: ReadonlySet<string> = new Set(["openSocket"]);

/** Files that take the place of another in the small executable: `quickjs/process.ts` that of `process.ts`. */
function isTwin(path: string): boolean {
  return path.includes("/quickjs/") && files.some((file) => file.path === path.replace("/quickjs/", "/"));
}

test("a file that takes the place of another in the small executable exports all that it does", () => {
  const exportsOf = (path: string) => {
    const text = files.find((file) => file.path === path)?.text ?? "";
    return Array.from(
      text.matchAll(/^export (?:async )?(?:function\*?|class|const|let) ([\w$]+)/gm),
      ([, name]) => name,
    );
  };
  const replacements = files.map(({ path }) => path).filter(isTwin);
  assert.ok(replacements.length >= 4);
  for (const path of replacements) {
    const missing = exportsOf(path.replace("/quickjs/", "/")).filter((name) => !exportsOf(path).includes(name));
    assert.deepEqual(missing, [], path);
  }
});

test("a top-level name means one thing in the whole of src", () => {
  const places = new Map<string, string[]>();
  const declaration =
    /^(?:export )?(?:async )?(?:abstract )?(?:function\*?|class|interface|type|const|let) ([A-Za-z_$][\w$]*)/gm;
  for (const { path, text } of files.filter(({ path }) => !isTwin(path))) {
    for (const name of new Set(Array.from(text.matchAll(declaration), ([, name = ""]) => name))) {
      if (!twins.has(name)) places.set(name, [...(places.get(name) ?? []), path]);
    }
  }
  assert.ok(places.size > 500);
  assert.deepEqual(
    [...places].filter(([, paths]) => paths.length > 1),
    [],
  );
});

for (const { what, pattern, allowed } of reserved) {
  test(`${what}: only where it belongs`, () => {
    const wrong = files.filter(({ path, text }) => pattern.test(text) && !allowed.test(path)).map(({ path }) => path);
    assert.deepEqual(wrong, []);
  });
}

test(`no source file is longer than ${longestFile} lines`, () => {
  const long = files.filter(({ text }) => text.split("\n").length - 1 > longestFile).map(({ path }) => path);
  assert.deepEqual(long, []);
});

test(`no folder holds more than ${fullestFolder} files`, () => {
  const counts = new Map<string, number>();
  for (const { path } of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  assert.deepEqual(
    [...counts].filter(([, count]) => count > fullestFolder),
    [],
  );
});
