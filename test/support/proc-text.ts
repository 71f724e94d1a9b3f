import type { Random } from "./random.js";

/** Tables as test cases hold them, and the text that the kernel's /proc/net/ip_vs has for them. */
export interface TestServer {
  weight: number;
  active: number;
}

/** Servers by the last octet of their address; services by their port. */
export type TestTable = ReadonlyMap<
  number,
  { readonly scheduler: string; readonly servers: ReadonlyMap<number, TestServer> }
>;

export const titles = [
  "IP Virtual Server version 1.2.1 (size=4096)",
  "Prot LocalAddress:Port Scheduler Flags",
  "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn",
  "",
].join("\n");

export const noTotals = Buffer.from(
  [
    "   Total Incoming Outgoing         Incoming         Outgoing",
    "   Conns  Packets  Packets            Bytes            Bytes",
    "       0        0        0                0                0",
    "",
    " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s",
    "       0        0        0                0                0",
    "",
  ].join("\n"),
);

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");

export function procText(table: TestTable): Buffer {
  const lines = [...table].map(([port, { scheduler, servers }]) => {
    const rows = [...servers].map(
      ([octet, { weight, active }]) =>
        `  -> C0A800${hex(octet, 2)}:${hex(port, 4)}      Masq    ${String(weight).padEnd(6)} ${String(active).padEnd(10)} 0         \n`,
    );
    return `TCP  0A000001:${hex(port, 4)} ${scheduler}  \n${rows.join("")}`;
  });
  return Buffer.from(titles + lines.join(""));
}

export function randomProcTable(random: Random): TestTable {
  const table = new Map<number, { scheduler: string; servers: Map<number, TestServer> }>();
  for (let count = random.below(6); count > 0; count--) {
    const servers = new Map<number, TestServer>();
    for (let more = random.below(4); more > 0; more--) {
      servers.set(random.below(5), { weight: random.below(3), active: random.below(3) });
    }
    table.set(80 + random.below(6), { scheduler: random.pick(["rr", "wrr"]), servers });
  }
  return table;
}
