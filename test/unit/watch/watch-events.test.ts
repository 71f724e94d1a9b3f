import assert from "node:assert/strict";
import { test } from "node:test";
import { renderEvent } from "../../../src/format/json/changes/events.js";
import { destinationIdentity, serviceIdentity } from "../../../src/model/identity.js";
import { completeDestination } from "../../../src/model/input/destination-input.js";
import { completeService } from "../../../src/model/input/service-input.js";
import type { KnownService } from "../../../src/model/known-table.js";
import type { AddressServiceKey, DestinationKey, ServiceKey } from "../../../src/model/table.js";
import type { FieldChange, WatchEvent } from "../../../src/model/watch-event.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { chooseForSamples } from "../../../src/watch/events/samples.js";
import { watchEvents, wholeEvents } from "../../../src/watch/events/watch-events.js";
import { TableReader } from "../../../src/watch/reading/reader.js";
import { FakeClock, makeHost } from "../../support/fake-host.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { noTotals, procText, randomProcTable, type TestTable, titles } from "../../support/proc-text.js";
import { Random } from "../../support/random.js";

/** The events of a watcher without privileges on one /proc text after the other; an Error stands for a read that fails. */
async function eventsOf(texts: readonly (Buffer | SystemError)[], readings = texts.length): Promise<WatchEvent[]> {
  let next = 0;
  const ip_vs = () => texts[Math.min(next++, texts.length - 1)] ?? "";
  const host = makeHost({ files: { ip_vs, ip_vs_stats: () => noTotals } });
  const options = { clock: host.clock, interval: 1, count: readings, sorted: true };
  return collect(wholeEvents(watchEvents(new TableReader(host), options)));
}

async function collect(events: AsyncIterable<WatchEvent>): Promise<WatchEvent[]> {
  const collected: WatchEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

type Settings = Readonly<Record<string, unknown>>;

/** What a consumer knows: the settings of each service and server by their identities. */
type Known = Map<string, Settings>;

function identityOf(service: ServiceKey, destination?: DestinationKey): string {
  return serviceIdentity(service) + (destination ? ` ${destinationIdentity(destination)}` : "");
}

function consume(known: Known, event: WatchEvent): void {
  if (event.event === "gap") return;
  if (event.event === "snapshot") {
    for (const { service, destinations } of event.services) {
      const { family, address, port, protocol, ...settings } = service as AddressServiceKey & KnownService;
      known.set(identityOf(service), settings);
      for (const destination of destinations) {
        const { family, address, port, activeConnections, inactiveConnections, ...settings } = destination;
        known.set(identityOf(service, destination), settings);
      }
    }
    return;
  }
  const { service } = event;
  const identity = identityOf(service, event.object === "destination" ? event.destination : undefined);
  if (event.event === "delete") {
    assert.ok(known.delete(identity), `${identity} was not there`);
    const servers = [...known.keys()].filter((other) => other.startsWith(`${identity} `));
    assert.deepEqual(servers, [], "a service goes after its servers");
    return;
  }
  assert.equal(known.has(identity), event.event === "change", `${event.event} ${identity}`);
  assert.ok(known.has(identityOf(service)) || event.object === "service", "a server comes after its service");
  const settings: Record<string, unknown> = { ...known.get(identity) };
  if (event.event === "change") assert.deepEqual(event.before, settings);
  for (const [name, { old, new: now }] of Object.entries<FieldChange<unknown>>(event.changed)) {
    assert.deepEqual(settings[name], old);
    settings[name] = now;
  }
  assert.deepEqual(event.after, settings);
  known.set(identity, settings);
}

function settingsOf(table: TestTable): Known {
  const settings: Known = new Map();
  for (const [port, { scheduler, servers }] of table) {
    const service = { family: "inet", protocol: "tcp", address: "10.0.0.1", port } as const;
    settings.set(identityOf(service), { scheduler, onePacket: false, persistent: false });
    for (const [octet, { weight }] of servers) {
      const destination = { family: "inet", address: `192.168.0.${octet}`, port } as const;
      settings.set(identityOf(service, destination), { forward: "masq", weight });
    }
  }
  return settings;
}

test("events turn each table into the next one, whatever changed", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const tables = Array.from({ length: 5 }, () => randomProcTable(random));
    for (let last = 1; last <= tables.length; last++) {
      const known: Known = new Map();
      // A table from which something is gone is read three times.
      const texts = tables.slice(0, last).map(procText);
      const events = await eventsByTable(texts);
      for (const event of events) consume(known, event);
      assert.deepEqual(known, settingsOf(tables[last - 1] ?? new Map()), `seed ${seed}, table ${last}`);
      assert.deepEqual(
        events.map(({ seq }) => seq),
        events.map((_, index) => index),
      );
    }
  }
});

/** As `eventsOf`, where each text lasts for a whole reading. */
async function eventsByTable(texts: readonly Buffer[]): Promise<WatchEvent[]> {
  const clock = new FakeClock(0);
  const ip_vs = () => texts[clock.now() / 1000] ?? "";
  const host = makeHost({ clock, files: { ip_vs, ip_vs_stats: () => noTotals } });
  const options = { clock, interval: 1, count: texts.length, sorted: true };
  return collect(wholeEvents(watchEvents(new TableReader(host), options)));
}

const one: TestTable = new Map([[80, { scheduler: "rr", servers: new Map([[1, { weight: 1, active: 0 }]]) }]]);
const both: TestTable = new Map([...one, [81, { scheduler: "rr", servers: new Map() }]]);

test("connections that come and go cause no event", async () => {
  const busy: TestTable = new Map([[80, { scheduler: "rr", servers: new Map([[1, { weight: 1, active: 7 }]]) }]]);
  assert.deepEqual(
    (await eventsOf([procText(one), procText(busy)])).map(({ event }) => event),
    ["snapshot"],
  );
});

test("a service that one read misses is not gone", async () => {
  const events = await eventsOf([procText(both), procText(one), procText(both)], 2);
  assert.deepEqual(
    events.map(({ event }) => event),
    ["snapshot"],
  );
});

test("an unknown line is one gap that names it, and no change is lost", async () => {
  const broken = Buffer.from(`${titles}XYZ  what is this\n`);
  const events = await eventsOf([procText(one), broken, broken, procText(both)]);
  assert.deepEqual(
    events.map(({ event }) => event),
    ["snapshot", "gap", "add"],
  );
  assert.match(JSON.stringify(events[1]), /XYZ {2}what is this/);
});

test("a module that is unloaded is a gap; what the table lost is reported when it is back", async () => {
  const gone = new SystemError(errnoOf("ENOENT"));
  const empty = Buffer.from(titles);
  const events = await eventsOf([procText(one), gone, gone, empty]);
  assert.deepEqual(
    events.map((event) => (event.event === "delete" ? `delete ${event.object}` : event.event)),
    ["snapshot", "gap", "delete destination", "delete service"],
  );
  assert.match(JSON.stringify(events[1]), /\/proc\/net\/ip_vs does not exist/);
});

test("an event is one line of JSON, its kind first", () => {
  const lines = renderEvent({ event: "gap", seq: 3, time: "2026-01-01T00:00:00.000Z", error: "a\nb" });
  assert.equal([...lines].join(""), '{"event":"gap","seq":3,"time":"2026-01-01T00:00:00.000Z","error":"a\\nb"}\n');
});

/** The readings of a watcher with samples, on a kernel with these services, or without privileges. */
async function sampleLines(samples: "services" | "servers", state?: FakeKernel): Promise<Record<string, unknown>[]> {
  const ip_vs = () => `${titles}TCP  0A000001:0050 rr \n  -> 0A010001:0050      Masq    3      2          -1\n`;
  const host = makeHost({
    files: { ip_vs, ip_vs_stats: () => sampledTotals },
    ...(state && { openKernel: async () => state }),
  });
  const options = { clock: host.clock, interval: 1, count: 2, sorted: true, samples } as const;
  const lines: Record<string, unknown>[] = [];
  for await (const event of watchEvents(new TableReader(host), options)) {
    lines.push(JSON.parse([...renderEvent(event)].join("")));
  }
  return lines;
}

const sampledTotals = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       A       14       1E               28               32

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       1        2        3                4                5
`;

const sampledDirector = {
  event: "sample",
  object: "director",
  stats: { connections: 10, packets_in: 20, packets_out: 30, bytes_in: 40, bytes_out: 50 },
  rates: { cps: 1, pps_in: 2, pps_out: 3, bps_in: 4, bps_out: 5 },
};
const sampledService = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };

test("samples come with every reading, after the changes, and have what is known", async () => {
  const withoutStamp = ({ seq, time, ...rest }: Record<string, unknown>) => rest;
  const service = { event: "sample", object: "service", service: sampledService };
  const server = {
    event: "sample",
    object: "destination",
    service: sampledService,
    destination: { family: "inet", address: "10.1.0.1", port: 80 },
    active_connections: 2,
    inactive_connections: 4294967295,
  };
  for (const [subject, of] of [
    ["services", service],
    ["servers", server],
  ] as const) {
    const [snapshot, ...samples] = await sampleLines(subject);
    assert.equal(snapshot?.event, "snapshot");
    assert.deepEqual(samples.map(withoutStamp), [sampledDirector, of, sampledDirector, of]);
    assert.deepEqual(
      samples.map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
  }
});

test("with privileges, samples have the counters of services and servers in every reading", async () => {
  const kernel = new FakeKernel();
  const key = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 } as const;
  await kernel.change([
    { command: "add-service", service: completeService({ ...key, scheduler: "rr" }) },
    {
      command: "add-destination",
      service: key,
      destination: completeDestination(key, { address: "10.1.0.1", forward: "masq", weight: 3 }),
    },
  ]);
  for (const samples of ["services", "servers"] as const) {
    const lines = (await sampleLines(samples, kernel)).filter(
      ({ event, object }) => event === "sample" && object !== "director",
    );
    assert.equal(lines.length, 2);
    for (const { stats, rates } of lines) assert.ok(stats && rates);
  }
});

test("samples ask for the counters of every service, and of every server only where they are wanted", () => {
  const key = { family: "inet", fwmark: 7 } as const;
  const table = new Map([
    [serviceIdentity(key), { key, facts: { scheduler: "rr", persistent: false }, destinations: new Map() }],
  ]);
  const least = { everyService: false, keys: [] };
  assert.deepEqual(chooseForSamples(least, table, "services"), { everyService: true, keys: [] });
  assert.deepEqual(chooseForSamples(least, table, "servers"), { everyService: true, keys: [key] });
});

test("a mark that is deleted while it is read keeps its family", async () => {
  const kernel = new FakeKernel();
  const key = { family: "inet6", fwmark: 7 } as const;
  await kernel.change([{ command: "add-service", service: completeService({ ...key, scheduler: "wlc" }) }]);
  let reads = 0;
  const host = makeHost({
    files: {
      ip_vs: () => {
        reads++;
        // The row was read before, the kernel is asked after the service is gone.
        if (reads === 2) void kernel.change([{ command: "flush" }]);
        return titles + (reads <= 2 ? "FWM  00000007 wlc \n" : "");
      },
      ip_vs_stats: () => noTotals,
    },
    openKernel: () => Promise.resolve(kernel),
  });
  const options = { clock: host.clock, interval: 1, count: 3, sorted: true };
  const events = await collect(wholeEvents(watchEvents(new TableReader(host), options)));
  const seen = events.map((event) => [event.event, event.event === "delete" ? event.service : undefined]);
  assert.deepEqual(seen, [
    ["snapshot", undefined],
    ["delete", key],
  ]);
});
