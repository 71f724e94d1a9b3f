import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationKind } from "../../../../src/format/json/service-kinds.js";
import { renderExposition } from "../../../../src/format/prometheus/exposition.js";
import { serverColumns, serviceColumns } from "../../../../src/format/prometheus/ipvs-columns.js";
import { TableSeries } from "../../../../src/format/prometheus/ipvs-families.js";
import { BackendSeries } from "../../../../src/format/prometheus/node-exporter.js";
import { counters, markService, server, service } from "../../../support/entries.js";
import { Random } from "../../../support/random.js";

function linesOf(table: { families(): Parameters<typeof renderExposition>[0] }): string[] {
  return [...renderExposition(table.families(), { openMetrics: false })]
    .join("")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

test("every field of a server that is declared to be a metric is one, and every counter", () => {
  const declared = destinationKind.members.filter(({ metric }) => metric !== undefined).map(({ key }) => key);
  assert.deepEqual(
    declared.sort(),
    [
      "activeConnections",
      "inactiveConnections",
      "lowerThreshold",
      "persistentConnections",
      "upperThreshold",
      "weight",
    ].sort(),
  );
  const entry = server({
    activeConnections: 1,
    inactiveConnections: 2,
    persistentConnections: 3,
    weight: 4,
    upperThreshold: 5,
    lowerThreshold: 6,
    counters: counters(7n, 8n, 9n, 10n, 11n),
  });
  const values = serverColumns.map((column) => Number(column.from(entry)));
  assert.deepEqual(
    values.sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
});

test("counters of 64 bits have all their digits", () => {
  const table = new TableSeries(false, undefined);
  table.add({ service: service({ counters: counters(2n ** 64n - 1n, 1n, 2n, 3n, 2n ** 53n + 1n) }), destinations: [] });
  const lines = linesOf(table);
  const labels = '{family="inet",protocol="tcp",address="10.0.0.1",port="80"}';
  assert.ok(lines.includes(`ipvs_service_connections_total${labels} 18446744073709551615`));
  assert.ok(lines.includes(`ipvs_service_outgoing_bytes_total${labels} 9007199254740993`));
});

test("the states of servers add up to all of them", () => {
  const table = new TableSeries(false, undefined);
  const destinations = [
    server({ weight: 1 }),
    server({ weight: 0, upperThreshold: 1, activeConnections: 9 }),
    server({ weight: 1, upperThreshold: 3, activeConnections: 1, inactiveConnections: 2 }),
    server({ weight: 1, upperThreshold: 3, activeConnections: 1, inactiveConnections: 1 }),
  ];
  table.add({ service: markService({ family: "inet6", fwmark: 4294967295 }), destinations });
  const servers = linesOf(table).filter((line) => line.startsWith("ipvs_service_servers"));
  assert.deepEqual(servers, [
    'ipvs_service_servers{family="inet6",fwmark="4294967295",state="weighted"} 2',
    'ipvs_service_servers{family="inet6",fwmark="4294967295",state="drained"} 1',
    'ipvs_service_servers{family="inet6",fwmark="4294967295",state="overloaded"} 1',
  ]);
});

test("series are counted", () => {
  const table = new TableSeries(true, undefined);
  table.add({ service: service(), destinations: [server(), server({ port: 81 })] });
  assert.equal(table.size, serviceColumns.length + 2 * serverColumns.length);
  assert.equal(linesOf(table).length, table.size);
});

test("a service that is read twice counts once, and chosen labels add up", () => {
  const entry = { service: service({ counters: counters(2n ** 60n) }), destinations: [server({ weight: 3 })] };
  const other = { service: service({ port: 81, counters: counters(5n) }), destinations: [server({ weight: 4 })] };
  const all = new TableSeries(true, undefined);
  all.add(entry);
  all.add(entry);
  assert.equal(new Set(linesOf(all)).size, linesOf(all).length);
  assert.ok(linesOf(all).some((line) => line.startsWith("ipvs_server_weight{") && line.endsWith(" 3")));
  const chosen = new TableSeries(true, new Set(["address"]));
  chosen.add(entry);
  chosen.add(other);
  assert.ok(linesOf(chosen).includes(`ipvs_service_connections_total{address="10.0.0.1"} ${2n ** 60n + 5n}`));
  assert.ok(linesOf(chosen).includes('ipvs_server_weight{address="10.0.0.1"} 7'));
  const none = new TableSeries(true, new Set(["fwmark"]));
  none.add(entry);
  assert.ok(linesOf(none).includes("ipvs_server_weight 3"));
});

test("servers under the names of node_exporter: Go's addresses and order, and sums", () => {
  const backends = new BackendSeries(undefined);
  const measured = { weight: 1, activeConnections: 2, inactiveConnections: 3 };
  const add = (address: string, remote: string, port = 80) =>
    backends.add({ protocol: "TCP", local: { address, port }, address: remote, port, ...measured });
  add("192.0.2.10", "::ffff:10.0.0.1");
  add("192.0.2.1", "::10.0.0.1");
  add("192.0.2.1", "2001:db8::1", 8080);
  add("192.0.2.1", "2001:db8::1");
  add("192.0.2.1", "2001:db8::1");
  backends.add({ protocol: "FWM", fwmark: 255, address: "10.0.0.1", port: 0, ...measured });
  for (const _ of backends.sort());
  const lines = linesOf(backends).filter((line) => line.startsWith("node_ipvs_backend_connections_active"));
  const row = (address: string, mark: string, port: number, proto: string, remote: string, remotePort: number) =>
    `node_ipvs_backend_connections_active{local_address="${address}",local_mark="${mark}",local_port="${port}",` +
    `proto="${proto}",remote_address="${remote}",remote_port="${remotePort}"}`;
  assert.deepEqual(lines, [
    `${row("", "000000FF", 0, "FWM", "10.0.0.1", 0)} 2`,
    `${row("192.0.2.1", "", 80, "TCP", "2001:db8::1", 80)} 4`,
    `${row("192.0.2.1", "", 80, "TCP", "::a00:1", 80)} 2`,
    `${row("192.0.2.1", "", 8080, "TCP", "2001:db8::1", 8080)} 2`,
    `${row("192.0.2.10", "", 80, "TCP", "10.0.0.1", 80)} 2`,
  ]);
});

test("many servers are ordered in short steps", () => {
  const backends = new BackendSeries(undefined);
  const random = new Random(11);
  const addresses = new Set<string>();
  while (addresses.size < 9_001) addresses.add(`10.${random.between(0, 255)}.${random.between(0, 255)}.9`);
  for (const address of addresses) {
    backends.add({ protocol: "TCP", address, port: 80, weight: 1, activeConnections: 0, inactiveConnections: 0 });
  }
  let steps = 0;
  for (const _ of backends.sort()) steps++;
  assert.ok(steps > 10);
  const lines = linesOf(backends).filter((line) => line.startsWith("node_ipvs_backend_weight"));
  const found = lines.map((line) => /remote_address="([^"]+)"/.exec(line)?.[1]);
  assert.deepEqual(found, [...addresses].sort());
});
