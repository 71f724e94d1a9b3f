import { type AddressRange, parseAddressRange } from "../selection/address-range.js";
import { anyConnection, type ConnectionFilter } from "../selection/connection-filter.js";
import { type ConnectionOrigin, connectionOrigins } from "../table.js";
import { checkBoolean, checkInteger, checkObject, checkOneOf, checkString, describe } from "./check-value.js";
import { completeServiceKey, type ServiceKeyInput } from "./service-input.js";

/** One value or several, of which one has to fit. */
export type OneOrMore<T> = T | readonly T[];

/** Which connections are wanted: those that fit every condition. What is left out or undefined is no condition. */
export interface ConnectionFilterInput {
  /** `tcp`, `udp` and so on, in any case. */
  readonly protocol?: OneOrMore<string> | undefined;
  /** The client, as `ADDRESS[/LENGTH][:PORT]`: `10.0.0.0/8`, `[2001:db8::1]:80`. */
  readonly client?: OneOrMore<string> | undefined;
  /** The address that the client connected to, in the same form. */
  readonly virtual?: OneOrMore<string> | undefined;
  /** The virtual service. Port 0 stands for every port; of a firewall mark only templates fit. */
  readonly service?: OneOrMore<ServiceKeyInput> | undefined;
  /** The real server, as `ADDRESS[/LENGTH][:PORT]`. */
  readonly server?: OneOrMore<string> | undefined;
  /** `established` and so on, in any case. */
  readonly state?: OneOrMore<string> | undefined;
  /** States that do not fit. */
  readonly notState?: OneOrMore<string> | undefined;
  /** Seconds until it expires, at least. */
  readonly expiresFrom?: number | undefined;
  /** Seconds until it expires, at most. */
  readonly expiresTo?: number | undefined;
  /** Persistence templates only, or none. */
  readonly templates?: boolean | undefined;
  /** The persistence engine of a template. */
  readonly engine?: OneOrMore<string> | undefined;
  /** Where it comes from. */
  readonly origin?: OneOrMore<ConnectionOrigin> | undefined;
}

const longestTime = Number.MAX_SAFE_INTEGER;

/** The input as a checked filter. Throws a TypeError or a RangeError that names the value. */
export function completeConnectionFilter(input: ConnectionFilterInput, path = "filter"): ConnectionFilter {
  checkObject(input, path);
  const { expiresFrom, expiresTo, templates } = input;
  const all = <T, R>(name: string, values: OneOrMore<T> | undefined, complete: (value: T, path: string) => R): R[] =>
    values === undefined ? [] : toList(values).map((value) => complete(value, `${path}.${name}`));
  const from = expiresFrom === undefined ? 0 : checkInteger(expiresFrom, `${path}.expiresFrom`, 0, longestTime);
  const to = expiresTo === undefined ? longestTime : checkInteger(expiresTo, `${path}.expiresTo`, 0, longestTime);
  return {
    ...anyConnection,
    protocols: all("protocol", input.protocol, checkWord),
    clients: all("client", input.client, checkRange),
    virtuals: all("virtual", input.virtual, checkRange),
    services: all("service", input.service, (service, place) => completeServiceKey(service, place)),
    servers: all("server", input.server, checkRange),
    states: all("state", input.state, checkWord),
    notStates: all("notState", input.notState, checkWord),
    expires: expiresFrom === undefined && expiresTo === undefined ? [] : [{ from, to }],
    engines: all("engine", input.engine, checkString),
    origins: all("origin", input.origin, (origin, place) => checkOneOf(origin, place, connectionOrigins)),
    templates: templates === undefined ? undefined : checkBoolean(templates, `${path}.templates`),
  };
}

function toList<T>(values: OneOrMore<T>): readonly T[] {
  return Array.isArray(values) ? values : [values as T];
}

/** The kernel's words for protocols and states have capitals only. */
function checkWord(text: string, path: string): string {
  return checkString(text, path).toUpperCase();
}

function checkRange(text: string, path: string): AddressRange {
  const range = parseAddressRange(checkString(text, path));
  if (range !== undefined) return range;
  throw new RangeError(`${path} must be ADDRESS[/LENGTH][:PORT], not ${describe(text)}`);
}
