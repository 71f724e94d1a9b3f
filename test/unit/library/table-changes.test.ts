import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ipvs, undoChange } from "../../../src/index.js";

test("an undo without an id is refused before anything is touched", async () => {
  const untouched = {} as Ipvs;
  await assert.rejects(undoChange(untouched, undefined as unknown as string), {
    name: "TypeError",
    message: 'id must be a string, such as "newest", not undefined',
  });
});
