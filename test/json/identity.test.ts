import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { DocumentError } from "../../src/json/errors.js";
import { parseDocument } from "../../src/json/parse-document.js";
import { renderValue } from "../../src/json/render.js";
import { documentSchema } from "../../src/json/schema.js";
import { Random, randomTable } from "./random.js";
import { configurationOf, listText, saveConfiguration, saveText } from "./texts.js";

const validate = new Ajv2020({ strict: true }).compile(JSON.parse(renderValue(documentSchema)));
const parse = (text: string) => parseDocument(Buffer.from(text));

test("what is saved restores to what was there, from a save as from a listing", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const table = randomTable(new Random(seed));
    const wanted = configurationOf(table);
    const saved = saveText(table);
    assert.deepEqual(parse(saved), wanted, `seed ${seed}`);
    assert.deepEqual(parse(listText(table)), wanted, `seed ${seed}`);
    assert.equal(saveConfiguration(parse(saved)), saved, `seed ${seed}`);
  }
});

/** What a damaged document may have in the place of a value. */
const oddValues: readonly unknown[] = [
  ...[null, true, "", "80", "inet6", "::1", "1.2.3.4", "\ud800", "x".repeat(100), [], [1], {}, { a: 1 }],
  ...[-1, 0, 1, 33, 129, 256, 65536, 2 ** 31, 2 ** 32, 1e300, 0.5, -0, 2678401],
];

/** Damages one place of a JSON value. */
function damage(value: unknown, random: Random): unknown {
  if (random.between(0, 5) === 0 || typeof value !== "object" || value === null) return random.pick(oddValues);
  if (Array.isArray(value)) return damageList(value, random);
  const keys = Object.keys(value);
  const object: Record<string, unknown> = { ...value };
  if (keys.length === 0 || random.between(0, 9) === 0)
    object[random.pick(["fwmark", "port", "tunnel", "pe", "x"])] = random.pick(oddValues);
  else {
    const key = random.pick(keys);
    if (random.between(0, 4) === 0) delete object[key];
    else object[key] = damage(object[key], random);
  }
  return object;
}

function damageList(list: readonly unknown[], random: Random): unknown[] {
  if (list.length === 0) return [random.pick(oddValues)];
  const index = random.between(0, list.length - 1);
  const element = list[index];
  const replacement = random.pick([[], [element, element], [damage(element, random)], [damage(element, random)]]);
  return [...list.slice(0, index), ...replacement, ...list.slice(index + 1)];
}

/** Damages text itself. */
function damageText(text: string, random: Random): string {
  const at = random.between(0, text.length);
  return (
    text.slice(0, at) +
    random.pick(["", ",", '"', "{", "1", "\u0000", "\u00e9", text.slice(at, at + 30)]) +
    text.slice(at + random.between(0, 3))
  );
}

/** Line and column, or a path; the document as a whole has none. */
const place =
  /^(line \d+(, column \d+)?: |\w*(\.\w+|\[\d+\]|\["([^"\\]|\\.)*"\])*: |must be an object: the doc|the document has)/;

test("a bad document is refused with its place, or restores to itself", () => {
  let refused = 0;
  let taken = 0;
  for (let seed = 0; seed < 6000; seed++) {
    const random = new Random(seed);
    const whole: unknown = JSON.parse(saveText(randomTable(random)));
    const damaged = JSON.stringify(random.chance() ? damage(damage(whole, random), random) : damage(whole, random));
    const text = random.between(0, 9) === 0 ? damageText(damaged, random) : damaged;
    try {
      const configuration = parse(text);
      taken++;
      assert.deepEqual(parse(saveConfiguration(configuration)), configuration, `seed ${seed}: ${text}`);
      assert.ok(validate(JSON.parse(text)), `seed ${seed}: ${JSON.stringify(validate.errors)} ${text}`);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      refused++;
      assert.match(error.message, place);
    }
  }
  assert.ok(refused > 3000 && taken > 500, `${refused} refused, ${taken} taken`);
});
