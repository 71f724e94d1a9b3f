import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTable } from "../../../src/proc/proc-table.js";

const TITLES = [
  "IP Virtual Server version 1.2.1 (size=4096)",
  "Prot LocalAddress:Port Scheduler Flags",
  "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn",
];
// As a 6.1 kernel prints them, trailing blanks and all.
const ROWS = [
  "TCP  0A000002:0000 sh  persistent 2000 FFFFFFFF",
  "TCP  0A000001:0050 rr  ",
  "  -> 0A090908:0050      Route   1      1          0         ",
  "  -> 0A090909:0050      Tunnel  3      21         -1        ",
  "UDP  0A000001:13C4 wlc ops  persistent 10000 FFFFFF00",
  "  -> 7F000001:13C4      Masq    1      0          0         ",
  "SCTP  0A000001:0063 sh  ",
  "TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 rr ",
  "  -> 0A080808:0050      Tunnel  1      1          0         ",
  "  -> [0000:0000:0000:0000:0000:0000:0000:0001]:1F90      Local   1      0          0         ",
  "FWM  0000004D rr persistent 1000 40000000",
  "FWM  FFFFFFFF rr ",
  "  -> 7F000001:0000      Masq    1      0          0         ",
];
const parse = (...lines: readonly string[]) => parseTable([...TITLES, ...lines].map((line) => `${line}\n`).join(""));

test("services and servers of every kind", () => {
  const services = parse(...ROWS);
  assert.deepEqual(
    services.map(({ servers, ...service }) => service),
    [
      {
        protocol: "TCP",
        address: "10.0.0.2",
        port: 0,
        scheduler: "sh",
        onePacket: false,
        persistence: { ticks: 2000, netmask: "FFFFFFFF" },
      },
      { protocol: "TCP", address: "10.0.0.1", port: 80, scheduler: "rr", onePacket: false },
      {
        protocol: "UDP",
        address: "10.0.0.1",
        port: 5060,
        scheduler: "wlc",
        onePacket: true,
        persistence: { ticks: 10000, netmask: "FFFFFF00" },
      },
      { protocol: "SCTP", address: "10.0.0.1", port: 99, scheduler: "sh", onePacket: false },
      { protocol: "TCP", address: "2001:db8::1", port: 80, scheduler: "rr", onePacket: false },
      { fwmark: 77, scheduler: "rr", onePacket: false, persistence: { ticks: 1000, netmask: "40000000" } },
      { fwmark: 4294967295, scheduler: "rr", onePacket: false },
    ],
  );
  assert.deepEqual(
    services.map(({ servers }) => servers.length),
    [0, 2, 1, 0, 2, 0, 1],
  );
  assert.deepEqual(services[1]?.servers[1], {
    address: "10.9.9.9",
    port: 80,
    forward: "tunnel",
    weight: 3,
    activeConnections: 21,
    inactiveConnections: -1,
  });
  assert.deepEqual(
    services[4]?.servers.map(({ address, port, forward }) => `${address} ${port} ${forward}`),
    ["10.8.8.8 80 tunnel", "::1 8080 local"],
  );
});

test("an empty table", () => assert.deepEqual(parse(), []));

test("no row is skipped: an unknown one is an error with its line", () => {
  const bad = [
    "",
    "TCP  0A00000:0050 rr  ",
    "TCP  0A000001:0050",
    "TCP  0A000001:0050 rr surprise",
    "FWM  0000004G rr ",
    "  -> 0A090908:0050      Bypass  1      1          0         ",
    "  -> 0A090908:0050      Masq    1      1",
    "  -> 0A090908:0050      Masq    1      1          0          5",
    "  -> 0A090908:0050      Masq    01     1          0         ",
    "  -> 0A090908:0050      Masq    -0     1          0         ",
    "  -> 0A090908:0050      Masq    1      12345678901 0         ",
    "TCP  0A000001:0050 rr persistent 007 FFFFFFFF",
    "TCP  0A000001:0050 rrpersistent 7 FFFFFFFF",
  ];
  for (const line of bad)
    assert.throws(() => parse(ROWS[1] ?? "", line), { name: "ProcFormatError", file: "ip_vs", line });
  const server = ROWS[2] ?? "";
  assert.throws(() => parse(server), { line: server }, "a server without a service");
});

test("missing titles and a truncated last line are errors", () => {
  assert.throws(() => parseTable(""), { message: "unexpected input from /proc/net/ip_vs" });
  assert.throws(() => parseTable("a\nb\nc\n"), { line: "a" });
  assert.throws(() => parseTable(`${TITLES.slice(0, 2).join("\n")}\n`), { name: "ProcFormatError" });
  assert.throws(() => parseTable([...TITLES, "TCP  0A000001:0050 r"].join("\n")), { name: "ProcFormatError" });
});
