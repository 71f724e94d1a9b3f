import { formatProcAddress } from "../../src/proc/proc-address.js";
import {
  connectionRows,
  connectionTitle,
  serverRows,
  serviceRows,
  tableSizes,
  tableTitles,
  totalsText,
} from "../support/kernels.js";
import type { Random } from "../support/random.js";

/*
 * Texts of /proc/net/ip_vs* as kernels write them: rows of kernels.ts, and rows of numbers at random in the same columns.
 */

export const procFiles = ["ip_vs", "ip_vs_conn", "ip_vs_stats", "ip_vs_stats_percpu"] as const;
export type ProcFile = (typeof procFiles)[number];

export function procText(file: ProcFile, random: Random): string {
  switch (file) {
    case "ip_vs":
      return tableText(random);
    case "ip_vs_conn":
      return connectionTitle + lines(random, random.pick([0, 3, 12]), () => connectionRow(random));
    case "ip_vs_stats":
      return totalsText(counters(random), counters(random));
    case "ip_vs_stats_percpu":
      return liveText(random);
  }
}

function lines(random: Random, most: number, make: () => string): string {
  return Array.from({ length: random.below(most + 1) }, () => `${make()}\n`).join("");
}

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");

const integer = (random: Random) =>
  String(random.pick([0, 1, 100, 65535, random.below(2 ** 31), -random.below(2 ** 31)]));

function address(random: Random): string {
  const groups = Array.from({ length: 8 }, () => random.pick(["0", "0", "1", "db8", random.below(65536).toString(16)]));
  return random.chance(0.2)
    ? formatProcAddress("inet6", groups.join(":"))
    : hex(random.pick([0x0a000001, random.below(2 ** 32)]), 8);
}

function tableText(random: Random): string {
  const services = lines(random, 5, () => {
    const row = random.chance(0.3) ? random.pick(serviceRows).row : serviceRow(random);
    const servers = lines(random, random.pick([0, 3, 8]), () =>
      random.chance(0.2) ? random.pick(serverRows).row : serverRow(random),
    );
    return `${row}\n${servers}`.slice(0, -1);
  });
  return tableTitles(random.pick(tableSizes)) + services;
}

function serviceRow(random: Random): string {
  const scheduler = random.pick(["rr", "wrr", "wlc", "mh", "none"]);
  const persistence = random.chance(0.3) ? `persistent ${integer(random)} ${hex(random.below(2 ** 32), 8)}` : "";
  if (random.chance(0.3)) return `FWM  ${hex(1 + random.below(2 ** 32 - 1), 8)} ${scheduler} ${persistence}`;
  const ops = random.chance(0.1) ? "ops " : "";
  return `${random.pick(["TCP", "UDP", "SCTP"])}  ${address(random)}:${hex(random.below(65536), 4)} ${scheduler} ${ops} ${persistence}`;
}

function serverRow(random: Random): string {
  const [weight, active, inactive] = [integer(random), integer(random), integer(random)];
  const forward = random.pick(["Masq", "Local", "Route", "Tunnel"]).padEnd(7);
  return `  -> ${address(random)}:${hex(random.below(65536), 4)}      ${forward} ${weight.padEnd(6)} ${active.padEnd(10)} ${inactive.padEnd(10)}`;
}

function connectionRow(random: Random): string {
  if (random.chance(0.2)) return random.pick(connectionRows).row;
  const ends = Array.from(
    { length: 3 },
    () => `${address(random).replace(/[[\]]/g, "")} ${hex(random.below(65536), 4)}`,
  );
  const state = random.pick(["ESTABLISHED", "SYN_RECV", "NONE", "UDP", "?"]);
  const seconds = String(random.pick([0, 59, 899, 2_678_400, 9_999_999, 2 ** 32]));
  const engine = random.chance(0.1) ? " sip call-id@host" : "";
  return `${random.pick(["TCP", "UDP", "IP ", "SCTP"])} ${ends.join(" ")} ${state.padEnd(11)} ${seconds.padStart(7)}${engine}`;
}

const counters = (random: Random) =>
  Array.from({ length: 5 }, () => BigInt(random.below(2 ** 32)) * BigInt(random.pick([0, 1, 2 ** 32])));

function liveText(random: Random): string {
  const row = (first: string) =>
    `${first.padStart(3)} ${counters(random)
      .map((number) => number.toString(16).toUpperCase().padStart(8))
      .join(" ")}\n`;
  const processors = Array.from({ length: 1 + random.below(4) }, (_, index) => row(hex(index, 1)));
  return [
    "       Total Incoming Outgoing         Incoming         Outgoing\n",
    "CPU    Conns  Packets  Packets            Bytes            Bytes\n",
    ...processors,
    row("~"),
    "\n     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n",
    `    ${counters(random)
      .map((number) => number.toString(16).toUpperCase().padStart(8))
      .join(" ")}\n`,
  ].join("");
}
