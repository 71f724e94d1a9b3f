import assert from "node:assert/strict";
import { test } from "node:test";
import { parseKeys, pressKey, startingView, type ViewState } from "../../../src/watch/screen/keys.js";

/** The view after what was typed, in a window of 10 rows of 35. */
function type(text: string, state: ViewState = startingView): ViewState | string {
  let now: ViewState = state;
  for (const key of parseKeys(text)) {
    const effect = pressKey(now, key, 10, 35);
    if (typeof effect === "string") return effect;
    now = effect;
  }
  return now;
}

const cases: readonly [string, Partial<ViewState> | string][] = [
  ["q", "quit"],
  ["\x03", "interrupt"],
  ["\x1a", "suspend"],
  ["p", { paused: true }],
  ["p ", {}],
  ["s", { sort: "active" }],
  ["sssss", { sort: "none" }],
  ["ssssss", {}],
  ["r", { reversed: true }],
  ["n", { numeric: true }],
  ["h", { help: true }],
  ["hx", {}],
  ["hq", "quit"],
  ["/", { isTyping: true }],
  ["/Ab.q\r", { filter: "ab.q" }],
  ["/ab\x7f\r", { filter: "a" }],
  ["/ab\r\x1b", {}],
  ["/ab\x1b", {}],
  ["/\x03", "interrupt"],
  ["\x1b[B\x1b[B\x1b[A", { offset: 1 }],
  ["\x1bOB", { offset: 1 }],
  ["\x1b[A", {}],
  ["\x1b[6~", { offset: 10 }],
  ["\x1b[6~\x1b[6~\x1b[6~\x1b[6~", { offset: 25 }],
  ["\x1b[F\x1b[5~", { offset: 15 }],
  ["\x1b[F\x1b[H", {}],
  ["\x1b[15~\x1b[1;5Cx", {}],
];

for (const [text, expected] of cases) {
  test(`typing ${JSON.stringify(text)}`, () => {
    assert.deepEqual(type(text), typeof expected === "string" ? expected : { ...startingView, ...expected });
  });
}
