import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryKeeper } from "../../../src/platform/memory/keeper.js";

const mebibyte = 1 << 20;

test("garbage is collected whenever the process has grown, and not before", () => {
  let inUse = 40 * mebibyte;
  let garbage = 0;
  let collections = 0;
  let largest = 0;
  const keepSmall = memoryKeeper(
    () => inUse + garbage,
    () => {
      garbage = 0;
      collections++;
    },
  );
  const work = (pieces: number, kept: number, wasted: number) => {
    for (let piece = 0; piece < pieces; piece++) {
      inUse += kept;
      garbage += wasted;
      keepSmall();
      largest = Math.max(largest, garbage);
    }
  };
  work(10_000, 0, 100);
  assert.equal(collections, 0);
  work(10_000, 1000, 10_000);
  assert.ok(collections > 15 && collections < 35, String(collections));
  assert.ok(largest < 6 * mebibyte, String(largest));
});
