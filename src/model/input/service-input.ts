import { defaultPersistenceTimeout, defaultServiceSettings, wholeAddress } from "../defaults.js";
import { familyOf } from "../identity.js";
import { largestPort, largestUnsigned, longestPrefix, longestTimeout } from "../limits.js";
import { netmaskOf } from "../netmask.js";
import {
  type AddressServiceKey,
  type Family,
  families,
  isMarkService,
  type MarkServiceKey,
  protocols,
  type SchedulerFlag,
  type Service,
  type ServiceKey,
  type ServiceSettings,
} from "../table.js";
import {
  checkAddress,
  checkBoolean,
  checkInteger,
  checkModuleName,
  checkObject,
  checkOneOf,
  checkString,
  describe,
} from "./check-value.js";

/** Names a service that is reached by address. */
export interface AddressServiceKeyInput extends Omit<AddressServiceKey, "family"> {
  /** Default: the family of the address. */
  readonly family?: Family | undefined;
}

/** Names a service that is reached by firewall mark. */
export interface MarkServiceKeyInput extends Omit<MarkServiceKey, "family"> {
  /** Default: `inet`. */
  readonly family?: Family | undefined;
}

/** Names a service: a ServiceKey whose family may be left out. */
export type ServiceKeyInput = AddressServiceKeyInput | MarkServiceKeyInput;

/** ServiceSettings that may be left out. One that is undefined counts as left out. */
export interface ServiceSettingsInput {
  /** Default: `wlc`. */
  readonly scheduler?: string | undefined;
  /** Default: none. */
  readonly schedulerFlags?: readonly SchedulerFlag[] | undefined;
  /** Default: false. Only for `udp` and firewall marks. */
  readonly onePacket?: boolean | undefined;
  /** Default: whether a timeout, netmask or engine is given, none of which has an effect without persistence. */
  readonly persistent?: boolean | undefined;
  /** Seconds, up to 31 days. Default: 360 for a persistent service. */
  readonly timeout?: number | undefined;
  /** A dotted mask (inet) or a prefix length (both families). Default: the whole client address. */
  readonly netmask?: string | number | undefined;
  /** Default: none. In an edit, an empty text removes the engine. */
  readonly engine?: string | undefined;
}

/** A service of which only the key has to be given. */
export type ServiceInput = ServiceKeyInput & ServiceSettingsInput;

/** The key with its family, and its address as canonical text. Throws a TypeError or a RangeError that names the field. */
export function completeServiceKey(input: ServiceKeyInput, path = "service"): ServiceKey {
  checkObject(input, path);
  const given = input.family === undefined ? undefined : checkOneOf(input.family, `${path}.family`, families);
  if ("fwmark" in input) {
    return { family: given ?? "inet", fwmark: checkInteger(input.fwmark, `${path}.fwmark`, 1, largestUnsigned) };
  }
  const protocol = checkOneOf(input.protocol, `${path}.protocol`, protocols);
  const text = checkString(input.address, `${path}.address`);
  const family = given ?? familyOf(text);
  const address = checkAddress(text, `${path}.address`, family);
  return { family, protocol, address, port: checkInteger(input.port, `${path}.port`, 0, largestPort) };
}

/**
 * The service with every setting. What is left out comes from `base`: its current settings, or ipvsadm's defaults.
 * Throws a TypeError or a RangeError that names the field.
 */
export function completeService(input: ServiceInput, path = "service", base?: ServiceSettings): Service {
  const key = completeServiceKey(input, path);
  const settings = completeServiceSettings(input, path, key, base ?? defaultsOf(key.family));
  // The kernel accepts both, so an edit does not refuse a service that has them already.
  if (!isMarkService(key) && key.port === 0 && !settings.persistent && base?.persistent !== false) {
    throw new RangeError(`${path}.port 0, which means every port, needs a persistent service`);
  }
  if (input.onePacket && !isMarkService(key) && key.protocol !== "udp") {
    throw new RangeError(`${path}.onePacket is only for udp and firewall marks, not for ${key.protocol}`);
  }
  // See completeDestination.
  return Object.assign(key, settings);
}

function defaultsOf(family: Family): ServiceSettings {
  return { ...defaultServiceSettings, netmask: wholeAddress(family) };
}

function completeServiceSettings(
  input: ServiceSettingsInput,
  path: string,
  { family }: ServiceKey,
  base: ServiceSettings,
): ServiceSettings {
  const { scheduler, schedulerFlags, onePacket, timeout, netmask, engine = base.engine } = input;
  const persistent = isPersistent(input, path, base);
  const becomesPersistent = persistent && !base.persistent;
  const baseTimeout = becomesPersistent && base.timeout === 0 ? defaultPersistenceTimeout : base.timeout;
  return {
    scheduler: scheduler === undefined ? base.scheduler : checkModuleName(scheduler, `${path}.scheduler`),
    schedulerFlags:
      schedulerFlags === undefined ? base.schedulerFlags : checkFlags(schedulerFlags, `${path}.schedulerFlags`),
    onePacket: onePacket === undefined ? base.onePacket : checkBoolean(onePacket, `${path}.onePacket`),
    persistent,
    timeout:
      timeout === undefined
        ? baseTimeout
        : checkInteger(timeout, `${path}.timeout`, persistent ? 1 : 0, longestTimeout),
    netmask: netmask === undefined ? base.netmask : checkNetmask(netmask, `${path}.netmask`, family),
    ...(engine !== undefined && engine !== "" && { engine: checkModuleName(engine, `${path}.engine`) }),
  };
}

function isPersistent(input: ServiceSettingsInput, path: string, base: ServiceSettings): boolean {
  if (input.persistent !== undefined) return checkBoolean(input.persistent, `${path}.persistent`);
  return base.persistent || Boolean(input.timeout) || input.netmask !== undefined || Boolean(input.engine);
}

function checkFlags(flags: readonly SchedulerFlag[], path: string): SchedulerFlag[] {
  if (!Array.isArray(flags)) throw new TypeError(`${path} must be an array, not ${describe(flags)}`);
  const known = flags.map((flag, index) => checkOneOf(flag, `${path}[${index}]`, [1, 2, 3] as const));
  return [...new Set(known)].sort();
}

function checkNetmask(netmask: string | number, path: string, family: Family): string | number {
  if (family === "inet6") return checkInteger(netmask, path, 1, longestPrefix.inet6);
  return typeof netmask === "number"
    ? netmaskOf(checkInteger(netmask, path, 0, longestPrefix.inet))
    : checkAddress(netmask, path, family);
}
