import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { systemClock } from "../../../src/platform/clock.js";

const day = 24 * 60 * 60 * 1000;

test("a sleep that is longer than a timer can be takes several timers", async (context) => {
  const durations: number[] = [];
  const timers = mock.method(globalThis, "setTimeout", (wake: () => void, duration: number) => {
    durations.push(duration);
    setImmediate(wake);
  });
  context.after(() => timers.mock.restore());
  await systemClock.sleep(60 * day);
  assert.ok(durations.every((duration) => duration < 2 ** 31));
  assert.equal(
    durations.reduce((sum, duration) => sum + duration, 0),
    60 * day,
  );
});

test("a signal ends a sleep of any length", async () => {
  for (const duration of [1e6, 60 * day, Number.POSITIVE_INFINITY]) {
    const controller = new AbortController();
    const sleep = systemClock.sleep(duration, controller.signal);
    controller.abort();
    await sleep;
    await systemClock.sleep(duration, controller.signal);
  }
});
