import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { TableReader } from "../../../src/watch/reading/reader.js";
import { startingView, type ViewState } from "../../../src/watch/screen/keys.js";
import { type Picture, renderPlain, renderScreen } from "../../../src/watch/screen/screen.js";
import { makeHost } from "../../support/fake-host.js";
import { noTotals, procText, type TestTable } from "../../support/proc-text.js";

const table: TestTable = new Map(
  Array.from({ length: 12 }, (_, index) => [
    80 + index,
    {
      scheduler: "wrr",
      servers: new Map([1, 2].map((octet) => [octet, { weight: index === 3 ? 0 : octet, active: index }])),
    },
  ]),
);

const nothing = { rates: { connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0 }, history: [1, 2, 3] };

async function picture(
  state: Partial<ViewState>,
  names: Picture["source"]["names"],
  level: 0 | 1 = 0,
): Promise<Picture> {
  const files = { ip_vs: () => procText(table), ip_vs_stats: () => noTotals };
  const reader = new TableReader(makeHost({ files }));
  const reading = await reader.read(() => ({ everyService: false, keys: [] }));
  return {
    source: { reading, before: undefined, trends: new Map(), names },
    total: nothing,
    state: { ...startingView, ...state },
    interval: 1,
    error: undefined,
    abilities: { unicode: false },
    chalk: new Chalk({ level }),
  };
}

const numeric = { host: () => undefined, service: () => undefined };

test("a screen fits every window", async () => {
  for (const state of [{}, { help: true }, { isTyping: true, filter: "10" }, { offset: 1000 }]) {
    const view = await picture(state, numeric, 1);
    for (const width of [1, 10, 24, 40, 80, 81, 132, 300]) {
      for (const height of [1, 2, 4, 5, 6, 10, 24, 60]) {
        const { lines } = renderScreen(view, width, height);
        assert.equal(lines.length, height);
        const widest = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
        assert.ok(widest <= width, `${widest} columns in a window of ${width} x ${height}`);
      }
    }
  }
});

test("a screen without color has no escape sequence, and hostile names cannot make one", async () => {
  const view = await picture({}, { ...numeric, host: () => "\x1b[31mevil\n\x9b" });
  for (const line of [...renderScreen(view, 120, 40).lines, ...renderPlain(view)]) assert.match(line, /^[ -~]*$/);
});

test("drained servers are marked; the filter leaves only what matches", async () => {
  const view = await picture({ filter: ":83" }, numeric);
  const rows = renderPlain(view).filter((line) => line.includes("->"));
  assert.equal(rows.length, 2);
  for (const row of rows) assert.match(row, /^ 0 -> 192\.168\.0\.[12]:83 .* 0 {3,}3 +0/);
});

test("sorting by connections puts the busiest first, reversed last", async () => {
  const ports = (lines: readonly string[]) =>
    lines.flatMap((line) => (/TCP 10\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? []) as string[] | string);
  const busiest = ports(renderPlain(await picture({ sort: "active" }, numeric)));
  assert.equal(busiest[0], "91");
  assert.deepEqual(
    ports(renderPlain(await picture({ sort: "active", reversed: true }, numeric))),
    busiest.toReversed(),
  );
});

test("scrolling shows the other rows", async () => {
  const first = renderScreen(await picture({}, numeric), 80, 10);
  const second = renderScreen(await picture({ offset: 5 }, numeric), 80, 10);
  assert.equal(first.page, 5);
  assert.equal(first.rows, 36);
  assert.notDeepEqual(first.lines.slice(4, 9), second.lines.slice(4, 9));
  assert.match(second.lines[9] ?? "", /rows 6-10 of 36/);
});
