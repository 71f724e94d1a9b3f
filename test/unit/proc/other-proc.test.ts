import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runClassic } from "../../../src/classic/run/classic.js";
import { runVerb } from "../../../src/commands/run.js";
import type { Host } from "../../../src/host/host.js";
import { readKnownTable } from "../../../src/library/known-table.js";
import { nodeSystemCalls } from "../../../src/platform/node-calls.js";
import { ProcFiles } from "../../../src/proc/proc-files.js";
import { makeHost } from "../../support/fake-host.js";
import { noTotals, titles } from "../../support/proc-text.js";

const folder = mkdtempSync(join(tmpdir(), "other-pröc-"));
after(() => rmSync(folder, { recursive: true }));

/** Another /proc with these files. */
function makeProc(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(join(folder, name, "net"), { recursive: true });
  for (const [file, text] of Object.entries({ dev: "", ...files }))
    writeFileSync(join(folder, name, "net", file), text);
  return join(folder, name);
}

const whole = makeProc("whole", {
  ip_vs: `${titles}TCP  0A000001:0050 rr \n  -> 0A010001:0050      Masq    3      2          0         \n`,
  ip_vs_stats: noTotals,
  ip_vs_conn:
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n" +
    "TCP C0A80001 8000 0A000001 0050 0A010001 0050 ESTABLISHED     899\n",
  ip_vs_conn_sync:
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n" +
    "TCP C0A80001 8000 0A000001 0050 0A010001 0050 ESTABLISHED LOCAL      899\n",
});
const torn = makeProc("torn", {
  ip_vs: `${titles}TCP  0A0000`,
  ip_vs_stats: noTotals,
  ip_vs_conn: "Pro\nTCP C0A80001 80",
});
/** Arguments and what is printed are byte strings. */
const toBytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");
const toText = (bytes: string) => Buffer.from(bytes, "latin1").toString("utf8");
const empty = makeProc("empty", {});

async function observe(run: (host: Host) => Promise<number>) {
  let asked = 0;
  const fake = makeHost();
  const host = {
    ...fake,
    proc: new ProcFiles(nodeSystemCalls),
    openKernel: () => Promise.reject(new Error(`${++asked}`)),
  };
  const status = await run(host);
  return { status, output: fake.output, error: toText(fake.error), asked };
}

const list =
  (...args: string[]) =>
  (host: Host) =>
    runClassic("ipvsadm", args.map(toBytes), host);
const verb =
  (...args: string[]) =>
  (host: Host) =>
    runVerb(args.map(toBytes), host);

test("each command reads the other /proc, and does not ask the kernel", async () => {
  for (const [run, expected] of [
    [list("-L", "--json", "--proc", whole), /"source":"proc".*"address":"10\.0\.0\.1".*"totals":/s],
    [list("-L", "--json", `--proc=${whole}`), /"source":"proc"/],
    [list("-Lc", "--json", "--proc", whole), /"source":"proc".*192\.168\.0\.1/s],
    [verb("watch", "--json", "--count", "1", "--proc", whole), /"source":"proc".*10\.1\.0\.1/],
    [verb("connections", "--count", "--proc", whole), /^1\n$/],
    [verb("connections", "-n", "--json", "--proc", whole), /192\.168\.0\.1/],
  ] as const) {
    const { status, output, error, asked } = await observe(run);
    assert.deepEqual([status, error, asked], [0, "", 0]);
    assert.match(output, expected);
  }
  const { source, services, totals } = await readKnownTable({ proc: whole });
  assert.deepEqual([source, services.length, totals?.counters.connections], ["proc", 1, 0n]);
});

test("an error names the file there", async () => {
  const missing = join(folder, "missing");
  for (const [run, status, message] of [
    [list("-L", "--json", "--proc", torn), 1, `unexpected input from ${torn}/net/ip_vs`],
    [verb("watch", "--count", "1", "--proc", torn), 7, `ipvsadm watch: unexpected input from ${torn}/net/ip_vs`],
    [
      verb("connections", "--count", "--proc", torn),
      7,
      `ipvsadm connections: unexpected input from ${torn}/net/ip_vs_conn`,
    ],
    [list("-L", "--json", "--proc", empty), 1, `${empty}/net/ip_vs does not exist: the kernel has no IPVS`],
    [list("-Lc", "--json", "--proc", empty), 1, `${empty}/net/ip_vs_conn does not exist: the kernel has no IPVS`],
    [
      list("-L", "--json", "--proc", missing),
      1,
      `${missing}/net does not exist: there is no /proc there, or no network in it`,
    ],
    [
      verb("connections", "--proc", missing),
      7,
      `ipvsadm connections: ${missing}/net does not exist: there is no /proc`,
    ],
    [verb("watch", "--proc", "proc"), 2, "ipvsadm watch: --proc takes an absolute path, not proc"],
    [verb("connections", "--proc", "../proc"), 2, "ipvsadm connections: --proc takes an absolute path, not ../proc"],
    [list("-L", "--proc", whole), 2, "/proc is listed with --json only"],
    [list("-L", "--timeout", "--json", "--proc", whole), 2, "/proc has no timeouts"],
  ] as const) {
    const observed = await observe(run);
    assert.equal(observed.status, status, observed.error);
    assert.equal(observed.output, "");
    assert.ok(observed.error.startsWith(message), observed.error);
  }
  const { output } = await observe(verb("watch", "--json", "--count", "1", "--proc", torn));
  assert.ok(JSON.parse(output).error.startsWith(`unexpected input from ${torn}/net/ip_vs`), output);
  await assert.rejects(readKnownTable({ proc: torn }), {
    name: "ProcError",
    message: new RegExp(`^unexpected input from ${torn}/net/ip_vs`),
  });
});
