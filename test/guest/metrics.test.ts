// needs: prometheus,prometheus-node-exporter,iproute2,kmod
/** The metrics on a real kernel: promtool, node_exporter and Prometheus are Debian's. */

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { runVerb } from "../../src/commands/run.js";
import { nodePlatform } from "../../src/host/node-platform.js";
import { systemHost } from "../../src/host/system-host.js";
import { fromRoot } from "../support/paths.js";
import { type ProgramResult, runOnKernel } from "../support/real-host.js";

const folder = mkdtempSync(join(tmpdir(), "metrics-"));
const children: ChildProcess[] = [];
const ending = new AbortController();

/** ip_vs with a table of every kind of service, and what is told apart by the names of node_exporter. */
const rules = [
  "-A -t 192.0.2.10:80 -s wrr",
  "-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 3",
  "-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 0 -x 10",
  "-A -t 192.0.2.10:8080 -s rr",
  "-a -t 192.0.2.10:8080 -r 10.0.0.2:8080 -m -w 2000000",
  "-A -u 192.0.2.10:53 -s rr",
  "-a -u 192.0.2.10:53 -r 10.0.0.3:53 -i",
  "-A -t [2001:db8::10]:443 -s rr",
  "-a -t [2001:db8::10]:443 -r [2001:db8::1]:443 -g -w 1234567",
  "-A -f 7 -s rr -p 360",
  "-a -f 7 -r 10.0.0.4 -g",
  "-A -f 255 -s wrr",
  "-a -f 255 -r 10.0.0.4 -g -w 5",
  "-A --sctp-service 192.0.2.10:90 -s rr",
  "-a --sctp-service 192.0.2.10:90 -r 10.0.0.9:90 -m",
];
const sctpServer = 'remote_address="10.0.0.9"';

/** Interfaces can be called like this. */
const hostileInterface = 'a"\\b';

function sh(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

const ipvsadm = (...args: string[]) => sh(fromRoot("test/lab/bin/ipvsadm"), ...args);

const metrics = (...args: string[]): Promise<ProgramResult> =>
  runOnKernel((host) => runVerb(["metrics", ...args], host));

function promtool(text: string): string {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "latin1" });
  return `${status} ${stdout}${stderr}`;
}

/** The condition's value, once it is there. */
async function eventually<T>(what: string, condition: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    assert.ok(Date.now() < end, what);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function textOf(url: string, headers: Record<string, string> = {}): Promise<string | undefined> {
  try {
    return await (await fetch(url, { headers })).text();
  } catch {
    return undefined;
  }
}

function start(program: string, ...args: string[]): void {
  children.push(spawn(program, args, { stdio: "ignore" }));
}

/** `ipvsadm metrics --listen 0` in this process; returns its URL. */
async function serve(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const log = (line: string) => {
      const [url] = /http:\S+/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    };
    const host = { ...systemHost(nodePlatform), signal: ending.signal, log };
    runVerb(["metrics", "--listen", "0", ...args], host).catch(reject);
  });
}

before(() => {
  sh("modprobe", "ip_vs");
  for (const address of ["192.0.2.10", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.9"]) {
    sh("ip", "address", "add", `${address}/32`, "dev", "lo");
  }
  sh("ip", "address", "add", "2001:db8::1/128", "dev", "lo");
  sh("ip", "link", "add", hostileInterface, "type", "dummy");
  sh("ip", "link", "set", hostileInterface, "up");
  execFileSync(fromRoot("test/lab/bin/ipvsadm"), ["-R"], { input: rules.join("\n") });
  ipvsadm("--start-daemon", "master", "--mcast-interface", hostileInterface, "--syncid", "7");
});

after(() => {
  ending.abort();
  for (const child of children) child.kill("SIGKILL");
});

/** Sends bytes through the first service to a server on this machine. */
async function sendTraffic(bytes: number): Promise<void> {
  const server = createServer((socket) => socket.resume().on("end", () => socket.end()));
  await new Promise<void>((resolve) => server.listen(80, "10.0.0.1", resolve));
  await new Promise<void>((resolve, reject) => {
    const socket = connect(80, "192.0.2.10", () => socket.end(Buffer.alloc(bytes)));
    socket.on("close", () => resolve()).on("error", reject);
    socket.resume();
  });
  server.close();
}

const outputs = [
  "",
  "--names node-exporter",
  "--names both",
  "--no-servers",
  "--labels address,forward",
  "--max-series 9",
];

test("promtool finds no fault in any output", async () => {
  for (const args of outputs) {
    const { stdout } = await metrics(...args.split(" ").filter((arg) => arg !== ""));
    assert.match(stdout, /^ipvs_up [01]$/m, args);
    assert.equal(promtool(stdout), "0 ", args);
  }
});

test("every kind of service and a hostile name", async () => {
  const { stdout, status } = await metrics();
  assert.equal(status, 0);
  for (const line of [
    'ipvs_service_servers{family="inet",protocol="tcp",address="192.0.2.10",port="80",state="weighted"} 1',
    'ipvs_service_servers{family="inet",protocol="tcp",address="192.0.2.10",port="80",state="drained"} 1',
    'ipvs_server_upper_threshold{family="inet",protocol="tcp",address="192.0.2.10",port="80",server_address="10.0.0.2",server_port="80",forward="masq"} 10',
    'ipvs_server_weight{family="inet6",protocol="tcp",address="2001:db8::10",port="443",server_address="2001:db8::1",server_port="443",forward="route"} 1234567',
    'ipvs_server_weight{family="inet",fwmark="255",server_address="10.0.0.4",server_port="0",forward="route"} 5',
    'ipvs_server_weight{family="inet",protocol="sctp",address="192.0.2.10",port="90",server_address="10.0.0.9",server_port="90",forward="masq"} 1',
    'ipvs_sync_daemon{state="master",interface="a\\"\\\\b",syncid="7"} 1',
    'ipvs_timeout_seconds{kind="tcp_fin"} 120',
  ]) {
    assert.ok(stdout.includes(`${line}\n`), line);
  }
});

test("under the names of node_exporter: its own text, line by line, but for SCTP", async () => {
  await sendTraffic(3_000_000);
  await eventually("the kernel adds up all bytes", async () => {
    const [, , , bytes = "0"] = readFileSync("/proc/net/ip_vs_stats", "utf8").split("\n")[2]?.trim().split(/ +/) ?? [];
    return Number.parseInt(bytes, 16) >= 3_000_000 ? true : undefined;
  });
  start(
    "prometheus-node-exporter",
    ...["--collector.disable-defaults", "--collector.ipvs", "--web.listen-address=127.0.0.1:9100"],
  );
  const isCompared = (line: string) => line.includes("node_ipvs_") && !line.includes(sctpServer);
  const compared = (text: string) => text.split("\n").filter(isCompared);
  let [theirs, ours] = ["", ""];
  // Until the kernel has added up the last packets, too.
  await eventually("they agree", async () => {
    theirs = (await textOf("http://127.0.0.1:9100/metrics")) ?? "";
    ours = (await metrics("--names", "node-exporter")).stdout;
    return isDeepStrictEqual(compared(ours), compared(theirs)) ? true : undefined;
  }).catch(() => assert.deepEqual(compared(ours), compared(theirs)));
  // Their numbers are floats.
  assert.match(ours, /^node_ipvs_incoming_bytes_total 3\.\d+e\+06$/m);
  assert.match(ours, /^node_ipvs_backend_weight\{.*\} 2e\+06$/m);
  // The server that they give to the service before.
  const row = (text: string) =>
    text.split("\n").find((line) => line.startsWith("node_ipvs_backend_weight") && line.includes(sctpServer));
  assert.match(row(ours) ?? "", /local_address="192.0.2.10",local_mark="",local_port="90",proto="SCTP"/);
  assert.doesNotMatch(row(theirs) ?? "", /SCTP/);
});

test("scrapes of one second share a reading; OpenMetrics for those who ask; nothing but /metrics", async () => {
  const url = await serve();
  const openMetrics = { accept: "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5" };
  const durationOf = (text = "") => /^ipvs_scrape_duration_seconds (.*)$/m.exec(text)?.[1];
  // On a busy machine they may take more than a second.
  const texts = await eventually("they share a reading", async () => {
    const texts = await Promise.all([textOf(url), textOf(url), textOf(url, openMetrics), textOf(url)]);
    return new Set(texts.map(durationOf)).size === 1 ? texts : undefined;
  });
  assert.ok(durationOf(texts[0]));
  assert.match(texts[2] ?? "", /# EOF\n$/);
  assert.doesNotMatch(texts[0] ?? "", /EOF/);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.notEqual(durationOf(await textOf(url)), durationOf(texts[0]));
  assert.equal((await fetch(url.replace("/metrics", "/"))).status, 404);
  assert.equal((await fetch(url, { method: "POST" })).status, 405);
  const head = await fetch(url, { method: "HEAD" });
  assert.equal(head.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
});

/** Every expression of the dashboard, with its variables replaced. */
function dashboardExpressions(): string[] {
  const dashboard = JSON.parse(readFileSync(fromRoot("docs/metrics/ipvs-dashboard.json"), "utf8"));
  const panels: { targets: { expr: string }[] }[] = dashboard.panels;
  return panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "30s").replaceAll("$instance", ".*")),
  );
}

const alerts = fromRoot("docs/metrics/ipvs-alerts.yml");

interface QueryResult {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

async function query(expression: string): Promise<QueryResult> {
  const text = await textOf(`http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(expression)}`);
  // Until it has read its own data, Prometheus says that it is unavailable.
  return text?.startsWith("{") ? JSON.parse(text) : { status: "no answer" };
}

const sampleOf = async (expression: string) => (await query(expression)).data?.result[0]?.value[1];

/** Waits until an expression has a value. */
const expectValue = (expression: string, value: string) =>
  eventually(`${expression} is ${value}`, async () => ((await sampleOf(expression)) === value ? true : undefined));

test("Prometheus scrapes it, evaluates the dashboard and the alerts, and sees resets and a missing module", async () => {
  const url = new URL(await serve("--names", "both"));
  writeFileSync(
    join(folder, "prometheus.yml"),
    JSON.stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [alerts],
      scrape_configs: [{ job_name: "ipvs", static_configs: [{ targets: [url.host] }] }],
    }),
  );
  start(
    "prometheus",
    ...[`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`],
    "--web.listen-address=127.0.0.1:9090",
  );
  await expectValue("ipvs_up", "1");
  await expectValue("ipvs_connections_total", "1");
  await expectValue(`count(ipvs_sync_daemon{interface="a\\"\\\\b"})`, "1");

  ipvsadm("-Z");
  await expectValue("resets(ipvs_connections_total[5m])", "1");
  await expectValue("resets(node_ipvs_connections_total[5m])", "1");
  await sendTraffic(1000);
  await expectValue("ipvs_connections_total", "1");
  await expectValue("increase(ipvs_connections_total[5m]) > bool 0", "1");

  for (const expression of dashboardExpressions()) {
    // Right after a scrape that took too long there is none.
    await eventually(`${expression} has a value`, async () => {
      const { status, error, data } = await query(expression);
      assert.notEqual(status, "error", `${expression}: ${error}`);
      return data?.result.length ? true : undefined;
    });
  }
  const rulesFound = await eventually("the rules are evaluated", async () => {
    const { data } = JSON.parse((await textOf("http://127.0.0.1:9090/api/v1/rules")) ?? "{}");
    const rules: { name: string; health: string }[] = data?.groups[0].rules ?? [];
    return rules.length > 0 && rules.every(({ health }) => health !== "unknown") ? rules : undefined;
  });
  assert.deepEqual(
    rulesFound.filter(({ health }) => health !== "ok"),
    [],
  );
  assert.ok(rulesFound.length > 5);

  ipvsadm("--stop-daemon", "master");
  ipvsadm("-C");
  await eventually("the module can be unloaded", async () =>
    spawnSync("modprobe", ["-r", "ip_vs_wrr", "ip_vs_rr", "ip_vs"]).status === 0 ? true : undefined,
  );
  await expectValue("ipvs_up", "0");
  await expectValue('ipvs_scrape_error{reason="no_module"}', "1");
  await expectValue("up", "1");
  const without = await metrics();
  assert.equal(without.status, 7);
  assert.match(without.stderr, /^ipvsadm metrics: the kernel has no IPVS, or its module is not loaded/);
  assert.equal(promtool(without.stdout), "0 ");
  assert.doesNotMatch(readFileSync("/proc/modules", "utf8"), /^ip_vs /m);

  sh("modprobe", "ip_vs");
  await expectValue("ipvs_up", "1");
  await expectValue("ipvs_connections_total", "0");
});
