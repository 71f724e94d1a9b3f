import { defaultDestinationSettings, defaultTunnel } from "../defaults.js";
import { familyOf } from "../identity.js";
import { largestInteger, largestPort } from "../limits.js";
import {
  type Destination,
  type DestinationKey,
  type DestinationSettings,
  type Family,
  type ForwardingMethod,
  families,
  forwardingMethods,
  isMarkService,
  type ServiceKey,
  type Tunnel,
  type TunnelChecksum,
  type TunnelType,
  tunnelChecksums,
  tunnelTypes,
} from "../table.js";
import { checkAddress, checkInteger, checkObject, checkOneOf, checkString } from "./check-value.js";

/** Names a destination of a service: only the address has to be given. */
export interface DestinationKeyInput {
  /** Default: the family of the address. */
  readonly family?: Family | undefined;
  readonly address: string;
  /** Default: the port of the service; 0 for a firewall mark. */
  readonly port?: number | undefined;
}

/** DestinationSettings that may be left out. One that is undefined counts as left out. */
export interface DestinationSettingsInput {
  /** Default: `tunnel` where a tunnel is given, which no other method has; otherwise `route`. */
  readonly forward?: ForwardingMethod | undefined;
  /** Default: 1. */
  readonly weight?: number | undefined;
  /** Default: 0, no limit. */
  readonly upperThreshold?: number | undefined;
  /** Default: 0. Not above `upperThreshold`. */
  readonly lowerThreshold?: number | undefined;
  /** Default: ipip. */
  readonly tunnel?: TunnelInput | undefined;
}

/** A Tunnel of which everything may be left out. */
export interface TunnelInput {
  /** Default: `ipip`. */
  readonly type?: TunnelType | undefined;
  /** UDP port, which a `gue` tunnel needs and no other has. */
  readonly port?: number | undefined;
  /** Default: `nocsum`. */
  readonly checksum?: TunnelChecksum | undefined;
}

/** A destination of which only the address has to be given. */
export type DestinationInput = DestinationKeyInput & DestinationSettingsInput;

/**
 * The key with its family and port, and its address as canonical text. Throws a TypeError or a RangeError that names the
 * field.
 */
export function completeDestinationKey(
  service: ServiceKey,
  input: DestinationKeyInput,
  path = "destination",
): DestinationKey {
  checkObject(input, path);
  const text = checkString(input.address, `${path}.address`);
  const family = input.family === undefined ? familyOf(text) : checkOneOf(input.family, `${path}.family`, families);
  const { port = isMarkService(service) ? 0 : service.port } = input;
  return {
    family,
    address: checkAddress(text, `${path}.address`, family),
    port: checkInteger(port, `${path}.port`, 0, largestPort),
  };
}

/**
 * The destination with every setting. What is left out comes from `base`: its current settings, or ipvsadm's defaults.
 * Throws a TypeError or a RangeError that names the field.
 */
export function completeDestination(
  service: ServiceKey,
  input: DestinationInput,
  path = "destination",
  base: DestinationSettings = defaultDestinationSettings,
): Destination {
  const key = completeDestinationKey(service, input, path);
  const settings = completeDestinationSettings(input, path, base);
  // The kernel refuses the rest too, but its errno names no field.
  if (key.family !== service.family && settings.forward !== "tunnel") {
    throw new RangeError(`${path}.address of a family other than the service's needs the forwarding method tunnel`);
  }
  if (settings.lowerThreshold > settings.upperThreshold) {
    throw new RangeError(`${path}.lowerThreshold must not be above the upperThreshold, ${settings.upperThreshold}`);
  }
  // Node takes fifty times as long for a second spread in a literal, and a batch may have many thousand destinations.
  return Object.assign(key, settings);
}

function completeDestinationSettings(
  input: DestinationSettingsInput,
  path: string,
  base: DestinationSettings,
): DestinationSettings {
  const { forward, weight, upperThreshold, lowerThreshold, tunnel } = input;
  return {
    forward: forward === undefined ? forwardOf(input, base) : checkOneOf(forward, `${path}.forward`, forwardingMethods),
    weight: checkCount(weight ?? base.weight, `${path}.weight`),
    upperThreshold: checkCount(upperThreshold ?? base.upperThreshold, `${path}.upperThreshold`),
    lowerThreshold: checkCount(lowerThreshold ?? base.lowerThreshold, `${path}.lowerThreshold`),
    tunnel: tunnel === undefined ? base.tunnel : completeTunnel(tunnel, `${path}.tunnel`, base.tunnel),
  };
}

function forwardOf({ tunnel }: DestinationSettingsInput, base: DestinationSettings): ForwardingMethod {
  return tunnel === undefined ? base.forward : "tunnel";
}

function checkCount(value: number, path: string): number {
  return checkInteger(value, path, 0, largestInteger);
}

/** Port and checksum belong to a type, so a tunnel of another type starts from the defaults. */
function completeTunnel(input: TunnelInput, path: string, current: Tunnel): Tunnel {
  checkObject(input, path);
  const type = checkOneOf(input.type ?? current.type, `${path}.type`, tunnelTypes);
  const base = type === current.type ? current : defaultTunnel;
  const port = checkInteger(input.port ?? base.port, `${path}.port`, 0, largestPort);
  if (type === "gue" && port === 0) throw new RangeError(`${path}.port is missing: a gue tunnel needs one`);
  return { type, port, checksum: checkOneOf(input.checksum ?? base.checksum, `${path}.checksum`, tunnelChecksums) };
}
