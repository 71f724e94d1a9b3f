import { type DestinationKey, type Family, isMarkService, type ServiceKey } from "./table.js";

/** The text that stands for a service's key, one for one: `tcp 10.0.0.1:80`, `inet6 fwmark 5`. */
export function serviceIdentity(key: ServiceKey): string {
  return isMarkService(key) ? `${key.family} fwmark ${key.fwmark}` : `${key.protocol} ${endpointIdentity(key)}`;
}

/** The text that stands for a destination's key within its service, one for one: `10.0.0.2:80`, `[2001:db8::1]:80`. */
export function destinationIdentity(key: DestinationKey): string {
  return endpointIdentity(key);
}

/**
 * The text that stands for an address and a port, one for one: `10.0.0.2:80`, `[2001:db8::1]:80`. It is also how arguments of
 * commands have them.
 */
export function endpointIdentity({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The key of a service without its settings. */
export function serviceKeyOf(service: ServiceKey): ServiceKey {
  if (isMarkService(service)) return { family: service.family, fwmark: service.fwmark };
  const { family, protocol, address, port } = service;
  return { family, protocol, address, port };
}

/** The key of a destination without its settings. */
export function destinationKeyOf({ family, address, port }: DestinationKey): DestinationKey {
  return { family, address, port };
}

/** The family of an address in canonical text. */
export function familyOf(address: string): Family {
  return address.includes(":") ? "inet6" : "inet";
}
