/** What is meant where nothing is said: ipvsadm's defaults, for command lines, documents and the library alike. */
import type { Destination, DestinationSettings, Family, ServiceKey, ServiceSettings, Tunnel } from "./table.js";

/** Seconds a client stays with its server where persistence is asked for without a timeout. */
export const defaultPersistenceTimeout = 360;

/** The granularity of persistence that makes every client address one of its own. */
export function wholeAddress(family: Family): string | number {
  return family === "inet" ? "255.255.255.255" : 128;
}

/** Whether persistence is per client address, which is the default and not shown. */
export function isWholeAddress(netmask: string | number): boolean {
  return netmask === "255.255.255.255" || netmask === 128;
}

export const defaultTunnel: Tunnel = { type: "ipip", port: 0, checksum: "nocsum" };

/** All but the netmask, whose form depends on the family. */
export const defaultServiceSettings: Omit<ServiceSettings, "netmask" | "engine"> = {
  scheduler: "wlc",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
};

export const defaultDestinationSettings: DestinationSettings = {
  forward: "route",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: defaultTunnel,
};

/** A service of which only the key has to be given. */
export type ServiceInput = ServiceKey & Partial<ServiceSettings>;

/** A destination of which only the address has to be given; its family follows from that, and its port is the service's. */
export type DestinationInput = Pick<Destination, "address"> &
  Partial<Pick<Destination, "family" | "port"> & Omit<DestinationSettings, "tunnel">> & {
    readonly tunnel?: Partial<Tunnel>;
  };
