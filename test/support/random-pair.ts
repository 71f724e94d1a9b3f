/** Pairs of tables at random, of which the second has much in common with the first. */
import type { DesiredService, DesiredState } from "../../src/model/desired.js";
import { destinationIdentity, serviceIdentity } from "../../src/model/identity.js";
import type { Destination, Service, TableEntry, Timeouts } from "../../src/model/table.js";
import type { Random } from "./random.js";
import { randomTable } from "./random-table.js";

/** What a kernel takes. */
const words = {
  schedulers: ["wlc", "sh", "mh", "rr", "wrr"],
  interfaces: ["eth0"],
  syncMaxLengths: [1024, 1400],
} as const;

type Whole = Required<DesiredState>;

/** Two tables with services and destinations that stay, change, come and go. */
export function randomPair(random: Random): { before: Whole; after: Whole } {
  const first = randomTable(random, words);
  const second = randomTable(random, words);
  const before = { ...first, services: first.services.map(settingsOf), timeouts: randomTimeouts(random) };
  const kept = before.services.filter(() => random.coin() || random.coin()).map((entry) => changeEntry(random, entry));
  const others = second.services.map(settingsOf);
  const services = distinct([...kept, ...others], ({ service }) => serviceIdentity(service));
  const after = {
    services,
    timeouts: random.coin() ? before.timeouts : randomTimeouts(random),
    daemons: second.daemons,
  };
  // The kernel takes no destination of another family than its service's while a daemon runs.
  const isMixed = services.some(({ service, destinations }) =>
    destinations.some(({ family }) => family !== service.family),
  );
  return { before, after: isMixed ? { ...after, daemons: [] } : after };
}

/** Seconds that every kernel takes: with 1000 clock ticks per second no more fit. */
function randomTimeouts(random: Random): Timeouts {
  return { tcp: random.between(1, 2_000_000), tcpFin: random.between(1, 1000), udp: random.between(1, 1000) };
}

/** An entry without what the kernel measures. */
function settingsOf({ service, destinations }: TableEntry): DesiredService {
  const { counters: _, rates: __, ...settings } = service;
  return { service: settings, destinations: destinations.map(destinationSettingsOf) };
}

function destinationSettingsOf(entry: TableEntry["destinations"][number]): Destination {
  const { family, address, port, forward, weight, upperThreshold, lowerThreshold, tunnel } = entry;
  return { family, address, port, forward, weight, upperThreshold, lowerThreshold, tunnel };
}

function changeEntry(random: Random, { service, destinations }: DesiredService): DesiredService {
  const changed = random.coin() ? changeService(random, service) : service;
  const kept = destinations.filter(() => random.coin() || random.coin());
  const edited = kept.map((destination) => (random.coin() ? changeDestination(random, destination) : destination));
  return { service: changed, destinations: distinct([...edited, ...addSome(random, service)], destinationIdentity) };
}

function changeService(random: Random, service: Service): Service {
  const scheduler = random.pick(words.schedulers);
  // Port 0 needs persistence.
  const persistent = ("port" in service && service.port === 0) || random.coin();
  const timeout = persistent ? random.between(1, 1000) : 0;
  const netmask = service.family === "inet" ? "255.255.255.0" : 64;
  const { engine, ...rest } = service;
  const flags = random.pick([[], [1], [2], [1, 2, 3]] as const);
  const changed = { ...rest, scheduler, schedulerFlags: flags, persistent, timeout, ...(persistent && { netmask }) };
  return random.coin() && engine !== undefined ? { ...changed, engine } : changed;
}

function changeDestination(random: Random, destination: Destination): Destination {
  const upperThreshold = random.pick([0, 5, 100]);
  return { ...destination, weight: random.pick([0, 1, 7]), upperThreshold, lowerThreshold: 0 };
}

function addSome(random: Random, { family }: Service): Destination[] {
  return random.list(3, () => ({
    family,
    address: family === "inet" ? `10.9.0.${random.between(1, 9)}` : `2001:db8::${random.between(1, 9)}`,
    port: random.pick([80, 8080]),
    forward: random.pick(["masq", "route"] as const),
    weight: random.pick([0, 1, 3]),
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: "ipip", port: 0, checksum: "nocsum" } as const,
  }));
}

function distinct<T>(values: readonly T[], identityOf: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [identityOf(value), value])).values()];
}
