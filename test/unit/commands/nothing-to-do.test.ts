import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { flagsOf, verbs } from "../../../src/commands/registry.js";
import { Director } from "../../support/director.js";
import type { FakeHostOptions } from "../../support/fake-host.js";
import { fromRoot } from "../../support/paths.js";
import { noTotals, procText } from "../../support/proc-text.js";

const web = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 };
const servers = [{ family: "inet", address: "10.0.0.3", port: 80, weight: 3 }];
const file = JSON.stringify({ ipvs: { schema: 1 }, services: [{ ...web, scheduler: "wrr", destinations: servers }] });
const one = "-t 192.0.2.10:80 -r 10.0.0.3";
const files = {
  ip_vs: () => procText(new Map()),
  ip_vs_stats: () => noTotals,
  ip_vs_conn: () => "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n",
  ip_vs_conn_sync: () => "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n",
};

/** Command lines that have nothing to do or to show, the schema of what they print, and what comes before them. */
const cases: readonly (readonly [line: string, schema: string, options?: FakeHostOptions, before?: string[]])[] = [
  ["apply", "result", { stdin: [file] }],
  ["apply --dry-run", "result", { stdin: [file] }],
  ["diff", "plan", { stdin: [file] }],
  [`set ${one} weight=3`, "result"],
  ["flush --yes", "result", {}, ["flush --yes"]],
  ["undo 20261122T182400.001Z-set", "result", {}, [`set ${one} weight=4`, `set ${one} weight=3`]],
  ["undo --list", "undo"],
  ["overrides", "overrides"],
  [`drain ${one} --force`, "drain-event", {}, [`drain ${one} --force`]],
  [`undrain ${one} --weight 3`, "result"],
  [`undrain ${one} --weight 3 --over 1m`, "ramp-event"],
  [`ramp ${one} --to 3 --over 1m`, "ramp-event"],
  ["watch --count 1", "event", { files }],
  ["connections", "", { files }],
  ["connections --count", "", { files }],
  ["connections --count-by client", "", { files }],
];
/** Those whose tests have such a case. */
const triedElsewhere = ["doctor"];

for (const [line, schema, options, before = []] of cases) {
  test(`${line} --json prints what its schema says`, async () => {
    const director = new Director();
    for (const earlier of ["apply", ...before]) {
      assert.equal((await director.run(earlier, { stdin: [file] })).status, 0, earlier);
    }
    const path = `schema/ipvsadm${schema && "-"}${schema}-1.schema.json`;
    const isDocument = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(fromRoot(path), "utf8")));
    const { status, output, error } = await director.run(`${line} --json`, options);
    assert.deepEqual([status, error], [0, ""]);
    const texts = schema.endsWith("event") ? output.trimEnd().split("\n") : [output];
    for (const text of texts) {
      const document = JSON.parse(text);
      assert.ok(isDocument(JSON.parse(text)), text);
      if (schema === "result") assert.equal(document.outcome, "unchanged");
      if (schema === "ramp-event") assert.deepEqual([document.event, document.outcome], ["end", "unchanged"]);
    }
  });
}

test("every verb with --json is tried where there is nothing to do", async () => {
  const withJson = await Promise.all(
    verbs.map(async ({ name, load }) => ("json" in flagsOf(await load()) ? [name] : [])),
  );
  const tried = [...triedElsewhere, ...cases.map(([line]) => line.split(" ")[0])];
  assert.deepEqual(
    withJson.flat().filter((name) => !tried.includes(name)),
    [],
  );
});
