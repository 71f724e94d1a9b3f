/** ipvsadm's defaults, for command lines, documents and the library alike. */
import type { DestinationSettings, Family, ServiceSettings, Tunnel } from "./table.js";

/** The timeout of persistence that is requested without one, in seconds. */
export const defaultPersistenceTimeout = 360;

/** The netmask of persistence that treats each client address separately. */
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
