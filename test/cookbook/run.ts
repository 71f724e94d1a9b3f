/**
 * run [--write] [N/M] [WORD...]: checks the pages of docs/cookbook, or those whose names contain a word, in the guest. Prints
 * TAP. N/M is one of M parts of them, so that several guests can share the work.
 * With --write it records what came out in the pages, for which LAB_OUT is their folder.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { checkPage, recordPage } from "./check.js";
import { type Damage, damages } from "./damages.js";
import { Lab } from "./lab.js";
import { type Page, parsePage } from "./page.js";
import { cookbook, pagesNamed } from "./pages.js";

const args = process.argv.slice(2);
const write = args.includes("--write");
const part = /^(\d+)\/(\d+)$/.exec(args.find((arg) => arg.includes("/")) ?? "1/1");
const [number, parts] = [Number(part?.[1]), Number(part?.[2])];
const names = pagesNamed(args.filter((arg) => arg !== "--write" && !arg.includes("/"))).filter(
  (_, index) => index % parts === number - 1,
);

async function withPage<T>(
  name: string,
  text: string,
  use: (page: Page, lab: Lab) => Promise<T>,
  seconds?: number,
): Promise<T> {
  const page = parsePage(`docs/cookbook/${name}`, text);
  const lab = await Lab.build(page, seconds);
  try {
    return await use(page, lab);
  } finally {
    await lab.end();
  }
}

/** What is wrong with a page. */
async function check(name: string): Promise<string | undefined> {
  return withPage(name, readFileSync(`${cookbook}/${name}`, "utf8"), checkPage);
}

async function record(name: string): Promise<undefined> {
  const path = `${cookbook}/${name}`;
  const text = readFileSync(path, "utf8");
  writeFileSync(path, await withPage(name, text, (page, lab) => recordPage(page, text, lab), 300));
}

/** A damaged page must fail, at the line that no longer holds. */
async function checkDamage({ page, from, to, failsAt }: Damage): Promise<string | undefined> {
  const text = readFileSync(`${cookbook}/${page}`, "utf8");
  const damaged = text.replace(from, to);
  if (damaged === text) return `${page} has no '${from}'`;
  const line = damaged.slice(0, damaged.indexOf(failsAt)).split("\n").length;
  const fault = await withPage(page, damaged, checkPage, 5);
  if (fault === undefined) return "the damaged page passes";
  return fault.startsWith(`docs/cookbook/${page}:${line}: `) ? undefined : `it should fail at line ${line}: ${fault}`;
}

const tests: [string, () => Promise<string | undefined>][] = names.map((name) => [
  name,
  () => (write ? record(name) : check(name)),
]);
if (!write) {
  for (const damage of damages.filter(({ page }) => names.includes(page))) {
    tests.push([`${damage.page} fails with '${damage.to}' in place of '${damage.from}'`, () => checkDamage(damage)]);
  }
}

// A page has limits of a second or two, as its readers would: in a run of all tests the machine may stop the guest for longer.
const attempts = part === null ? 1 : 3;
let failed = 0;
for (const [index, [title, test]] of tests.entries()) {
  const start = performance.now();
  let fault: string | undefined;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    fault = await test().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (fault === undefined) break;
    if (attempt < attempts) console.log(`attempt ${attempt}: ${fault}`.replaceAll(/^/gm, "# "));
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${fault === undefined ? "ok" : "not ok"} ${index + 1} - ${title} (${seconds} s)`);
  if (fault !== undefined) {
    failed++;
    console.log(fault.replaceAll(/^/gm, "# "));
  }
}
console.log(`1..${tests.length}`);
process.exitCode = failed === 0 ? 0 : 1;
