import type { DesiredService, DesiredState } from "../desired.js";
import { destinationIdentity, serviceIdentity } from "../identity.js";

/** What is wrong with a desired state, and where: a path as in documents, `services[3].destinations[0].lower_threshold`. */
export interface DesiredFault {
  readonly path: string;
  readonly fault: string;
}

/**
 * All faults of a desired state that concern more than one of its values, whatever it was read from. `nameOf` turns the
 * path of another part of the state into the text that a fault has for it.
 */
export function* findDesiredFaults(
  { services = [], daemons = [] }: DesiredState,
  nameOf = (path: string): string => path,
): Generator<DesiredFault> {
  for (const [index, entry] of services.entries()) yield* findServiceFaults(entry, `services[${index}]`, nameOf);
  if (daemons.length > 0) yield* findMixedFamilies(services);
  yield* findDuplicates("services", services, ({ service }) => serviceIdentity(service), nameOf);
  yield* findDuplicates("daemons", daemons, ({ state }) => `${state} daemon`, nameOf);
}

function* findServiceFaults(
  { service, destinations }: DesiredService,
  path: string,
  nameOf: (path: string) => string,
): Generator<DesiredFault> {
  if ("port" in service && service.port === 0 && !service.persistent) {
    yield { path: `${path}.port`, fault: "port 0 needs persistence" };
  }
  if (service.onePacket && "protocol" in service && service.protocol !== "udp") {
    yield { path: `${path}.ops`, fault: "one-packet scheduling is only for udp and firewall marks" };
  }
  for (const [index, { family, forward, lowerThreshold, upperThreshold }] of destinations.entries()) {
    if (family !== service.family && forward !== "tunnel") {
      const fault = "a family other than the service's is allowed only for tunneling servers";
      yield { path: `${path}.destinations[${index}].family`, fault };
    }
    if (lowerThreshold > upperThreshold) {
      yield { path: `${path}.destinations[${index}].lower_threshold`, fault: "is above the upper_threshold" };
    }
  }
  yield* findDuplicates(`${path}.destinations`, destinations, destinationIdentity, nameOf);
}

/** The sync protocol cannot describe such servers, so the kernel accepts either them or a daemon, not both. */
function* findMixedFamilies(services: readonly DesiredService[]): Generator<DesiredFault> {
  for (const [index, { service, destinations }] of services.entries()) {
    for (const [position, { family }] of destinations.entries()) {
      if (family === service.family) continue;
      const path = `services[${index}].destinations[${position}].family`;
      yield { path, fault: "a family other than the service's is not allowed with a sync daemon" };
    }
  }
}

function* findDuplicates<T>(
  path: string,
  values: readonly T[],
  describe: (value: T) => string,
  nameOf: (path: string) => string,
): Generator<DesiredFault> {
  const seen = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    const text = describe(value);
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else yield { path: `${path}[${index}]`, fault: `${text} is already ${nameOf(`${path}[${first}]`)}` };
  }
}
