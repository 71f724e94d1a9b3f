/** Tables and documents at random, from a seed. */
import { formatAddress } from "../../src/model/address.js";
import type {
  Counters,
  Daemon,
  DestinationEntry,
  Family,
  SchedulerFlag,
  ServiceEntry,
  ServiceSettings,
  TableEntry,
  Timeouts,
  Tunnel,
} from "../../src/model/table.js";
import type { Random } from "./random.js";

/** What tables are made of besides numbers. */
interface Words {
  readonly schedulers: readonly string[];
  readonly interfaces: readonly string[];
  /** Longest sync messages, bytes. */
  readonly syncMaxLengths: readonly [least: number, most: number];
}

const anyWords: Words = {
  schedulers: ["wlc", "sh", "mh", "rr", "constructor"],
  interfaces: ["eth0", "lo", "br-1.2", "\xc3\xa90", "\xff\xfe"],
  syncMaxLengths: [1, 65507],
};

/** What Linux takes, where there is an interface `eth0` with an MTU of 1500. */
export const kernelWords: Words = {
  schedulers: ["wlc", "sh", "mh", "rr"],
  interfaces: ["eth0"],
  // A backup daemon takes no less, and a master no more than the MTU allows.
  syncMaxLengths: [1024, 1400],
};

const FAMILIES: readonly Family[] = ["inet", "inet6"];
const INT_MAX = 2 ** 31 - 1;
const LONGEST = 2678400;

export interface Whole {
  readonly services: readonly TableEntry[];
  readonly timeouts: Timeouts;
  readonly daemons: readonly Daemon[];
}

/** A whole table as the kernel could have it. */
export function randomTable(random: Random, words: Words = anyWords): Whole {
  const daemons = (["master", "backup"] as const)
    .filter(() => random.coin())
    .map((state) => randomDaemon(random, words, state));
  const services = random.list(6, () => randomEntry(random, words, daemons.length === 0));
  const timeout = () => random.between(1, LONGEST);
  return {
    services: distinct(services, ({ service }) => JSON.stringify(keyOf(service))),
    timeouts: { tcp: timeout(), tcpFin: timeout(), udp: timeout() },
    daemons,
  };
}

/** A table that has something of the one before: services and servers that stay, that are altered, and that are new. */
export function randomSuccessor(random: Random, before: Whole, words: Words = anyWords): Whole {
  const fresh = randomTable(random, words);
  const mayMix = fresh.daemons.length === 0;
  const stay = before.services.filter(() => random.between(0, 3) > 0);
  const services = stay.map((entry) => (random.coin() ? entry : alterEntry(random, words, entry, mayMix)));
  return {
    services: distinct([...fresh.services, ...services], ({ service }) => JSON.stringify(keyOf(service))).map(
      (entry) => (mayMix ? entry : withoutMixed(entry)),
    ),
    timeouts: random.coin() ? before.timeouts : fresh.timeouts,
    daemons: fresh.daemons.map((daemon) => {
      const running = before.daemons.find(({ state }) => state === daemon.state);
      return running !== undefined && random.coin() ? running : daemon;
    }),
  };
}

function alterEntry(random: Random, words: Words, { service, destinations }: TableEntry, mayMix: boolean): TableEntry {
  const { family } = service;
  const mustPersist = "port" in service && service.port === 0;
  const { engine, ...key } = service;
  const settings = randomSettings(random, words, family, mustPersist || random.coin());
  const mayHaveOnePacket = !("protocol" in service) || service.protocol === "udp";
  const altered = { ...key, ...settings, onePacket: settings.onePacket && mayHaveOnePacket };
  const servers = destinations
    .filter(() => random.between(0, 3) > 0)
    .map((server) => (random.coin() ? server : alterDestination(random, family, server)));
  const fresh = random.list(2, () => randomDestination(random, family, mayMix));
  return {
    service: random.coin() ? service : altered,
    destinations: distinct([...servers, ...fresh], ({ address, port }) => `${address} ${port}`),
  };
}

function alterDestination(random: Random, serviceFamily: Family, server: DestinationEntry): DestinationEntry {
  const { family, address, port } = server;
  const altered = { ...randomDestination(random, family, false), address, port };
  if (random.coin()) return { ...server, weight: altered.weight };
  return family === serviceFamily ? altered : { ...altered, forward: "tunnel" };
}

function withoutMixed({ service, destinations }: TableEntry): TableEntry {
  return { service, destinations: destinations.filter(({ family }) => family === service.family) };
}

function keyOf(service: ServiceEntry): unknown {
  return "fwmark" in service ? [service.family, service.fwmark] : [service.protocol, service.address, service.port];
}

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

/** A unicast address. */
function randomAddress(random: Random, family: Family): string {
  const dense = random.coin();
  const bytes = Uint8Array.from({ length: 16 }, () => (dense || random.coin() ? random.between(0, 255) : 0));
  bytes.set(family === "inet" ? [random.pick([1, 10, 192, 223])] : [0x20, 0x01]);
  return formatAddress(family, bytes);
}

function randomCounters(random: Random): Counters {
  const counter = () => BigInt(random.between(0, 2 ** 32 - 1)) * BigInt(random.pick([1, 1, 2 ** 31])) + 1n;
  return {
    connections: counter(),
    packetsIn: counter(),
    packetsOut: counter(),
    bytesIn: counter(),
    bytesOut: 2n ** 64n - counter(),
  };
}

function randomEntry(random: Random, words: Words, mayMix: boolean): TableEntry {
  const family = random.pick(FAMILIES);
  const persistent = random.coin();
  const settings = randomSettings(random, words, family, persistent);
  const measured = { counters: randomCounters(random), rates: randomCounters(random) };
  const protocol = random.pick(["tcp", "udp", "sctp"] as const);
  const port = random.pick([persistent ? 0 : 1, 80, 65535]);
  const service: ServiceEntry = random.coin()
    ? { family, fwmark: random.pick([1, 5, 2 ** 32 - 1]), ...settings, ...measured }
    : {
        ...{ family, protocol, address: randomAddress(random, family), port },
        ...settings,
        onePacket: settings.onePacket && protocol === "udp",
        ...measured,
      };
  const destinations = random.list(4, () => randomDestination(random, family, mayMix));
  return { service, destinations: distinct(destinations, ({ address, port }) => `${address} ${port}`) };
}

function randomSettings(random: Random, words: Words, family: Family, persistent: boolean): ServiceSettings {
  const flags: readonly SchedulerFlag[] = [1, 2, 3];
  const mask = random.pick(["0.0.0.0", "255.255.255.0", "255.255.255.255", "255.0.255.0", "0.0.0.24"]);
  const whole = family === "inet" ? "255.255.255.255" : 128;
  return {
    scheduler: random.pick(words.schedulers),
    schedulerFlags: flags.filter(() => random.coin()),
    onePacket: random.coin(),
    persistent,
    timeout: persistent ? random.between(1, LONGEST) : 0,
    netmask: !persistent ? whole : family === "inet" ? mask : random.between(1, 128),
    ...(random.coin() && { engine: "sip" }),
  };
}

function randomDestination(random: Random, serviceFamily: Family, mayMix: boolean): DestinationEntry {
  const forward = random.pick(["masq", "route", "tunnel", "local"] as const);
  const family = forward === "tunnel" && mayMix ? random.pick(FAMILIES) : serviceFamily;
  const upperThreshold = random.pick([0, 10, INT_MAX]);
  return {
    family,
    address: randomAddress(random, family),
    port: random.between(0, 65535),
    forward,
    weight: random.pick([0, 1, INT_MAX]),
    upperThreshold,
    lowerThreshold: random.between(0, upperThreshold),
    tunnel: forward === "tunnel" ? randomTunnel(random) : { type: "ipip", port: 0, checksum: "nocsum" },
    activeConnections: random.between(0, 2 ** 32 - 1),
    inactiveConnections: random.between(0, 2 ** 32 - 1),
    persistentConnections: random.between(0, 2 ** 32 - 1),
    counters: randomCounters(random),
    rates: randomCounters(random),
  };
}

function randomTunnel(random: Random): Tunnel {
  return random.pick([
    { type: "ipip", port: 0, checksum: "nocsum" },
    { type: "gre", port: 0, checksum: random.pick(["nocsum", "csum"]) },
    { type: "gue", port: random.between(1, 65535), checksum: random.pick(["nocsum", "csum", "remcsum"]) },
  ]);
}

function randomDaemon(random: Random, words: Words, state: Daemon["state"]): Daemon {
  const group = random.pick(["224.0.0.81", "239.255.255.255", "ff02::5"]);
  return {
    state,
    interface: random.pick(words.interfaces),
    syncId: random.between(0, 255),
    ...(random.coin() && { syncMaxLength: random.between(...words.syncMaxLengths) }),
    ...(random.coin() && { multicastGroup: group }),
    ...(random.coin() && { multicastPort: random.between(1, 65535) }),
    ...(random.coin() && { multicastTtl: random.between(1, 255) }),
  };
}
