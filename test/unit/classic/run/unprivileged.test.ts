import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { runClassic } from "../../../../src/classic/run/classic.js";
import { runRestore } from "../../../../src/classic/run/scripts.js";
import { errnoOf } from "../../../../src/platform/errno.js";
import { SystemError } from "../../../../src/platform/system-calls.js";
import { type FakeHostOptions, makeHost, refusingKernel } from "../../../support/fake-host.js";
import { FakeKernel } from "../../../support/fake-kernel.js";
import { fromRoot } from "../../../support/paths.js";
import { titles } from "../../../support/proc-text.js";

const schema = JSON.parse(readFileSync(fromRoot("schema/ipvsadm-1.schema.json"), "utf8"));
const validate = new Ajv2020({ strict: true }).compile(schema);

const services = [
  "UDP  0A000001:0035 rr ops ",
  "TCP  0A000001:0050 wlc persistent 36000 FFFFFF00",
  "  -> 0A010002:0050      Masq    3      2          -1        ",
  "  -> 0A010001:0050      Tunnel  0      0          0         ",
  "TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:01BB sh ",
  "FWM  00000007 rr ",
  "",
].join("\n");

const totals = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       A       14       1E               28 FFFFFFFFFFFFFFFF

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       1        2        3                4                5
`;

const ipVs = () => titles + services;
const files = { ip_vs: ipVs, ip_vs_stats: () => totals };

async function list(line: string, options: FakeHostOptions = { files }) {
  const host = makeHost(options);
  const status = await runClassic("ipvsadm", line.split(" "), host);
  return { status, output: host.output, error: host.error };
}

test("where the kernel refuses, a listing has what /proc has, and says so", async () => {
  const { status, output, error } = await list("-L --json --unprivileged");
  assert.deepEqual([status, error], [0, ""]);
  const document = JSON.parse(output);
  assert.ok(validate(document), JSON.stringify(validate.errors));
  assert.deepEqual(document, {
    ipvs: {
      schema: 1,
      version: "1.2.1",
      conn_tab_size: 4096,
      source: "proc",
      taken_at: "2026-11-22T18:24:00.000Z",
    },
    services: [
      {
        family: "inet",
        protocol: "tcp",
        address: "10.0.0.1",
        port: 80,
        scheduler: "wlc",
        ops: false,
        persistent: { netmask: "255.255.255.0", prefixlen: 24 },
        destinations: [
          {
            family: "inet",
            address: "10.1.0.1",
            port: 80,
            forward: "tunnel",
            weight: 0,
            active_connections: 0,
            inactive_connections: 0,
          },
          {
            family: "inet",
            address: "10.1.0.2",
            port: 80,
            forward: "masq",
            weight: 3,
            active_connections: 2,
            inactive_connections: 4294967295,
          },
        ],
      },
      {
        family: "inet",
        protocol: "udp",
        address: "10.0.0.1",
        port: 53,
        scheduler: "rr",
        ops: true,
        destinations: [],
      },
      {
        family: "inet6",
        protocol: "tcp",
        address: "2001:db8::1",
        port: 443,
        scheduler: "sh",
        destinations: [],
      },
      { family: "inet", fwmark: 7, scheduler: "rr", ops: false, destinations: [] },
    ],
    totals: {
      stats: {
        connections: 10,
        packets_in: 20,
        packets_out: 30,
        bytes_in: 40,
        bytes_out: Number(2n ** 64n - 1n),
      },
      rates: { cps: 1, pps_in: 2, pps_out: 3, bps_in: 4, bps_out: 5 },
    },
  });
  assert.match(output, /"bytes_out":18446744073709551615/);
});

test("one service, and one that is not there", async () => {
  const { output } = await list("-L -u 10.0.0.1:53 --json --unprivileged");
  const document = JSON.parse(output);
  assert.deepEqual(
    document.services.map(({ port }: { port: number }) => port),
    [53],
  );
  assert.equal(document.totals, undefined);
  const missing = await list("-L -t 10.0.0.9:80 --json --unprivileged");
  assert.deepEqual([missing.status, missing.output, missing.error], [1, "", "No such service\n"]);
});

test("connections", async () => {
  const title =
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n" +
    "TCP C0A80001 8000 0A000001 0050 0A010001 0050 ESTABLISHED     899\n";
  const { status, output } = await list("-Lc --json --unprivileged", { files: { ...files, ip_vs_conn: () => title } });
  assert.ok(validate(JSON.parse(output)), JSON.stringify(validate.errors));
  const { ipvs, connections } = JSON.parse(output);
  assert.deepEqual([status, ipvs.source, ipvs.version, connections.length], [0, "proc", "1.2.1", 1]);
  const missing = await list("-Lc --json --unprivileged");
  assert.deepEqual([missing.status, missing.output], [1, ""]);
  assert.match(missing.error, /^\/proc\/net\/ip_vs_conn does not exist: the kernel has no IPVS/);
});

test("with privileges nothing is read from /proc but the totals", async () => {
  const { status, output } = await list("-L --json --unprivileged", {
    files,
    openKernel: async () => new FakeKernel(),
  });
  const document = JSON.parse(output);
  assert.deepEqual([status, document.ipvs.source, document.services], [0, "netlink", []]);
  assert.equal(document.totals.rates.cps, 1);
  assert.ok(document.timeouts);
});

test("without the option, or for another error, the kernel's refusal is told as ever", async () => {
  const refused = await list("-L --json");
  assert.deepEqual([refused.status, refused.output], [2, ""]);
  assert.match(refused.error, /^Can't initialize ipvs: /);
  const noModule = await list("-L --json --unprivileged", { files, openKernel: refusingKernel("ENOPROTOOPT") });
  assert.equal(noModule.status, 2);
  assert.match(noModule.error, /^Can't initialize ipvs: Protocol not available\n/);
  // A value that happens to be the word.
  assert.equal((await list("-A -f 1 -s --unprivileged")).status, 2);
});

test("what /proc does not have is refused", async () => {
  for (const [line, message] of [
    ["-L --unprivileged", /^\/proc is listed with --json only/],
    ["-Lnc --unprivileged", /^\/proc is listed with --json only/],
    ["-L --timeout --json --unprivileged", /^\/proc has no timeouts/],
    ["-L --daemon --json --unprivileged", /^\/proc has no sync daemons/],
  ] as const) {
    const { status, output, error } = await list(line);
    assert.deepEqual([status, output], [2, ""], line);
    assert.match(error, message);
  }
  const save = await list("-S --json --unprivileged", { files, openKernel: async () => new FakeKernel() });
  assert.deepEqual([save.status, save.error], [2, "Illegal 'unprivileged' option with the 'save' command\n"]);
});

for (const [what, ip_vs, message] of [
  [
    "is not there",
    () => new SystemError(errnoOf("ENOENT")),
    /^\/proc\/net\/ip_vs does not exist: the kernel has no IPVS/,
  ],
  ["may not be read", () => new SystemError(errnoOf("EACCES")), /^cannot open file \/proc\/net\/ip_vs$/],
  ["is empty", () => "", /^unexpected input from \/proc\/net\/ip_vs/],
  ["is torn in a row", () => ipVs().slice(0, -30), /^unexpected input from \/proc\/net\/ip_vs/],
  ["is torn in its titles", () => titles.slice(0, 60), /^unexpected input from \/proc\/net\/ip_vs/],
  ["has a NUL", () => `${ipVs()}\0\n`, /^unexpected input from \/proc\/net\/ip_vs: "\\u0000"$/],
  [
    "has a row of no known form",
    () => `${ipVs()}TCP  0A000001:0050 rr extra words\n`,
    /^unexpected input from \/proc\/net\/ip_vs: "TCP {2}0A000001:0050 rr extra words"$/,
  ],
  ["has a protocol of no known name", () => `${titles}DCCP 0A000001:0050 rr \n`, /^unexpected input from/],
  ["is not the kernel's", () => "\x1b[2J<html>\n".repeat(100), /^unexpected input from \/proc\/net\/ip_vs: "\\u001b/],
] as const) {
  test(`nothing is printed where /proc/net/ip_vs ${what}`, async () => {
    const { status, output, error } = await list("-L --json --unprivileged", { files: { ...files, ip_vs } });
    assert.deepEqual([status, output], [1, ""], error);
    assert.match(error.trimEnd(), message);
  });
}

test("where /proc/net is hidden, as by ProcSubset=pid, that is said", async () => {
  const { status, error } = await list("-L --json --unprivileged", {
    files: { dev: () => new SystemError(errnoOf("ENOENT")) },
  });
  assert.equal(status, 1);
  assert.match(error, /^\/proc\/net does not exist: \/proc is not mounted, or is hidden .*ProcSubset=pid/);
});

for (const [what, ip_vs_stats] of [
  ["not there", () => new SystemError(errnoOf("ENOENT"))],
  ["torn", () => totals.slice(0, 200)],
  ["not numbers", () => totals.replace("14", "-1")],
] as const) {
  test(`totals that are ${what} are left out`, async () => {
    const { status, output } = await list("-L --json --unprivileged", { files: { ...files, ip_vs_stats } });
    assert.equal(status, 0);
    assert.equal("totals" in JSON.parse(output), false);
  });
}

test("a document from /proc is not restored: what it lacks would be taken for defaults", async () => {
  const { output } = await list("-L --json --unprivileged");
  const host = makeHost({ stdin: [output] });
  assert.equal(await runRestore([], host), 2);
  assert.match(host.error, /^ipvs\.source: what was read from \/proc without privileges has no thresholds/);
});
