import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConnections } from "../../../src/proc/proc-connections.js";
import { parseStats } from "../../../src/proc/proc-stats.js";
import { parseTable } from "../../../src/proc/proc-table.js";
import { parseRecords } from "../../../src/watch/reading/table-records.js";
import {
  connectionRows,
  connectionTitle,
  serverRows,
  serviceRows,
  tableSizes,
  tableTitles,
  totalsText,
} from "../../support/kernels.js";

const titles = tableTitles(4096);

for (const size of tableSizes) {
  test(`a table of ${size} buckets`, () => {
    const text = `${tableTitles(size)}TCP  0A000001:0050 rr  \n`;
    assert.equal(parseTable(text).length, 1);
    assert.equal(parseRecords(Buffer.from(text), new Map()).connectionTableSize, size);
  });
}

for (const { what, row, meaning } of serviceRows) {
  test(`service: ${what}`, () => assert.deepEqual(parseTable(`${titles}${row}\n`), [{ ...meaning, servers: [] }]));
}

for (const { what, row, meaning } of serverRows) {
  test(`server: ${what}`, () => {
    assert.deepEqual(parseTable(`${titles}FWM  00000001 rr \n${row}\n`)[0]?.servers, [meaning]);
  });
}

for (const { what, row, meaning } of connectionRows) {
  test(`connection: ${what}`, () => {
    const text = Buffer.from(`${connectionTitle}${row}\n`, "latin1");
    assert.deepEqual([...parseConnections([text])].flat(), [meaning]);
  });
}

test("totals, from nothing to the largest", () => {
  for (const number of [0n, 0x0fff_ffffn, 0x1_0000_0000n, 2n ** 64n - 1n]) {
    const all = [number, number, number, number, number];
    const sums = {
      connections: number,
      packetsIn: number,
      packetsOut: number,
      bytesIn: number,
      bytesOut: number,
    };
    assert.deepEqual(parseStats(totalsText(all, all)), { counters: sums, rates: sums });
  }
});

/** A row with each of its parts damaged in turn: none may be taken for something else. */
function* damages(row: string): Generator<string> {
  const words = row.trimEnd().split(/( +)/);
  for (const [index, word] of words.entries()) {
    if (word.trim() === "") continue;
    const instead = (text: string) => words.with(index, text).join("");
    if (/^(\[?([0-9a-f]{4}:){7}.*|[0-9A-F]{4}|[0-9A-F]{8}(:.*)?)$/.test(word)) {
      yield instead(word.replace(/[0-9A-Fa-f]/, "G"));
      yield instead(word.replace(/[0-9A-Fa-f]/, ""));
      yield instead(`0${word}`);
      yield instead(word.slice(0, -1));
    } else if (/^-?\d+$/.test(word)) {
      yield instead(`${word}x`);
      yield instead(`0x${word}`);
      yield instead("");
    } else if (word === "->" || word === "persistent") yield instead(`${word}s`);
  }
}

const damagedTables = [...serviceRows, ...serverRows].flatMap(({ row }) => [...damages(row), `${row} more`]);

test("a damaged row of a service or a server is an error that names it", () => {
  assert.ok(damagedTables.length > 100);
  for (const line of damagedTables) {
    const text = `${titles}TCP  0A000002:0050 rr  \n  -> C0A80101:0050      Masq    1      0          0         \n${line}\n`;
    assert.throws(() => parseTable(text), { name: "ProcFormatError", file: "ip_vs", line }, line);
  }
});

test("a damaged row of a connection is an error that names it", () => {
  // What follows the seconds is the persistence engine's, whatever it is.
  const rows = connectionRows.map(({ row }) => row.replace(/ sip .*/, ""));
  const lines = rows.flatMap((row) => [...damages(row)]);
  assert.ok(lines.length > 100);
  for (const line of lines) {
    const text = Buffer.from(`${connectionTitle}${line}\n`, "latin1");
    assert.throws(() => [...parseConnections([text])], { name: "ProcFormatError", file: "ip_vs_conn", line }, line);
  }
});

test("damaged totals are an error that names the line", () => {
  const good = totalsText([1n, 2n, 3n, 4n, 5n], [6n, 7n, 8n, 9n, 10n]);
  for (const wrong of ["-1", "0x1", "1.5", "G", "1 1", ""]) {
    for (const number of ["3", "8"]) {
      const text = good.replace(new RegExp(` ${number} `), ` ${wrong} `);
      const line = text.split("\n")[number === "3" ? 2 : 5] ?? "";
      assert.throws(() => parseStats(text), { name: "ProcFormatError", file: "ip_vs_stats", line }, line);
    }
  }
  assert.throws(() => parseStats(good.split("\n").slice(0, 5).join("\n")), { name: "ProcFormatError" });
});
