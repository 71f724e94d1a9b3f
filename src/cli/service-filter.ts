import { type AddressRange, isInRange, parseAddressRange } from "../model/selection/address-range.js";
import { isMarkService, type Protocol, protocols, type ServiceKey } from "../model/table.js";
import { parseMarkService } from "./service-key.js";
import { UsageError } from "./usage-error.js";

/** Whether a service is one of those that somebody means. */
export type ServiceFilter = (service: ServiceKey) => boolean;

/** Looks up the addresses of a network interface, in canonical text. */
export type InterfaceAddresses = (name: string) => Promise<readonly string[]>;

/**
 * The services that any of the values of an option means: `192.0.2.0/24:80`, `udp:192.0.2.10`, `fwmark:5`, or `if:NAME` for
 * the addresses of an interface. Undefined where there are no values. Rejects with a UsageError.
 */
export async function parseServiceFilter(
  option: string,
  values: readonly string[] | undefined,
  addressesOf: InterfaceAddresses,
): Promise<CountedFilter | undefined> {
  if (values === undefined || values.length === 0) return undefined;
  const filters = await Promise.all(
    values.map(async (value) => ({ value, isMet: await parseOne(option, value, addressesOf) })),
  );
  const unmet = new Set(values);
  return {
    // No value is skipped, so that each one that selects something is known.
    isMet: (service) => {
      const met = filters.filter(({ isMet }) => isMet(service));
      for (const { value } of met) unmet.delete(value);
      return met.length > 0;
    },
    unmet: () => [...unmet].map((value) => `${option} ${value}`),
  };
}

/** A filter that knows which of its values have selected something. */
export interface CountedFilter {
  readonly isMet: ServiceFilter;
  /** The values that have selected no service yet, with their option: `--only 192.0.2.99`. Byte strings. */
  unmet(): readonly string[];
}

async function parseOne(option: string, value: string, addressesOf: InterfaceAddresses): Promise<ServiceFilter> {
  const [, word, rest = ""] = /^([a-z]+):(.*)$/.exec(value) ?? [];
  if (word === "fwmark") {
    const { fwmark } = parseMarkService(rest);
    return (service) => isMarkService(service) && service.fwmark === fwmark;
  }
  if (word === "if") {
    const addresses = new Set(await addressesOf(rest));
    if (addresses.size === 0) throw new UsageError(`${option} ${value}: no interface ${rest} has an address`);
    return (service) => !isMarkService(service) && addresses.has(service.address);
  }
  const protocol = protocols.find((one) => one === word);
  const range = parseAddressRange(protocol === undefined ? value : rest);
  if (range !== undefined) return inRange(range, protocol);
  throw new UsageError(
    `${option} takes [tcp:|udp:|sctp:]ADDRESS[/LENGTH][:PORT], fwmark:MARK or if:INTERFACE, not ${JSON.stringify(value)}\n` +
      "An IPv6 address with a port stands in brackets: [2001:db8::1]:80",
  );
}

function inRange(range: AddressRange, protocol: Protocol | undefined): ServiceFilter {
  return (service) =>
    !isMarkService(service) && (protocol ?? service.protocol) === service.protocol && isInRange(range, service);
}
