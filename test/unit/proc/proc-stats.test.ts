import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLiveCounters, parseStats } from "../../../src/proc/proc-stats.js";

// As a 6.1 kernel prints it.
const TEXT = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       4 123456789 FFFFFFFFFFFFFFFF              115              130

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       0        A        0               23               26
`;

test("totals are hexadecimal and 64-bit", () => {
  assert.deepEqual(parseStats(TEXT), {
    counters: {
      connections: 4n,
      packetsIn: 0x123456789n,
      packetsOut: 18446744073709551615n,
      bytesIn: 0x115n,
      bytesOut: 0x130n,
    },
    rates: { connections: 0n, packetsIn: 10n, packetsOut: 0n, bytesIn: 0x23n, bytesOut: 0x26n },
  });
});

test("anything else is an error", () => {
  assert.throws(() => parseStats(""), { name: "ProcFormatError", file: "ip_vs_stats" });
  assert.throws(() => parseStats(TEXT.replace(" A ", " G ")), { name: "ProcFormatError", line: /G/ });
  assert.throws(() => parseStats(TEXT.replace("130", "130 1")), { name: "ProcFormatError" });
});

test("an error names the file that has the line", () => {
  const line = "  0 1 2 3 4 x";
  assert.throws(() => parseLiveCounters(`a\nb\n${line}\n\n`), { file: "ip_vs_stats_percpu", line });
});
