/** Random tables in which every server really serves: each has something of the one before it. */
import type { DesiredService, DesiredState } from "../../src/model/desired.js";
import { destinationIdentity } from "../../src/model/identity.js";
import { ownFlagName } from "../../src/model/scheduler-flags.js";
import type { Destination, Service } from "../../src/model/table.js";
import type { Random } from "../support/random.js";

/** The virtual addresses, each with the addresses of the servers behind it. */
const fronts = [
  { family: "inet", address: "10.0.1.100", servers: [11, 12, 13, 14].map((host) => `10.0.2.${host}`) },
  { family: "inet6", address: "fd00:1::100", servers: [11, 12, 13, 14].map((host) => `fd00:2::${host}`) },
] as const;
type Front = (typeof fronts)[number];

/** The services of each virtual address; the client connects to all of these ports, whether or not there is a service. */
export const ports = { first: 2001, count: 6 } as const;
/**
 * The servers of a service listen there besides, for masquerading can change the port. No two services share one: connections
 * of one client port to both would be the same one for the server.
 */
const otherPortOf = (port: number) => port + 1000;

const schedulers = ["rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "lblc", "lblcr", "sh", "dh", "mh"];
/** Far more than the connections that there can be, so that a limit is there but not reached. */
const limits = [0, 0, 0, 30_000, 60_000];

/** So many tables; the first is the one to start from. Each has so many services besides that nobody connects to. */
export function makeChain(random: Random, length: number, others: number): DesiredState[] {
  const chain: DesiredState[] = [];
  let services: readonly DesiredService[] = [];
  while (chain.length < length) {
    services = nextServices(random, services);
    chain.push({ services: random.shuffled([...services, ...ballast(others, chain.length)]) });
  }
  return chain;
}

/**
 * Half of their weights rise from a table to the next while the others fall. Enough of them make each of these phases so long
 * that clients meet the tables between them.
 */
function ballast(count: number, turn: number): DesiredService[] {
  return Array.from({ length: count }, (_, index) => {
    const key = { family: "inet", fwmark: index + 1 } as const;
    const persistence = { persistent: false, timeout: 0, netmask: "255.255.255.255" };
    return {
      service: { ...key, scheduler: "rr", schedulerFlags: [], onePacket: false, ...persistence },
      destinations: [
        {
          ...{
            family: "inet",
            address: "10.0.2.11",
            port: ports.first,
            forward: "masq",
            weight: 1 + ((index + turn) % 2),
          },
          ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: { type: "ipip", port: 0, checksum: "nocsum" } },
        },
      ],
    };
  });
}

function nextServices(random: Random, before: readonly DesiredService[]): DesiredService[] {
  return fronts.flatMap((front) =>
    Array.from({ length: ports.count }, (_, index) => ports.first + index).flatMap((port) => {
      const existing = before.find(({ service }) => "port" in service && isAt(service, front, port));
      if (existing === undefined) return random.chance(0.7) ? [randomService(random, front, port)] : [];
      if (random.chance(0.1)) return [];
      return [random.chance(0.3) ? existing : alterService(random, existing, front, port)];
    }),
  );
}

function isAt(service: { readonly address: string; readonly port: number }, front: Front, port: number): boolean {
  return service.address === front.address && service.port === port;
}

function randomService(random: Random, front: Front, port: number): DesiredService {
  const { family, address } = front;
  const settings = { ...randomScheduler(random), ...randomPersistence(random, front), onePacket: false };
  const service: Service = { family, protocol: "tcp", address, port, ...settings };
  return { service, destinations: distinct(randomServers(random, front, port, 3)) };
}

/** Scheduler changes refuse clients, as the plan says; most alterations are of other kinds. */
function alterService(random: Random, existing: DesiredService, front: Front, port: number): DesiredService {
  const { scheduler } = existing.service;
  const service = {
    ...existing.service,
    ...(random.chance(0.3) && randomPersistence(random, front)),
    ...(random.chance(0.3) && { schedulerFlags: randomFlags(random, scheduler) }),
    ...(random.chance(0.07) && randomScheduler(random)),
  };
  const kept = existing.destinations
    .filter(() => random.chance(0.8))
    .map((server) => (random.coin() ? server : alterServer(random, server, port)));
  return { service, destinations: distinct([...kept, ...randomServers(random, front, port, 2)]) };
}

function randomScheduler(random: Random): Pick<Service, "scheduler" | "schedulerFlags"> {
  const scheduler = random.pick(schedulers);
  return { scheduler, schedulerFlags: randomFlags(random, scheduler) };
}

function randomFlags(random: Random, scheduler: string): Service["schedulerFlags"] {
  return ownFlagName(scheduler, 1) === undefined ? [] : random.some([1, 2] as const, 0.6);
}

function randomPersistence(random: Random, { family }: Front): Pick<Service, "persistent" | "timeout" | "netmask"> {
  const persistent = random.chance(0.3);
  const masks: readonly Service["netmask"][] = family === "inet" ? ["255.255.255.0", "255.255.255.255"] : [64, 128];
  const whole = family === "inet" ? "255.255.255.255" : 128;
  return { persistent, timeout: persistent ? 60 : 0, netmask: persistent ? random.pick(masks) : whole };
}

function randomServers(random: Random, { family, servers }: Front, port: number, most: number): Destination[] {
  return Array.from({ length: random.between(0, most) }, () => ({
    family,
    address: random.pick(servers),
    ...(random.chance(0.25)
      ? { port: otherPortOf(port), forward: "masq" as const }
      : { port, forward: randomForwarding(random) }),
    weight: randomWeight(random),
    ...randomThresholds(random),
    tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
  }));
}

function alterServer(random: Random, server: Destination, port: number): Destination {
  return {
    ...server,
    weight: random.coin() ? randomWeight(random) : server.weight,
    ...(random.chance(0.3) && randomThresholds(random)),
    ...(server.port === port && random.chance(0.3) && { forward: randomForwarding(random) }),
  };
}

function randomForwarding(random: Random): Destination["forward"] {
  return random.pick(["masq", "masq", "route", "route", "tunnel"]);
}

function randomWeight(random: Random): number {
  return random.between(0, 3);
}

function randomThresholds(random: Random): Pick<Destination, "upperThreshold" | "lowerThreshold"> {
  const upperThreshold = random.pick(limits);
  return { upperThreshold, lowerThreshold: Math.floor(upperThreshold / 2) };
}

function distinct(servers: readonly Destination[]): Destination[] {
  return [...new Map(servers.map((server) => [destinationIdentity(server), server])).values()];
}

/** Whether every client of the service is served while the table stays like this. */
export function servesEveryClient({ service, destinations }: DesiredService): boolean {
  const { scheduler, schedulerFlags } = service;
  const passesOver = !["sh", "dh", "mh"].includes(scheduler) || (scheduler !== "dh" && schedulerFlags.includes(1));
  const isUsable = ({ weight }: Destination) => weight > 0;
  return passesOver ? destinations.some(isUsable) : destinations.length > 0 && destinations.every(isUsable);
}
