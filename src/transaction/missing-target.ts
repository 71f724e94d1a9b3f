import type { IpvsClient } from "../ipvs/client.js";
import { destinationIdentity, serviceIdentity } from "../model/identity.js";
import { type AddressRange, formatAddressRange } from "../model/selection/address-range.js";
import { isMarkService, type Service, type ServiceKey } from "../model/table.js";

/** How many candidates a message names. */
const mostNamed = 5;

/**
 * Describes which part of a target the table lacks, and what it has instead. `range` means servers of the service or,
 * without one, servers anywhere. Rejects with an IpvsError.
 */
export async function describeMissing(
  client: IpvsClient,
  { service, range }: { readonly service?: ServiceKey | undefined; readonly range?: AddressRange | undefined },
): Promise<string> {
  if (service === undefined) return range ? `no service has a server ${formatAddressRange(range)}` : "nothing matches";
  const services = await client.serviceSettings();
  const name = serviceIdentity(service);
  if (!services.some((one) => serviceIdentity(one) === name)) return describeService(service, services);
  const servers = (await client.destinationLoads(service)).map(destinationIdentity);
  const there = servers.length === 0 ? "it has none" : `it has ${listNames(servers)}`;
  return `the service ${name} has no server${range ? ` ${formatAddressRange(range)}` : ""}; ${there}`;
}

function describeService(service: ServiceKey, services: readonly Service[]): string {
  const missing = `there is no service ${serviceIdentity(service)}`;
  if (isMarkService(service)) {
    const marks = services.filter(isMarkService).map(serviceIdentity);
    return marks.length === 0 ? missing : `${missing}; there are ${listNames(marks)}`;
  }
  const others = services.flatMap((one) =>
    !isMarkService(one) && one.address === service.address ? serviceIdentity(one) : [],
  );
  const there = others.length === 0 ? "" : `; at this address there is ${listNames(others)}`;
  const advice = service.port === 0 ? "\nwithout a port it is the service of every port; name one as ADDRESS:PORT" : "";
  return `${missing}${there}${advice}`;
}

function listNames(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return `${names.slice(0, mostNamed).join(", ")}${more}`;
}
