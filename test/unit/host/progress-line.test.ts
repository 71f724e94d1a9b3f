import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressLine } from "../../../src/host/progress-line.js";
import { FakeClock } from "../../support/fake-host.js";

function makeLine(width = 80) {
  const clock = new FakeClock();
  const written: string[] = [];
  return {
    clock,
    written,
    line: new ProgressLine(clock, { writeText: (text) => written.push(text), width: () => width }),
  };
}

test("a line is shown at most five times a second, in place of the last one", async () => {
  const { clock, written, line } = makeLine();
  for (let step = 0; step < 100; step++) {
    line.show(`${step}`);
    await clock.sleep(10);
  }
  assert.deepEqual(written, ["\r\x1b[K0", "\r\x1b[K20", "\r\x1b[K40", "\r\x1b[K60", "\r\x1b[K80"]);
});

test("a line is removed where there is one", async () => {
  const { clock, written, line } = makeLine();
  line.clear();
  line.show("1");
  line.clear();
  line.clear();
  await clock.sleep(200);
  line.show("2");
  assert.deepEqual(written, ["\r\x1b[K1", "\r\x1b[K", "\r\x1b[K2"]);
});

test("a line that is too long is cut before the last column", () => {
  const { written, line } = makeLine(6);
  line.show("ab€defgh");
  assert.deepEqual(written, ["\r\x1b[Kab€de"]);
});
