// The stand-in for the kernel, and the files that it shows in place of those in /proc/net.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";

const root = new URL("../..", import.meta.url).pathname;

/** Builds the stand-in and the program that runs others in turn into a folder. Needs gcc. */
export function buildStandIn(out) {
  execFileSync("gcc", ["-shared", "-fPIC", "-O2", "-o", `${out}/stand-in.so`, `${root}test/bench/stand-in.c`, "-ldl"]);
  execFileSync("gcc", ["-O2", "-o", `${out}/turns`, `${root}test/bench/turns.c`]);
}

/** Runs programs with the same arguments in turn, on the stand-in that `out` has and a table; returns every run. */
export function runInTurn(out, { table, folder, runs, programs, args, input = "/dev/null" }) {
  const printed = execFileSync(`${out}/turns`, [String(runs), input, String(programs.length), ...programs, ...args], {
    env: {
      ...process.env,
      PRELOAD: `${out}/stand-in.so`,
      STAND_IN_TABLE: table,
      STAND_IN_PROC: folder,
      STAND_IN_BUSY: "1",
    },
    encoding: "utf8",
  });
  return printed
    .trimEnd()
    .split("\n")
    .map((row) => {
      const [program, wall, processor, memory, status] = row.split(" ").map(Number);
      if (status !== 0) throw new Error(`${programs[program]} ${args.join(" ")} ended with ${status}`);
      return { program, wall: wall / 1e6, processor: processor / 1e3, memory };
    });
}

const totals = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       0        0        0                0                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       0        0        0                0                0
`;

const hex = (number, digits) => number.toString(16).toUpperCase().padStart(digits, "0");
const serviceAddress = (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
const serverAddress = (index) => `172.16.${index >> 8}.${index & 255}`;

/** Writes to a folder in `out` what /proc/net has of a table, and the rules that make it; returns the folder. */
export function writeTable(out, services, servers) {
  const folder = `${out}/proc-${services}x${servers}`;
  mkdirSync(folder, { recursive: true });
  const rows = [
    "IP Virtual Server version 1.2.1 (size=4096)",
    "Prot LocalAddress:Port Scheduler Flags",
    "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn",
  ];
  const rules = [];
  for (let i = 0; i < services; i++) {
    rows.push(`TCP  ${hex(0x0a000000 + i, 8)}:0050 wlc  `);
    rules.push(`-A -t ${serviceAddress(i)}:80 -s wlc`);
    for (let j = 0; j < servers; j++) {
      rows.push(`  -> ${hex(0xac100000 + j, 8)}:0050      Masq    1      0          0         `);
      rules.push(`-a -t ${serviceAddress(i)}:80 -r ${serverAddress(j)}:80 -m -w 1`);
    }
  }
  writeFileSync(`${folder}/ip_vs`, `${rows.join("\n")}\n`);
  writeFileSync(`${folder}/ip_vs_stats`, totals);
  writeFileSync(`${folder}/rules`, `${rules.join("\n")}\n`);
  return folder;
}

/** A list of connections, as the kernel writes it. */
export function writeConnections(folder, count) {
  const title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData";
  const rows = Array.from({ length: count }, (_, i) => {
    const client = `${hex(0xc0000200 + (i & 255), 8)} ${hex(1024 + (i % 60000), 4)}`;
    return `TCP ${client} 0A000000 0050 AC1000${hex(i & 7, 2)} 0050 ESTABLISHED ${String(i % 900).padStart(7)}`;
  });
  writeFileSync(`${folder}/ip_vs_conn`, `${[title, ...rows].join("\n")}\n`);
}
