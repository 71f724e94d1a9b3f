import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { runVerb } from "../../../src/commands/run.js";
import { FakeClock, type FakeFile, makeHost, noNames } from "../../support/fake-host.js";
import { fromRoot } from "../../support/paths.js";
import { connectionsTitle, originsTitle } from "../../support/random-connections.js";

const schemaOf = (name: string) =>
  new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(fromRoot(`schema/${name}.schema.json`), "utf8")));
const isDocument = schemaOf("ipvsadm-1");
const isEvent = schemaOf("ipvsadm-connection-event-1");

const ipv6 = "2001:0db8:0000:0000:0000:0000:0000:0001 8B2C 2001:0db8:0000:0000:0000:0000:0000:0050 0050";

/** Rows without their seconds: ends and state, origin, seconds, and what an engine keeps. */
const rows: readonly (readonly [ends: string, state: string, origin: string, seconds: string, engine?: string])[] = [
  ["TCP C0A80101 8B2C 0A000001 0050 0A010001 0050", "ESTABLISHED", "LOCAL", "899"],
  ["TCP C0A80201 8B2D 0A000001 0050 0A010001 1F90", "SYN_RECV", "SYNC", "59"],
  ["UDP C0A80101 0035 0A000002 0035 0A010002 0035", "UDP", "LOCAL", "299"],
  ["SCTP C0A80101 8B2C 0A000001 8E3C 0A010001 8E3C", "ESTABLISHED", "LOCAL", "6000"],
  [`TCP ${ipv6} 0A010001 0050`, "SYN_RECV", "LOCAL", "1"],
  ["IP  C0A80101 0000 00000005 0000 0A010001 0000", "NONE", "LOCAL", "299"],
  ["TCP C0A80101 0000 0A000001 FFFF 0A010001 FFFF", "NONE", "SYNC", "10"],
  ["UDP C0A80101 0000 0A000001 13C4 0A010001 13C4", "ASSURED", "LOCAL", "50", "sip \x1b[0mcall"],
];

const files = {
  ip_vs: () => "IP Virtual Server version 1.2.1 (size=4096)\n",
  ip_vs_conn: () =>
    connectionsTitle +
    rows
      .map(([ends, state, , seconds, engine = ""]) =>
        `${ends} ${state.padEnd(11)} ${seconds.padStart(7)} ${engine}`.trimEnd(),
      )
      .join("\n")
      .concat("\n"),
  ip_vs_conn_sync: () =>
    originsTitle +
    rows
      .map(
        ([ends, state, origin, seconds]) => `${ends} ${state.padEnd(11)} ${origin.padEnd(6)} ${seconds.padStart(7)}\n`,
      )
      .join(""),
};

const resolver = {
  ...noNames,
  hostAddress: async (name: string) => (name === "server1" ? "10.1.0.1" : undefined),
  hostName: async (address: string) => (address === "10.1.0.1" ? "server1" : undefined),
  servicePort: (name: string) => (name === "http" ? 80 : undefined),
  serviceName: (port: number) => (port === 80 ? "http" : undefined),
};

async function run(line: string, changed: Readonly<Record<string, () => FakeFile>> = {}) {
  const host = makeHost({ files: { ...files, ...changed }, resolver });
  const status = await runVerb(["connections", ...line.split(" ").filter(Boolean)], host);
  return { status, output: host.output, error: host.error };
}

test("the table: the columns of -Lc, the origin, and what is special", async () => {
  const { status, output } = await run("-n");
  assert.equal(status, 0);
  assert.deepEqual(output.split("\n"), [
    "pro expire state       source             virtual            destination        origin",
    "TCP 14:59  ESTABLISHED 192.168.1.1:35628  10.0.0.1:80        10.1.0.1:80        own",
    "TCP 00:59  SYN_RECV    192.168.2.1:35629  10.0.0.1:80        10.1.0.1:8080      sync",
    "UDP 04:59  UDP         192.168.1.1:53     10.0.0.2:53        10.1.0.2:53        own",
    "SCTP 100:00 ESTABLISHED 192.168.1.1:35628  10.0.0.1:36412     10.1.0.1:36412     own",
    "TCP 00:01  SYN_RECV    [2001:db8::1]:35628 [2001:db8::50]:80  10.1.0.1:80        own",
    "IP  04:59  NONE        192.168.1.1:0      fwmark 5           10.1.0.1:0         own    template",
    "TCP 00:10  NONE        192.168.1.1:0      10.0.0.1:65535     10.1.0.1:65535     sync   template, dead",
    "UDP 00:50  ASSURED     192.168.1.1:0      10.0.0.1:5060      10.1.0.1:5060      own    template",
    "",
  ]);
});

test("without -n there are names", async () => {
  const { output } = await run("--state established -p tcp");
  assert.match(output, /^TCP 14:59 {2}ESTABLISHED 192\.168\.1\.1:35628 {2}10\.0\.0\.1:http {6}server1:http {7}own$/m);
});

test("--pe prints what the engine keeps, and nothing that a terminal would obey", async () => {
  const { output } = await run("-n --pe sip");
  assert.deepEqual(output.split("\n").slice(1), [
    "UDP 00:50  ASSURED     192.168.1.1:0      10.0.0.1:5060      10.1.0.1:5060      own    template, sip \\x1b[0mcall",
    "",
  ]);
});

// Each condition, and the positions of the rows that fit.
for (const [line, fitting] of [
  ["", [0, 1, 2, 3, 4, 5, 6, 7]],
  ["-p tcp", [0, 1, 4, 6]],
  ["--protocol UDP,sctp", [2, 3, 7]],
  ["-p udp -p ip", [2, 5, 7]],
  ["--client 192.168.2.1", [1]],
  ["--client 192.168.0.0/16 --client 2001:db8::/32", [0, 1, 2, 3, 4, 5, 6, 7]],
  ["--client 192.168.1.1:53", [2]],
  ["--client [2001:db8::1]:35628", [4]],
  ["--virtual 10.0.0.2", [2]],
  ["--virtual 0.0.0.5", []],
  ["--virtual 10.0.0.0/30:80", [0, 1]],
  ["-t 10.0.0.1:80", [0, 1]],
  ["-t 10.0.0.1:http", [0, 1]],
  ["-t 10.0.0.1", [0, 1, 6]],
  ["-t [2001:db8::50]:80", [4]],
  ["-u 10.0.0.2:53 --sctp-service 10.0.0.1:36412", [2, 3]],
  ["-f 5", [5]],
  ["-f 5 -t 10.0.0.1:80", [0, 1, 5]],
  ["-r 10.1.0.2", [2]],
  ["--server 10.1.0.1:8080", [1]],
  ["-r server1:80", [0, 4]],
  ["-r server1 -p tcp", [0, 1, 4, 6]],
  ["--state established", [0, 3]],
  ["--state syn_recv,UDP", [1, 2, 4]],
  ["--not-state none --not-state assured,udp", [0, 1, 3, 4]],
  ["--expires <60", [1, 4, 6, 7]],
  ["--expires <=59", [1, 4, 6, 7]],
  ["--expires >899", [3]],
  ["--expires >=899", [0, 3]],
  ["--expires =59 --expires =1", [1, 4]],
  ["--templates", [5, 6, 7]],
  ["--no-templates", [0, 1, 2, 3, 4]],
  ["--pe sip,other", [7]],
  ["--pe other", []],
  ["--origin sync", [1, 6]],
  ["--origin own --origin sync --templates", [5, 6, 7]],
  ["--origin own --pe sip", [7]],
  ["--origin sync --pe sip", []],
  ["-p tcp --state syn_recv --client 192.168.0.0/16", [1]],
] as const) {
  test(`connections ${line}: ${fitting.length}`, async () => {
    const { output, error } = await run(`${line} --json`);
    assert.ok(isDocument(JSON.parse(output)), JSON.stringify(isDocument.errors));
    const { connections } = JSON.parse(output);
    assert.deepEqual(
      connections.map(({ expires }: { expires: number }) => String(expires)),
      fitting.map((index) => rows[index]?.[3]),
    );
    assert.equal(error, "");
    assert.deepEqual(await run(`${line} --count`), { status: 0, output: `${fitting.length}\n`, error: "" });
    assert.deepEqual(await run(`${line} --exists`), { status: fitting.length > 0 ? 0 : 1, output: "", error: "" });
  });
}

test("JSON has the fields of -Lc --json, and origin and template", async () => {
  const { output } = await run("--json -t 10.0.0.1");
  const { ipvs, connections } = JSON.parse(output);
  assert.deepEqual(ipvs, {
    schema: 1,
    version: "1.2.1",
    conn_tab_size: 4096,
    source: "proc",
    taken_at: "2026-11-22T18:24:00.000Z",
  });
  assert.deepEqual(connections[2], {
    family: "inet",
    protocol: "tcp",
    state: "none",
    expires: 10,
    client: { address: "192.168.1.1", port: 0 },
    virtual: { address: "10.0.0.1", port: 65535 },
    destination: { address: "10.1.0.1", port: 65535 },
    origin: "sync",
    template: "dead",
  });
  assert.match((await run("--json --pe sip")).output, /"pe":"sip","pe_data":"\\u001b\[0mcall"/);
  assert.match((await run("--json -f 5")).output, /"fwmark":5,/);
});

test("an empty answer is an empty table and status 0", async () => {
  const { status, output } = await run("-n --client 9.9.9.9");
  assert.equal(status, 0);
  assert.equal(output.split("\n").length, 2);
  assert.match((await run("--json --client 9.9.9.9")).output, /"connections":\[\]\}\n$/);
});

test("--count-by and --top", async () => {
  const { output } = await run("-n --count-by client/24,protocol --no-templates");
  assert.equal(
    output,
    [
      "count client/24      protocol",
      "    1 192.168.1.0/24 TCP",
      "    1 192.168.2.0/24 TCP",
      "    1 192.168.1.0/24 UDP",
      "    1 192.168.1.0/24 SCTP",
      "    1 2001:d00::/24  TCP",
      "",
    ].join("\n"),
  );
  assert.equal((await run("-n --top 1")).output, "count client\n    6 192.168.1.1\n");
  assert.equal((await run("--count-by server --top 1 -p tcp")).output, "count server\n    2 server1:80\n");
  assert.equal(
    (await run("-n --count-by service,origin --templates")).output,
    [
      "count service            origin",
      "    1 fwmark 5           own",
      "    1 TCP 10.0.0.1:65535 sync",
      "    1 UDP 10.0.0.1:5060  own",
      "",
    ].join("\n"),
  );
  const { output: json } = await run("--json --count-by client/16,virtual,server,service,state,protocol,origin");
  assert.ok(isDocument(JSON.parse(json)), JSON.stringify(isDocument.errors));
  assert.deepEqual(JSON.parse(json).counts[0], {
    count: 1,
    client: { address: "192.168.0.0", prefixlen: 16 },
    virtual: { address: "10.0.0.1", port: 80 },
    destination: { address: "10.1.0.1", port: 80 },
    service: { protocol: "tcp", address: "10.0.0.1", port: 80 },
    state: "established",
    protocol: "tcp",
    origin: "own",
  });
  assert.deepEqual(JSON.parse((await run("--json --count")).output).count, 8);
});

test("a firewall mark without a template: the reason is told", async () => {
  const { status, error } = await run("--count -f 7");
  assert.equal(status, 0);
  assert.match(error, /only persistence templates show a firewall mark/);
});

for (const [line, sentence] of [
  ["more", /Unexpected argument: more/],
  ["-p icmp", /--protocol takes tcp, udp, sctp, ip, ah, esp, not "icmp"/],
  ["-p constructor", /--protocol takes/],
  ["--client 10.0.0", /--client takes ADDRESS\[\/LENGTH\]\[:PORT\], not "10.0.0"/],
  ["--client 10.0.0.0/33", /--client takes/],
  ["--virtual nowhere.invalid", /--virtual takes/],
  ["-r 10.0.0.1:http", /--server takes/],
  ["-r", /Flag --server expects a value/],
  ["-t 10.0.0.1:99999", /illegal virtual server address/],
  ["-f 0", /invalid fwmark/],
  ["--ipv6", /fwmark-service/],
  ["--state ESTABLISED", /--state: the kernel has no state "ESTABLISED"\nStates: none assured established/],
  ["--not-state x", /--not-state: the kernel has no state/],
  ["--expires 60", /--expires takes <, <=, >, >= or = and a number of seconds, not "60"\nQuote it/],
  ["--expires <0", /--expires takes/],
  ["--expires <-1", /--expires takes/],
  ["--pe a/b", /--pe takes the name/],
  ["--origin mine", /--origin=mine to be one of/],
  ["--count --exists", /cannot also be provided/],
  ["--count --follow", /cannot also be provided/],
  ["--count-by client --count", /cannot also be provided/],
  ["--exists --json", /cannot also be provided/],
  ["--top 0", /--top takes a whole number from 1, not 0/],
  ["--count-by port", /--count-by takes client, virtual, server, service, state, protocol, origin, or client\/LENGTH/],
  ["--count-by client/129", /--count-by takes/],
  ["--count-by server/24", /--count-by takes/],
  ["--count-by client/", /--count-by takes/],
  ["--count-by client,client/24", /--count-by has the key client twice/],
  ["--interval 2", /follow/],
  ["--follow --interval 0", /--interval takes a time/],
  ["--follow --expires <60", /cannot also be provided/],
] as const) {
  test(`ipvsadm connections ${line}: exit status 2 and a sentence`, async () => {
    const { status, output, error } = await run(line);
    assert.match(error, sentence);
    assert.deepEqual({ status, output }, { status: 2, output: "" });
  });
}

test("without ip_vs: exit status 7, and nothing is printed", async () => {
  for (const line of ["-n", "--json", "--count", "--exists", "--top 3", "--pe sip", "--follow", "--follow --json"]) {
    const host = makeHost();
    assert.equal(await runVerb(["connections", ...line.split(" ")], host), 7, line);
    assert.equal(host.output, "", line);
    assert.match(
      host.error,
      /^ipvsadm connections: \/proc\/net\/ip_vs_conn(_sync)? does not exist: the kernel has no IPVS, or its module ip_vs is not loaded\n$/,
    );
  }
});

test("a line that is not the kernel's: exit status 7 and the line; a document is not closed", async () => {
  const damaged = {
    ip_vs_conn: () => `${files.ip_vs_conn()}hello\n`,
    ip_vs_conn_sync: () => `${files.ip_vs_conn_sync()}hello\n`,
  };
  for (const line of ["-n", "--json", "--count", "--count-by client", "--client 9.9.9.9 --exists", "--follow"]) {
    const { status, output, error } = await run(line, damaged);
    assert.equal(status, 7, line);
    assert.match(error, /^ipvsadm connections: unexpected input from \/proc\/net\/ip_vs_conn(_sync)?: "hello"\n$/);
    if (line === "--json") assert.throws(() => JSON.parse(output));
    else assert.equal(output, "", line);
  }
});

/** The readings of a run that follows, one after the other; the last one ends it. */
async function follow(line: string, readings: readonly (readonly string[] | undefined)[]) {
  const end = new AbortController();
  let reading = 0;
  const sync = () => {
    const texts = readings[reading++];
    if (reading >= readings.length) end.abort();
    return texts === undefined
      ? `${originsTitle}garbage\n`
      : `${originsTitle}${texts.map((text) => `${text}\n`).join("")}`;
  };
  const host = { ...makeHost({ files: { ip_vs_conn_sync: sync }, clock: new FakeClock() }), signal: end.signal };
  const written: string[] = [];
  const stdout = { write: () => assert.fail(), writeText: (text: string) => written.push(text) };
  const status = await runVerb(["connections", "--follow", ...line.split(" ")], { ...host, stdout });
  assert.equal(status, 0);
  return written.join("").split("\n").slice(0, -1);
}

const row = (port: string, state: string) =>
  `TCP C0A80101 ${port} 0A000001 0050 0A010001 0050 ${state.padEnd(11)} LOCAL       60`;

test("--follow: new, gone after two readings, and states", async () => {
  const one = row("0001", "ESTABLISHED");
  const lines = await follow("-n", [
    [one, row("0002", "SYN_RECV")],
    [one, row("0002", "ESTABLISHED"), row("0003", "SYN_RECV")],
    [row("0002", "ESTABLISHED"), row("0003", "SYN_RECV")],
    [row("0002", "ESTABLISHED"), row("0003", "SYN_RECV")],
    undefined,
    [one],
    [one],
  ]);
  assert.deepEqual(lines, [
    "18:24:00 start 2 connections, read every 1 s; a connection that comes and goes between two readings is not seen",
    "18:24:01 state TCP SYN_RECV -> ESTABLISHED  192.168.1.1:2      10.0.0.1:80        10.1.0.1:80        own",
    "18:24:01 new   TCP SYN_RECV                 192.168.1.1:3      10.0.0.1:80        10.1.0.1:80        own",
    "18:24:03 gone  TCP ESTABLISHED              192.168.1.1:1      10.0.0.1:80        10.1.0.1:80        own",
    '18:24:04 gap   unexpected input from /proc/net/ip_vs_conn_sync: "garbage"',
    "18:24:05 new   TCP ESTABLISHED              192.168.1.1:1      10.0.0.1:80        10.1.0.1:80        own",
    "18:24:06 gone  TCP ESTABLISHED              192.168.1.1:2      10.0.0.1:80        10.1.0.1:80        own",
    "18:24:06 gone  TCP SYN_RECV                 192.168.1.1:3      10.0.0.1:80        10.1.0.1:80        own",
  ]);
});

test("--follow --json: events that the schema knows, and states that were asked for", async () => {
  const lines = await follow("--json --state established --interval 0.5", [
    [row("0001", "ESTABLISHED"), row("0002", "SYN_RECV")],
    [row("0001", "FIN_WAIT"), row("0002", "ESTABLISHED"), row("0003", "SYN_RECV")],
    [],
    [],
    undefined,
  ]);
  const events = lines.map((line) => JSON.parse(line));
  for (const event of events) assert.ok(isEvent(event), JSON.stringify(isEvent.errors));
  assert.deepEqual(
    events.map(({ event, seq, changed, connection }) => [seq, event, connection?.client.port, changed?.state]),
    [
      [0, "start", undefined, undefined],
      [1, "state", 1, { old: "established", new: "fin_wait" }],
      [2, "state", 2, { old: "syn_recv", new: "established" }],
      [3, "gone", 2, undefined],
      [4, "gap", undefined, undefined],
    ],
  );
  assert.deepEqual(events[0], {
    event: "start",
    seq: 0,
    time: "2026-11-22T18:24:00.000Z",
    interval_ms: 500,
    count: 1,
  });
});
