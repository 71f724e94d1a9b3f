import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import * as library from "../../src/index.js";
import { blocksOf } from "../support/markdown.js";
import { fromRoot } from "../support/paths.js";

// In the project, where modules find node_modules and dist.
const folder = mkdtempSync(fromRoot("build/snippets-"));
after(() => rmSync(folder, { recursive: true }));

/** A module, and the names that it declares or imports at its top level. */
interface Snippet {
  readonly name: string;
  readonly text: string;
  readonly names: ReadonlySet<string>;
}

function namesOf(text: string): Set<string> {
  const lists = [...text.matchAll(/^(?:const|import) \{ (.*?) \}/gm)].flatMap(([, list = ""]) => list.split(/, ?/));
  const names = [...text.matchAll(/^const (\w+)/gm)].map(([, name = ""]) => name);
  return new Set([...lists.map((item) => item.replace(/ = .*|^.*: |^type /, "")), ...names]);
}

/** The snippets of a page as modules. A reader has what the page declared or imported before, unless it is declared again. */
function modulesOf(page: string): Snippet[] {
  const modules: Snippet[] = [];
  const blocks = blocksOf(readFileSync(fromRoot(page), "utf8"), "ts");
  for (const [index, text] of blocks.entries()) {
    const known = new Map(modules.flatMap(({ name, names }) => [...names].map((one) => [one, name])));
    const names = namesOf(text);
    const imports = [...known]
      .filter(([name]) => !names.has(name) && new RegExp(`\\b${name}\\b`).test(text))
      .map(([name, from]) => `import { ${name} } from "./${from}.js";\n`);
    modules.push({ name: `${basename(page, ".md")}-${index}`, names, text: `${imports.join("")}${text}` });
  }
  return modules;
}

/** What the snippets of a page take for granted, since the page is about something else. */
const granted: Readonly<Record<string, string>> = {
  "docs/metrics.md": 'import type { ServerResponse } from "node:http";\ndeclare const response: ServerResponse;\n',
  "docs/explain.md":
    'declare const ipvs: Ipvs;\ndeclare const web: { protocol: "tcp"; address: string; port: number };\n',
};

/** The examples of the docstrings, each with what its function is about. */
function examples(): Snippet[] {
  const files = readdirSync(fromRoot("src/library")).filter((name) => name.endsWith(".ts"));
  return files.flatMap((file) => {
    const source = readFileSync(fromRoot(`src/library/${file}`), "utf8");
    return [...source.matchAll(/^ *\* ```[jt]s\n([\s\S]*?)^ *\* ```$/gm)].map(([, body = ""], index) => {
      const text = body.replaceAll(/^ *\* ?/gm, "");
      const names = namesOf(text);
      return { name: `${basename(file, ".ts")}-example-${index}`, names, text: `${grantedToExamples(names)}${text}` };
    });
  });
}

function grantedToExamples(declared: ReadonlySet<string>): string {
  const imported = Object.keys(library).filter((name) => !declared.has(name));
  const values = {
    ipvs: "Ipvs",
    web: '{ protocol: "tcp"; address: string; port: number }',
    desired: "DesiredState",
    response: 'import("node:http").ServerResponse',
  };
  return [
    `import { ${imported.join(", ")} } from "ipvsadm";`,
    'import type { DesiredState } from "ipvsadm";',
    'import { readFile, writeFile } from "node:fs/promises";',
    ...Object.entries(values)
      .filter(([name]) => !declared.has(name))
      .map(([name, type]) => `declare const ${name}: ${type};`),
    "",
  ].join("\n");
}

test("every snippet of TypeScript compiles under strict, as a program of its own", () => {
  const pages = ["README.md", ...readdirSync(fromRoot("docs")).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith(".md"))
    // Its snippets are parts of files; first-change.test.ts puts them in their places.
    .filter((name) => name !== "docs/first-change.md");
  const snippets = pages.flatMap((page) =>
    modulesOf(page).map((module) => ({ ...module, text: `${granted[page] ?? ""}${module.text}` })),
  );
  assert.ok(snippets.length > 8, "the snippets are found");
  for (const { name, names, text } of [...snippets, ...examples()]) {
    writeFileSync(join(folder, `${name}.ts`), `${text}\nexport { ${[...names].join(", ")} };\n`);
  }
  // What `tsc --init` turns on, less what complains of unused names.
  const compilerOptions = {
    strict: true,
    noEmit: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    types: ["node"],
    paths: { ipvsadm: [fromRoot("dist/index.d.ts")] },
  };
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const { stdout } = spawnSync(fromRoot("node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
  assert.equal(stdout, "");
});

test("no snippet is plain JavaScript, which nothing checks", () => {
  const pages = ["README.md", ...readdirSync(fromRoot("docs")).map((name) => `docs/${name}`)];
  const plain = pages
    .filter((name) => name.endsWith(".md"))
    .filter((name) => blocksOf(readFileSync(fromRoot(name), "utf8"), "m?js").length > 0);
  assert.deepEqual(plain, []);
});
