import { test } from "node:test";
import { NumericConnections } from "../../../src/format/text/fast/numeric-connections.js";
import { parseConnections } from "../../../src/proc/proc-connections.js";
import { ProcFormatError } from "../../../src/proc/proc-error.js";
import { parseLiveCounters, parseStats } from "../../../src/proc/proc-stats.js";
import { parseTable } from "../../../src/proc/proc-table.js";
import { assertLinear } from "../../support/cost.js";
import { connectionTitle, tableTitles } from "../../support/kernels.js";

/* Texts of /proc/net that no kernel writes are read, or refused, in a time in proportion to their length. */

const titles = tableTitles(4096);
/** Quadratic costs show at this length, and do not yet take minutes. */
const lineLength = 2 ** 14;

const texts: readonly [what: string, read: (text: string) => unknown, make: (size: number) => string][] = [
  ["blanks in a service's line", parseTable, (size) => `${titles}FWM  00000001 rr${" ".repeat(size)}x\n`],
  ["a long scheduler", parseTable, (size) => `${titles}FWM  00000001 ${"r".repeat(size)} x\n`],
  [
    "a long number of a server",
    parseTable,
    (size) => `${titles}FWM  00000001 rr \n  -> 0A000001:0050 Masq ${"9".repeat(size)}\n`,
  ],
  [
    "blanks in a server's line",
    parseTable,
    (size) => `${titles}FWM  00000001 rr \n  -> 0A000001:0050 Masq${" ".repeat(size)}x\n`,
  ],
  ["a long counter", parseStats, (size) => `a\nb\n${"F".repeat(size)} 1 1 1 1\n\nc\n1 1 1 1 1\n`],
  ["many counters", parseStats, (size) => `a\nb\n${"1 ".repeat(size / 2)}\n\nc\n1 1 1 1 1\n`],
  ["many counters of a processor", parseLiveCounters, (size) => `a\nb\n${"1 ".repeat(size / 2)}x\n\n`],
  ["blanks in a processor's line", parseLiveCounters, (size) => `a\nb\n1${" ".repeat(size)}x\n\n`],
];

for (const [what, read, make] of texts) {
  test(what, async () => assertLinear(make, (text) => attempt(() => read(text)), lineLength));
}

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ProcFormatError)) throw error;
  }
}

test("a connection's line without an end", async () => {
  const chunk = new Uint8Array(65536).fill(0x41);
  const make = (size: number) => Array<Uint8Array>(size / chunk.length).fill(chunk);
  await assertLinear(make, (chunks) => attempt(() => [...parseConnections(chunks)]), 2 ** 24);
});

test("short rows of connections that make long lines", async () => {
  const make = (size: number) => Buffer.from(connectionTitle + "x\n".repeat(size / 2));
  await assertLinear(make, (rows) => new NumericConnections().render(rows, () => "line ".repeat(30)), lineLength);
});
