import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";

/** What each folder of src may import besides itself. A path names one file, a folder everything in it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  commands: ["watch", "classic", "ipvs", "proc", "output", "json", "names", "process", "terminal"],
  watch: ["ipvs", "proc", "output", "json", "names", "runtime/errno"],
  classic: ["ipvs", "proc", "output", "json", "names", "process"],
  json: ["ipvs/model", "ipvs/address", "output/scheduler-flags"],
  proc: ["ipvs/model", "ipvs/address", "runtime"],
  output: ["ipvs/model", "ipvs/address", "names/names"],
  names: ["ipvs/model"],
  ipvs: ["netlink", "runtime/errno"],
  netlink: ["runtime/errno", "runtime/libc"],
  runtime: [],
  process: ["runtime"],
  terminal: [],
};

/** What only one place may use: the pattern, and the files that may. */
const reserved: readonly { readonly what: string; readonly pattern: RegExp; readonly allowed: RegExp }[] = [
  { what: "oclif", pattern: /"@oclif\//, allowed: /^commands\// },
  {
    what: "process.exit and the standard streams",
    pattern: /\bprocess\.(exit|exitCode|stdout|stderr|stdin)\b/,
    allowed: /^(process|terminal)\.ts$/,
  },
  { what: "the word ipvs", pattern: /ipvs|ip_vs/i, allowed: /^(?!netlink\/)/ },
  {
    what: "a runtime's own API",
    pattern: /\bBun\.|(from |import\()"(bun[":]|netlink["/])/,
    allowed: /^(netlink\/[a-z-]*socket[a-z-]*|runtime\/(bun|bun-modules\.d|libc))\.ts$/,
  },
  { what: "a shell", pattern: /(?<!\.)\bexec(Sync)?\(|shell: true/, allowed: /^$/ },
  // The executable would load the module at its start, which takes it a millisecond; the watcher is loaded by itself.
  { what: "node:fs", pattern: /"node:fs"/, allowed: /^(runtime\/node|terminal|watch\/proc-file)\.ts$/ },
  { what: "starting programs", pattern: /"node:child_process"|\bspawn/, allowed: /^runtime\// },
];

const longest = 300;

interface SourceFile {
  /** Relative to src. */
  readonly path: string;
  readonly text: string;
}

const source = new URL("../../src/", import.meta.url).pathname;

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(join(source, path), "utf8") }));

/** The files of ours that a file imports, relative to src, without their extension. */
function importsOf({ path, text }: SourceFile): string[] {
  const specifiers = text.matchAll(/(?:^|\n)(?:import|export)\b[^;"]*?"([^"]+)"|\bimport\("([^"]+)"\)/g);
  return [...specifiers]
    .map(([, statically, dynamically]) => statically ?? dynamically ?? "")
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(path), specifier)).replace(/\.js$/, ""));
}

/** `ipvs/model` -> `ipvs`, `process.ts` -> `process`. */
function layerOf(path: string): string {
  return path.replace(/\.ts$/, "").replace(/\/.*/, "");
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

test("every folder of src has its place in the layers", () => {
  assert.ok(files.length > 0);
  const unknown = files.filter(({ path }) => path.includes("/") && !(layerOf(path) in mayImport));
  assert.deepEqual(
    unknown.map(({ path }) => path),
    [],
  );
});

test("imports go down the layers only", () => {
  const wrong = files
    .filter(({ path }) => layerOf(path) in mayImport)
    .flatMap((file) => {
      const layer = layerOf(file.path);
      const allowed = [layer, ...(mayImport[layer] ?? [])];
      return importsOf(file)
        .filter((imported) => !allowed.some((place) => isWithin(imported, place)))
        .map((imported) => `${file.path} imports ${imported}`);
    });
  assert.deepEqual(wrong, []);
});

for (const { what, pattern, allowed } of reserved) {
  test(`${what}: only where it belongs`, () => {
    const wrong = files.filter(({ path, text }) => pattern.test(text) && !allowed.test(path)).map(({ path }) => path);
    assert.deepEqual(wrong, []);
  });
}

test(`no source file is longer than ${longest} lines`, () => {
  const long = files.filter(({ text }) => text.split("\n").length - 1 > longest).map(({ path }) => path);
  assert.deepEqual(long, []);
});
