/** The page that follows a packet names checks that exist. Its commands are run with the cookbook. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkIds } from "../../../src/doctor/checks.js";
import { fromRoot } from "../../support/paths.js";

test("each check that a stop names exists", () => {
  const rows = readFileSync(fromRoot("docs/cookbook/start-here.md"), "utf8").matchAll(/^\| \d .*\| (.*) \|$/gm);
  const named = Array.from(rows, ([, cell = ""]) => cell).flatMap((cell) => cell.match(/(?<=`)[a-z0-9-]+(?=`)/g) ?? []);
  assert.ok(named.length > 30);
  assert.deepEqual(
    named.filter((id) => !checkIds.includes(id)),
    [],
  );
});
