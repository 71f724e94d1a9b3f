import assert from "node:assert/strict";
import { test } from "node:test";
import { DocumentError, parseDocument, renderDocument } from "../../../src/index.js";
import { sortTable } from "../../../src/model/order.js";
import { Random } from "../../support/random.js";
import { randomTable } from "../../support/random-table.js";
import { saveText } from "../../support/texts.js";

test("a desired state survives as a document, which is the one of ipvsadm-save", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const table = randomTable(new Random(seed));
    const text = saveText({ ...table, services: sortTable(table.services) });
    const state = parseDocument(text);
    assert.equal(renderDocument(state), text, `seed ${seed}`);
    assert.deepEqual(parseDocument(new TextEncoder().encode(text)), state);
  }
});

test("a part that is absent stays absent", () => {
  const state = { timeouts: { tcp: 1, tcpFin: 2, udp: 3 } };
  assert.deepEqual(parseDocument(renderDocument(state)), state);
  assert.deepEqual(parseDocument(renderDocument({ services: [] })), { services: [] });
});

test("a fault is a DocumentError with its place", () => {
  const text = renderDocument({ timeouts: { tcp: 0, tcpFin: 2, udp: 3 } });
  assert.throws(
    () => parseDocument(text),
    (error) => error instanceof DocumentError && /timeouts\.tcp/.test(error.message),
  );
});
