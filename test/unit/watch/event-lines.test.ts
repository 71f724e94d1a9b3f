/** The lines of `ipvsadm watch --json`, byte by byte: programs read them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderEvent } from "../../../src/format/json/changes/events.js";
import { destinationIdentity, serviceIdentity } from "../../../src/model/identity.js";
import type { ServiceKey } from "../../../src/model/table.js";
import type { WatchEvent } from "../../../src/model/watch-event.js";
import { watchEvents, wholeEvents } from "../../../src/watch/events/watch-events.js";
import type { Measurement } from "../../../src/watch/reading/details.js";
import type { Reading } from "../../../src/watch/reading/reader.js";
import type { WatchedDestination, WatchedService } from "../../../src/watch/reading/watched-table.js";
import { FakeClock } from "../../support/fake-host.js";

const zero = { connections: 0n, packetsIn: 0n, packetsOut: 0n, bytesIn: 0n, bytesOut: 0n };

function reading(
  services: readonly WatchedService[],
  measurements: ReadonlyMap<string, Measurement> = new Map(),
): Reading {
  return {
    takenAt: Date.UTC(2026, 0),
    moment: 0,
    version: "1.2.1",
    connectionTableSize: 4096,
    source: measurements.size > 0 ? "netlink" : "proc",
    table: new Map(services.map((service) => [serviceIdentity(service.key), service])),
    totals: { counters: zero, rates: zero },
    measurements: new Map(measurements),
  };
}

function watched(key: ServiceKey, facts: WatchedService["facts"], ...servers: WatchedDestination[]): WatchedService {
  return { key, facts, destinations: new Map(servers.map((server) => [destinationIdentity(server.key), server])) };
}

/** The events of some readings, and the lines that print them without sequence number and time. */
async function watch(...readings: Reading[]): Promise<{ events: WatchEvent[]; lines: string[] }> {
  const rest = readings.values();
  const reader = { read: async () => rest.next().value as Reading };
  const events: WatchEvent[] = [];
  const options = { clock: new FakeClock(), interval: 0, count: readings.length, sorted: true };
  for await (const event of wholeEvents(watchEvents(reader, options))) events.push(event);
  const lines = events.map((event, seq) => {
    const line = [...renderEvent(event)].join("");
    const stamp = `"seq":${seq},"time":"2026-01-01T00:00:00.000Z",`;
    assert.ok(line.endsWith("}\n") && line.includes(stamp), line);
    return line.replace(stamp, "").trimEnd();
  });
  return { events, lines };
}

const web: ServiceKey = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 };
const mark: ServiceKey = { family: "inet6", fwmark: 5 };
const server: WatchedDestination = {
  key: { family: "inet", address: "10.0.0.2", port: 80 },
  facts: { forward: "masq", weight: 3, upperThreshold: 10, lowerThreshold: 5 },
  activeConnections: 2,
  inactiveConnections: -1,
};
const tunneled: WatchedDestination = {
  key: { family: "inet6", address: "2001:db8::2", port: 0 },
  facts: {
    forward: "tunnel",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: "gue", port: 6080, checksum: "remcsum" },
  },
  activeConnections: 0,
  inactiveConnections: 0,
};
const counters = { connections: 1n, packetsIn: 2n, packetsOut: 3n, bytesIn: 4n, bytesOut: 2n ** 64n - 1n };

const inService = '"object":"service","service":{"family":"inet","protocol":"tcp","address":"192.0.2.10","port":80}';
const inDestination =
  '"object":"destination","service":{"family":"inet","protocol":"tcp","address":"192.0.2.10","port":80},' +
  '"destination":{"family":"inet","address":"10.0.0.2","port":80}';

test("a snapshot has everything that is known, sorted", async () => {
  const services = [
    watched(mark, { scheduler: "mh", persistent: false, onePacket: false, schedulerFlags: [1, 3] }, tunneled),
    watched(
      web,
      { scheduler: "wrr", persistent: true, onePacket: false, timeoutTicks: 6000, netmask: "255.0.255.0" },
      server,
    ),
  ];
  const measurements = new Map<string, Measurement>([
    [serviceIdentity(mark), { counters, rates: zero }],
    [
      `${serviceIdentity(mark)} ${destinationIdentity(tunneled.key)}`,
      { counters, rates: zero, persistentConnections: 7 },
    ],
  ]);
  const { lines } = await watch(reading(services, measurements));
  assert.deepEqual(lines, [
    '{"event":"snapshot","ipvs":{"schema":1,"version":"1.2.1","conn_tab_size":4096,"source":"netlink","taken_at":"2026-01-01T00:00:00.000Z"},"services":[' +
      '{"family":"inet","protocol":"tcp","address":"192.0.2.10","port":80,"scheduler":"wrr","ops":false,"persistent":{"netmask":"255.0.255.0"},"destinations":[' +
      '{"family":"inet","address":"10.0.0.2","port":80,"forward":"masq","weight":3,"upper_threshold":10,"lower_threshold":5,"active_connections":2,"inactive_connections":4294967295}]},' +
      '{"family":"inet6","fwmark":5,"scheduler":"mh","sched_flags":["mh-fallback","flag-3"],"ops":false,' +
      '"stats":{"connections":1,"packets_in":2,"packets_out":3,"bytes_in":4,"bytes_out":18446744073709551615},"rates":{"cps":0,"pps_in":0,"pps_out":0,"bps_in":0,"bps_out":0},"destinations":[' +
      '{"family":"inet6","address":"2001:db8::2","port":0,"forward":"tunnel","weight":1,"upper_threshold":0,"lower_threshold":0,"tunnel":{"type":"gue","port":6080,"flags":["remcsum"]},"active_connections":0,"inactive_connections":0,"persistent_connections":7,' +
      '"stats":{"connections":1,"packets_in":2,"packets_out":3,"bytes_in":4,"bytes_out":18446744073709551615},"rates":{"cps":0,"pps_in":0,"pps_out":0,"bps_in":0,"bps_out":0}}]}]}',
  ]);
});

test("changes of services are those of the fields that the document has", async () => {
  const plain = { scheduler: "sh", persistent: false, onePacket: false, schedulerFlags: [1], engine: "sip" } as const;
  const { engine, ...withoutEngine } = plain;
  const stages: WatchedService["facts"][] = [
    plain,
    // The flag stays the same, and has another name.
    { ...plain, scheduler: "mh" },
    // The persistence engine moves into persistence.
    { ...plain, scheduler: "mh", persistent: true, timeout: 60, timeoutTicks: 6000, netmask: "255.255.255.0" },
    // Of persistence one part changes, and the whole of it is reported.
    { ...plain, scheduler: "mh", persistent: true, timeout: 90, timeoutTicks: 9000, netmask: "255.255.255.0" },
    // The seconds are not known any more.
    { ...withoutEngine, scheduler: "mh", persistent: true, timeoutTicks: 100, netmask: "255.0.255.0" },
    { ...withoutEngine, scheduler: "mh", persistent: true, timeoutTicks: 200, netmask: "255.0.255.0" },
    { ...withoutEngine, scheduler: "mh", schedulerFlags: [], onePacket: true },
  ];
  const { events, lines } = await watch(
    reading([]),
    ...stages.map((facts) => reading([watched(web, facts)])),
    reading([]),
  );
  assert.deepEqual(lines.slice(1), [
    `{"event":"add",${inService},"changed":{"scheduler":{"new":"sh"},"sched_flags":{"new":["sh-fallback"]},"ops":{"new":false},"pe":{"new":"sip"}}}`,
    `{"event":"change",${inService},"changed":{"scheduler":{"old":"sh","new":"mh"},"sched_flags":{"old":["sh-fallback"],"new":["mh-fallback"]}}}`,
    `{"event":"change",${inService},"changed":{"pe":{"old":"sip"},"persistent":{"new":{"timeout":60,"netmask":"255.255.255.0","prefixlen":24,"pe":"sip"}}}}`,
    `{"event":"change",${inService},"changed":{"persistent":{"old":{"timeout":60,"netmask":"255.255.255.0","prefixlen":24,"pe":"sip"},"new":{"timeout":90,"netmask":"255.255.255.0","prefixlen":24,"pe":"sip"}}}}`,
    `{"event":"change",${inService},"changed":{"persistent":{"old":{"timeout":90,"netmask":"255.255.255.0","prefixlen":24,"pe":"sip"},"new":{"netmask":"255.0.255.0"}},"timeout_ticks":{"old":9000,"new":100}}}`,
    `{"event":"change",${inService},"changed":{"timeout_ticks":{"old":100,"new":200}}}`,
    `{"event":"change",${inService},"changed":{"sched_flags":{"old":["mh-fallback"],"new":[]},"ops":{"old":false,"new":true},"persistent":{"old":{"netmask":"255.0.255.0"}}}}`,
    `{"event":"delete",${inService}}`,
  ]);
  assert.deepEqual(
    events.map((event) => ("changed" in event ? event.changed : event.event)),
    [
      "snapshot",
      {
        scheduler: { new: "sh" },
        persistent: { new: false },
        onePacket: { new: false },
        schedulerFlags: { new: [1] },
        engine: { new: "sip" },
      },
      { scheduler: { old: "sh", new: "mh" } },
      { persistent: { old: false, new: true }, timeout: { new: 60 }, netmask: { new: "255.255.255.0" } },
      { timeout: { old: 60, new: 90 } },
      {
        timeout: { old: 90 },
        timeoutTicks: { old: 9000, new: 100 },
        netmask: { old: "255.255.255.0", new: "255.0.255.0" },
        engine: { old: "sip" },
      },
      { timeoutTicks: { old: 100, new: 200 } },
      {
        persistent: { old: true, new: false },
        netmask: { old: "255.0.255.0" },
        schedulerFlags: { old: [1], new: [] },
        onePacket: { old: false, new: true },
      },
      "delete",
    ],
  );
});

test("changes of servers", async () => {
  const table = (...servers: WatchedDestination[]) =>
    reading([watched(web, { scheduler: "rr", persistent: false }, ...servers)]);
  const { events, lines } = await watch(
    table(),
    table({ ...server, facts: { forward: "masq", weight: 1 } }),
    table(server),
    table({ ...server, facts: { ...server.facts, weight: 0, upperThreshold: 20 } }),
    table({ ...server, facts: { ...tunneled.facts } }),
    table(tunneled),
  );
  assert.deepEqual(lines.slice(1), [
    `{"event":"add",${inDestination},"changed":{"forward":{"new":"masq"},"weight":{"new":1}}}`,
    `{"event":"change",${inDestination},"changed":{"weight":{"old":1,"new":3},"upper_threshold":{"new":10},"lower_threshold":{"new":5}}}`,
    `{"event":"change",${inDestination},"changed":{"weight":{"old":3,"new":0},"upper_threshold":{"old":10,"new":20}}}`,
    `{"event":"change",${inDestination},"changed":{"forward":{"old":"masq","new":"tunnel"},"weight":{"old":0,"new":1},"upper_threshold":{"old":20,"new":0},"lower_threshold":{"old":5,"new":0},"tunnel":{"new":{"type":"gue","port":6080,"flags":["remcsum"]}}}}`,
    `{"event":"delete",${inDestination}}`,
    '{"event":"add","object":"destination","service":{"family":"inet","protocol":"tcp","address":"192.0.2.10","port":80},"destination":{"family":"inet6","address":"2001:db8::2","port":0},"changed":{"forward":{"new":"tunnel"},"weight":{"new":1},"upper_threshold":{"new":0},"lower_threshold":{"new":0},"tunnel":{"new":{"type":"gue","port":6080,"flags":["remcsum"]}}}}',
  ]);
  const drained = events.flatMap((event) =>
    event.event === "change" && event.object === "destination" && event.changed.weight?.new === 0
      ? [[event.destination, event.after.upperThreshold]]
      : [],
  );
  assert.deepEqual(drained, [[server.key, 20]]);
});
