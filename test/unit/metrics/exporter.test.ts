import assert from "node:assert/strict";
import { test } from "node:test";
import { answerScrape, wantsOpenMetrics } from "../../../src/metrics/answer-scrape.js";
import { MetricsExporter } from "../../../src/metrics/exporter.js";
import type { MetricsOptions } from "../../../src/metrics/metrics-options.js";
import { readBackends } from "../../../src/metrics/read-backends.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { type FakeHostOptions, makeHost, refusingKernel } from "../../support/fake-host.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { noTotals } from "../../support/proc-text.js";

const all: MetricsOptions = { names: "ipvs", servers: true, maxSeries: 1000 };
const titles =
  "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n" +
  "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n";

function exporterOf(host: FakeHostOptions, options: Partial<MetricsOptions> = {}) {
  const made = makeHost({ files: { ip_vs_stats: () => noTotals, ip_vs: () => titles }, ...host });
  return { host: made, exporter: new MetricsExporter(made, { ...all, ...options }) };
}

async function linesOf(exporter: MetricsExporter): Promise<string[]> {
  const { render } = await exporter.expose();
  return [...render({ openMetrics: false })].join("").split("\n");
}

const key = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
const settings = {
  scheduler: "wlc",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
  netmask: "255.255.255.255",
} as const;

test("one reading for all who ask within a second; then another one", async () => {
  let readings = 0;
  const { host, exporter } = exporterOf({
    openKernel: async () => {
      readings++;
      return new FakeKernel();
    },
  });
  await Promise.all([exporter.expose(), exporter.expose(), exporter.expose()]);
  await host.clock.sleep(999);
  await exporter.expose();
  assert.equal(readings, 1);
  await host.clock.sleep(1);
  await exporter.expose();
  assert.equal(readings, 2);
});

const failures: readonly [string, FakeHostOptions, Partial<MetricsOptions>, RegExp][] = [
  ["no_privileges", { openKernel: refusingKernel("EPERM") }, {}, /root or CAP_NET_ADMIN/],
  ["no_module", { openKernel: refusingKernel("ENOPROTOOPT") }, {}, /modprobe ip_vs/],
  ["no_module", { files: {} }, {}, /modprobe ip_vs/],
  ["no_module", { files: {} }, { names: "node-exporter" }, /modprobe ip_vs/],
  ["no_proc", { files: { dev: () => new SystemError(errnoOf("ENOENT")) } }, {}, /\/proc\/net cannot be read/],
  ["no_proc", { files: { ip_vs_stats: () => "something else" } }, {}, /unexpected input from/],
  ["unexpected", { openKernel: () => Promise.reject(new TypeError("a fault")) }, {}, /a fault/],
];

for (const [reason, host, options, message] of failures) {
  test(`a failed reading is a metric: ${reason}, ${message}`, async () => {
    const { exporter } = exporterOf(host, options);
    const lines = await linesOf(exporter);
    assert.ok(lines.includes("ipvs_up 0"));
    assert.ok(lines.includes(`ipvs_scrape_error{reason="${reason}"} 1`));
    assert.equal(lines.filter((line) => /^ipvs_scrape_error\{.* 1$/.test(line)).length, 1);
    assert.ok(lines.includes("ipvs_scrape_errors_total 1"));
    assert.match((await exporter.expose()).error?.message ?? "", message);
  });
}

test("failures are counted, and end", async () => {
  let fails = true;
  const { host, exporter } = exporterOf({
    openKernel: async () => (fails ? refusingKernel("EINTR")() : new FakeKernel()),
  });
  await exporter.expose();
  await host.clock.sleep(1000);
  assert.ok((await linesOf(exporter)).includes('ipvs_scrape_error{reason="refused"} 1'));
  fails = false;
  await host.clock.sleep(1000);
  const lines = await linesOf(exporter);
  assert.ok(lines.includes("ipvs_up 1"));
  assert.ok(lines.includes("ipvs_scrape_errors_total 2"));
});

test("too many series are an error, and no half table", async () => {
  const kernel = new FakeKernel();
  kernel.changeAside({ command: "add-service", service: { ...key, ...settings } });
  const few = exporterOf({ openKernel: async () => kernel }, { maxSeries: 7 });
  const lines = await linesOf(few.exporter);
  assert.ok(lines.includes('ipvs_scrape_error{reason="too_many_series"} 1'));
  assert.ok(!lines.some((line) => line.startsWith("ipvs_service")));
  const enough = exporterOf({ openKernel: async () => kernel }, { maxSeries: 8 });
  assert.ok((await linesOf(enough.exporter)).includes("ipvs_up 1"));
});

test("servers of /proc are the same however it is cut into chunks", async () => {
  const rows = Array.from({ length: 3000 }, (_, service) => {
    const line = service % 3 === 0 ? `FWM  ${service.toString(16).toUpperCase().padStart(8, "0")} rr \n` : undefined;
    const port = service.toString(16).toUpperCase().padStart(4, "0");
    const server = (weight: number) => `  -> 0A00000${weight}:0050      Masq    ${weight}      1          2         \n`;
    return `${line ?? `TCP  C000020A:${port} wrr  \n`}${[1, 2, 3]
      .slice(0, service % 4)
      .map(server)
      .join("")}`;
  });
  const host = makeHost({ files: { ip_vs: () => titles + rows.join("") } });
  const found = [];
  for await (const part of readBackends(host.proc)) found.push(...part);
  assert.equal(found.length, 4500);
  const row = found.find(({ local }) => local?.port === 2999);
  assert.deepEqual(row, {
    protocol: "TCP",
    local: { address: "192.0.2.10", port: 2999 },
    address: "10.0.0.1",
    port: 80,
    weight: 1,
    activeConnections: 1,
    inactiveConnections: 2,
  });
});

const accepts: readonly [string, boolean][] = [
  ["", false],
  ["*/*", false],
  ["text/plain;version=0.0.4", false],
  ["application/openmetrics-text", true],
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    true,
  ],
  ["application/openmetrics-text;version=0.0.1,text/plain;q=0.5", false],
  ["application/openmetrics-text; version=1.0.0; q=0.2, text/plain; q=0.5", false],
  ["Application/OpenMetrics-Text;q=0", false],
];

test("the format is that of the header Accept", () => {
  for (const [accept, wanted] of accepts) assert.equal(wantsOpenMetrics(accept, false), wanted, accept);
  assert.equal(wantsOpenMetrics("*/*", true), true);
  assert.equal(wantsOpenMetrics("text/plain", true), false);
});

test("nothing but GET and HEAD of /metrics is answered, and only GET reads", async () => {
  const { exporter } = exporterOf({ openKernel: async () => new FakeKernel() });
  const ask = (method: string, path: string) => answerScrape({ method, path, accept: "" }, exporter, false);
  assert.equal((await ask("GET", "/")).status, 404);
  assert.equal((await ask("GET", "/metrics/")).status, 404);
  assert.equal((await ask("DELETE", "/metrics")).status, 405);
  const head = await ask("HEAD", "/metrics");
  assert.deepEqual([head.status, [...head.body]], [200, []]);
  const get = await ask("GET", "/metrics");
  assert.match([...get.body].join(""), /^ipvs_up 1$/m);
});
