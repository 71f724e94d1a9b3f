import assert from "node:assert/strict";
import { test } from "node:test";
import { commandRows } from "../../../../src/classic/grammar/legality.js";
import { commands, optionGroups, options } from "../../../../src/classic/grammar/options.js";

const definitions = [...commands, ...options];

test("no name or letter stands for two things", () => {
  const names = definitions.map(({ name }) => name);
  const letters = definitions.flatMap(({ letters }) => [...letters]);
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(letters).size, letters.length);
});

test("every group has an option and is legal with some command", () => {
  for (const group of optionGroups) {
    assert.ok(
      options.some((option) => option.group === group),
      group,
    );
    const rows = Object.values(commandRows);
    assert.ok(
      rows.some((row) => [row.required, row.allowed, row.exclusive].some((list) => list?.includes(group))),
      group,
    );
  }
});

test("an argument that may be left out has a default, no other has", () => {
  for (const { name, argument, defaultArgument } of definitions) {
    assert.equal(defaultArgument !== undefined, argument === "optional", name);
  }
});
