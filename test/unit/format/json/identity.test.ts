import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { DocumentError } from "../../../../src/format/json/document-error.js";
import { parseDocumentBytes } from "../../../../src/format/json/read-document.js";
import { renderValue } from "../../../../src/format/json/render-json.js";
import { documentSchema } from "../../../../src/format/json/schema.js";
import { damageDocument } from "../../../support/damage.js";
import { Random } from "../../../support/random.js";
import { randomTable } from "../../../support/random-table.js";
import { desiredStateOf, listText, saveDesiredState, saveText } from "../../../support/texts.js";

const validate = new Ajv2020({ strict: true }).compile(JSON.parse(renderValue(documentSchema)));
const parse = (text: string) => parseDocumentBytes(Buffer.from(text));

test("what is saved restores to what was there, from a save as from a listing", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const table = randomTable(new Random(seed));
    const wanted = desiredStateOf(table);
    const saved = saveText(table);
    assert.deepEqual(parse(saved), wanted, `seed ${seed}`);
    assert.deepEqual(parse(listText(table)), wanted, `seed ${seed}`);
    assert.equal(saveDesiredState(parse(saved)), saved, `seed ${seed}`);
  }
});

/** Line and column, or a path; the document as a whole has none. */
const place =
  /^(line \d+(, column \d+)?: |\w*(\.\w+|\[\d+\]|\["([^"\\]|\\.)*"\])*: |must be an object: the doc|the document (has|is in UTF-16))/;

test("a bad document is refused with its place, or restores to itself", () => {
  let refused = 0;
  let taken = 0;
  for (let seed = 0; seed < 6000; seed++) {
    const random = new Random(seed);
    const text = damageDocument(saveText(randomTable(random)), random);
    try {
      const configuration = parse(text);
      taken++;
      assert.deepEqual(parse(saveDesiredState(configuration)), configuration, `seed ${seed}: ${text}`);
      assert.ok(validate(JSON.parse(text)), `seed ${seed}: ${JSON.stringify(validate.errors)} ${text}`);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      refused++;
      assert.match(error.message, place);
    }
  }
  assert.ok(refused > 3000 && taken > 500, `${refused} refused, ${taken} taken`);
});
