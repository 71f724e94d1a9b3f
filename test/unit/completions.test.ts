import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fromRoot } from "../support/paths.js";

const project = fromRoot("");

test("the completions are those of the tables: npm run generate makes them", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "completions-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const { status, stderr } = spawnSync(process.execPath, [join(project, "scripts/completions.js"), folder], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  const names = readdirSync(folder);
  assert.deepEqual(names.sort(), ["_ipvsadm", "ipvsadm.bash", "ipvsadm.fish"]);
  for (const name of names) {
    const made = readFileSync(join(folder, name), "utf8");
    assert.equal(readFileSync(join(project, "completions", name), "utf8"), made, name);
  }
});
