import type { Change } from "../../src/model/change.js";
import type { Destination, Family, SchedulerFlag, Service, ServiceKey, Timeouts } from "../../src/model/table.js";
import type { Random } from "./random.js";

/**
 * A change at random, of few services and servers, so that many changes meet what others have done. Some are what no kernel
 * makes.
 */
export function randomChange(random: Random): Change {
  const service = randomKey(random);
  switch (random.pick(commands)) {
    case "add-service":
      return { command: "add-service", service: randomService(random, service) };
    case "edit-service":
      return { command: "edit-service", service: randomService(random, service) };
    case "delete-service":
      return { command: "delete-service", service };
    case "add-destination":
      return { command: "add-destination", service, destination: randomServer(random, service.family) };
    case "edit-destination":
      return { command: "edit-destination", service, destination: randomServer(random, service.family) };
    case "delete-destination":
      return { command: "delete-destination", service, destination: randomServer(random, service.family) };
    case "flush":
      // Seldom: it ends what a sequence has come to.
      return random.between(0, 9) === 0 ? { command: "flush" } : { command: "zero", service: "all" };
    case "zero":
      return { command: "zero", service: random.coin() ? service : "all" };
    case "set-timeouts":
      return { command: "set-timeouts", timeouts: randomTimeouts(random) };
    case "start-daemon":
      return randomStart(random);
    case "stop-daemon":
      return { command: "stop-daemon", state: random.pick(["master", "backup"]), syncId: random.between(0, 2) };
  }
}

/** As often as they are to come. */
const commands: readonly Change["command"][] = [
  ...Array<Change["command"]>(12).fill("add-destination"),
  ...Array<Change["command"]>(5).fill("edit-destination"),
  ...Array<Change["command"]>(4).fill("delete-destination"),
  ...Array<Change["command"]>(6).fill("add-service"),
  ...(["edit-service", "edit-service", "delete-service", "flush", "zero"] as const),
  ...(["set-timeouts", "start-daemon", "stop-daemon", "stop-daemon"] as const),
];

function randomTimeouts(random: Random): Timeouts {
  const timeout = () => random.pick([0, 1, 77, 2678400, random.between(0, 9) === 0 ? 2 ** 31 : 5]);
  return { tcp: timeout(), tcpFin: timeout(), udp: timeout() };
}

function randomKey(random: Random): ServiceKey {
  const family = random.pick(["inet", "inet6"] as const);
  const address = family === "inet" ? "192.0.2.1" : "2001:db8::1";
  return random.pick([
    { family, protocol: "tcp", address, port: 80 },
    { family, protocol: "udp", address, port: 0 },
    { family, fwmark: 1 },
  ]);
}

function randomService(random: Random, key: ServiceKey): Service {
  const flags: readonly SchedulerFlag[] = [1, 2, 3];
  const masks: readonly (string | number)[] =
    key.family === "inet" ? ["0.0.0.0", "255.255.255.0", "255.255.255.255"] : [1, 64, 64, 128, 128];
  // What there is not takes the kernel a while to find out.
  const isWrong = random.between(0, 19) === 0;
  return {
    ...key,
    scheduler: isWrong ? random.pick(["no", "a234567890123456"]) : random.pick(["rr", "wlc", "sh", "mh", "none"]),
    schedulerFlags: flags.filter(() => random.coin()),
    onePacket: random.coin(),
    persistent: random.coin(),
    timeout: random.pick([0, 1, 360, 2678400]),
    netmask: key.family === "inet6" && random.between(0, 9) === 0 ? random.pick([0, 129]) : random.pick(masks),
    ...(random.between(0, 3) === 0 && { engine: isWrong ? "no" : "sip" }),
  };
}

function randomServer(random: Random, serviceFamily: Family): Destination {
  const forward = random.pick(["masq", "route", "local", "tunnel", "tunnel"] as const);
  const isOther = random.between(0, forward === "tunnel" ? 3 : 19) === 0;
  const family = (serviceFamily === "inet") === isOther ? "inet6" : "inet";
  const addresses =
    family === "inet"
      ? ["198.51.100.1", "198.51.100.2", "198.51.100.3", random.pick(["127.0.0.1", "0.0.0.0", "224.0.0.1"])]
      : ["2001:db8::2", "2001:db8::3", "2001:db8::4", random.pick(["::1", "::", "ff02::1", "fe80::99"])];
  const upperThreshold = random.pick([0, 0, 10, 2 ** 31 - 1]);
  return {
    family,
    address: random.pick(addresses),
    port: random.pick([80, 80, 80, 0]),
    forward,
    weight: random.pick([0, 1, 1, 2 ** 31 - 1, random.between(-1, 20)]),
    upperThreshold,
    lowerThreshold: random.pick([0, 0, 0, Math.min(upperThreshold, 5), random.between(0, 11)]),
    tunnel: {
      type: random.pick(["ipip", "gue", "gre"]),
      port: random.pick([0, 6080, 6080, 6081]),
      checksum: random.pick(["nocsum", "csum", "remcsum"]),
    },
  };
}

function randomStart(random: Random): Change {
  return {
    command: "start-daemon",
    daemon: {
      state: random.pick(["master", "backup"]),
      interface: random.pick(["eth0", "eth0", "eth0", "none0"]),
      syncId: random.between(0, 255),
      ...(random.coin() && { syncMaxLength: random.between(1000, 1400) }),
      ...(random.coin() && { multicastGroup: random.pick(["224.0.0.99", "ff02::5", "10.0.0.1"]) }),
      ...(random.coin() && { multicastPort: random.between(0, 65535) }),
      ...(random.coin() && { multicastTtl: random.between(0, 255) }),
    },
  };
}
