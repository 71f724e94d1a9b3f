import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { renderEvent } from "../../../src/format/json/changes/events.js";
import { destinationIdentity, serviceIdentity } from "../../../src/model/identity.js";
import type { TableEntry } from "../../../src/model/table.js";
import type { SampleEvent, WatchEvent } from "../../../src/model/watch-event.js";
import { type SampleSubject, sampleSubjects } from "../../../src/watch/events/samples.js";
import { watchEvents, wholeEvents } from "../../../src/watch/events/watch-events.js";
import { type Measurements, measure, withDetails } from "../../../src/watch/reading/details.js";
import type { Reading } from "../../../src/watch/reading/reader.js";
import type { WatchedService } from "../../../src/watch/reading/watched-table.js";
import { FakeClock } from "../../support/fake-host.js";
import { fromRoot } from "../../support/paths.js";
import { Random } from "../../support/random.js";
import { randomTable } from "../../support/random-table.js";

const path = fromRoot("schema/ipvsadm-event-1.schema.json");
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(path, "utf8")));

/** What /proc shows of a service, with a timeout in ticks and transient counts below zero. */
function toWatched({ service, destinations }: TableEntry): WatchedService {
  const { scheduler, persistent, netmask, timeout, family, onePacket } = service;
  return {
    key: service,
    facts: {
      scheduler,
      persistent,
      ...(family === "inet" && { onePacket }),
      ...(persistent && { netmask, timeoutTicks: (timeout * 100) | 0 }),
    },
    destinations: new Map(
      destinations.map(({ family, address, port, forward, weight, activeConnections, inactiveConnections }) => [
        destinationIdentity({ family, address, port }),
        {
          key: { family, address, port },
          facts: { forward, weight },
          activeConnections: activeConnections | 0,
          inactiveConnections: inactiveConnections | 0,
        },
      ]),
    ),
  };
}

/** The reading of a table, with the details of some services from netlink. */
function toReading(random: Random, services: readonly TableEntry[]): Reading {
  const table = new Map<string, WatchedService>();
  const measurements: Measurements = new Map();
  for (const entry of services) {
    const hasDetails = random.coin();
    const watched = toWatched(entry);
    table.set(serviceIdentity(entry.service), hasDetails ? withDetails(watched, entry) : watched);
    if (hasDetails) measure(entry, measurements);
  }
  const zero = { connections: 0n, packetsIn: 0n, packetsOut: 0n, bytesIn: 0n, bytesOut: 0n };
  return {
    moment: 0,
    takenAt: random.between(0, 2 ** 31),
    version: "1.2.1",
    connectionTableSize: 4096,
    source: random.pick(["proc", "netlink"]),
    table,
    totals: { counters: zero, rates: zero },
    measurements,
  };
}

/** The same services with other settings, and some of them gone. */
function changed(random: Random, services: readonly TableEntry[]): TableEntry[] {
  const others = randomTable(random).services;
  return services.flatMap(({ service, destinations }) => {
    if (!random.coin()) return [];
    const other = others.find((one) => "fwmark" in one.service === "fwmark" in service)?.service ?? service;
    const { scheduler, schedulerFlags, onePacket } = other;
    const settings = { ...service, scheduler, schedulerFlags, onePacket, persistent: random.coin() };
    return [
      {
        service: { ...settings, timeout: 1 + service.timeout },
        destinations: destinations
          .filter(() => random.coin())
          .map((destination) => ({ ...destination, weight: random.between(0, 2), upperThreshold: 5 })),
      },
    ];
  });
}

async function eventsOf(
  readings: readonly (Reading | Error)[],
  samples?: SampleSubject,
): Promise<(WatchEvent | SampleEvent)[]> {
  const rest = readings.values();
  const reader = {
    read: async () => {
      const next = rest.next().value;
      if (next === undefined || next instanceof Error) throw next;
      return next;
    },
  };
  const options = { clock: new FakeClock(), interval: 0, count: readings.length, sorted: true, samples };
  const events: (WatchEvent | SampleEvent)[] = [];
  for await (const event of wholeEvents(watchEvents(reader, options))) events.push(event);
  return events;
}

test("every event validates, whatever is known of the table", async () => {
  const kinds = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const random = new Random(seed);
    const first = randomTable(random).services;
    const second = changed(random, first);
    const third = [...second, ...randomTable(random).services];
    const failure = new Error(`unexpected input from /proc/net/ip_vs: "${"x".repeat(500)}"`);
    const readings = [toReading(random, first), toReading(random, second), failure, toReading(random, third)];
    for (const event of await eventsOf(readings, [undefined, ...sampleSubjects][seed % 3])) {
      const line = [...renderEvent(event)].join("");
      assert.ok(validate(JSON.parse(line)), `seed ${seed}: ${JSON.stringify(validate.errors)}\n${line}`);
      kinds.add("object" in event ? `${event.event} ${event.object}` : event.event);
    }
  }
  assert.deepEqual([...kinds].sort(), [
    "add destination",
    "add service",
    "change destination",
    "change service",
    "delete destination",
    "delete service",
    "gap",
    "sample destination",
    "sample director",
    "sample service",
    "snapshot",
  ]);
});

test("the schema refuses what is not an event", () => {
  const service = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };
  const event = { event: "change", seq: 1, time: "2026-01-01T00:00:00.000Z", object: "service", service, changed: {} };
  assert.ok(validate(event));
  const { changed: _, ...unchanged } = event;
  const wrong = [
    unchanged,
    { ...event, event: "delete" },
    { ...event, event: "moved" },
    { ...event, object: "destination" },
    { ...event, seq: -1 },
    { ...event, time: "yesterday" },
    { ...event, service: { ...service, fwmark: 1 } },
    { ...event, changed: { wieght: { new: 1 } } },
    { ...event, changed: { scheduler: { now: "rr" } } },
    { ...event, changed: { scheduler: "rr" } },
    { event: "gap", seq: 1, time: event.time },
  ];
  for (const one of wrong) assert.equal(validate(one), false, JSON.stringify(one));
});
