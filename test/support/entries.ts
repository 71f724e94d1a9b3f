import type {
  AddressServiceKey,
  Counters,
  DestinationEntry,
  MarkServiceKey,
  ServiceEntry,
  ServiceSettings,
} from "../../src/model/table.js";

export function counters(connections = 0n, packetsIn = 0n, packetsOut = 0n, bytesIn = 0n, bytesOut = 0n): Counters {
  return { connections, packetsIn, packetsOut, bytesIn, bytesOut };
}

const settings: ServiceSettings = {
  scheduler: "wlc",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
  netmask: "255.255.255.255",
};

type Settings = Partial<Omit<ServiceEntry, keyof AddressServiceKey>>;

/** A service at 10.0.0.1:80/tcp, with what is to be different. */
export function service(changes: Partial<AddressServiceKey> & Settings = {}): ServiceEntry {
  const key = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 } as const;
  return { ...key, ...settings, counters: counters(), rates: counters(), ...changes };
}

export function markService(key: MarkServiceKey, changes: Settings = {}): ServiceEntry {
  return { ...key, ...settings, counters: counters(), rates: counters(), ...changes };
}

/** A masqueraded server at 10.1.0.1:80, with what is to be different. */
export function server(changes: Partial<DestinationEntry> = {}): DestinationEntry {
  return {
    family: "inet",
    address: "10.1.0.1",
    port: 80,
    forward: "masq",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
    activeConnections: 0,
    inactiveConnections: 0,
    persistentConnections: 0,
    counters: counters(),
    rates: counters(),
    ...changes,
  };
}
