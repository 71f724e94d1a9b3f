import type { IpvsClient } from "../ipvs/client.js";
import type { DestinationSummary, ForwardingMethod, Service, ServiceKey } from "../ipvs/model.js";
import type { SummaryEntry } from "../output/views.js";
import { findServerRows, type ServerRows } from "../proc/table.js";
import type { Effects } from "./effects.js";

/** Servers of a service, which become objects for as long as they are printed: there may be a great many. */
class ProcEntry implements SummaryEntry {
  constructor(
    readonly service: Service,
    readonly rows: ServerRows,
  ) {}

  get destinations(): DestinationSummary[] {
    return this.rows.toServers();
  }
}

/**
 * The table, with the servers as /proc/net/ip_vs has them: that is one text, where netlink takes a dump for every service.
 * Netlink is the judge. Both give the services in the kernel's order, and a service's rows come whole; so where the
 * services are not the same ones (they changed between the readings) or the text cannot be had, netlink tells all.
 * Of services with a server of the forwarding method `detailed` netlink tells, too: it alone knows all of such servers.
 */
export async function readSummaries(
  client: IpvsClient,
  effects: Effects,
  detailed?: ForwardingMethod,
): Promise<SummaryEntry[]> {
  const services = await client.serviceSettings();
  const found = services.length > 0 ? findRows(effects, services) : [];
  return Promise.all(
    services.map((service, index) => {
      const rows = found?.[index];
      return rows === undefined || (detailed !== undefined && rows.include(detailed))
        ? readSummary(client, service)
        : new ProcEntry(service, rows);
    }),
  );
}

async function readSummary(client: IpvsClient, service: Service): Promise<SummaryEntry> {
  return { service, destinations: await client.destinations(service) };
}

function findRows(effects: Effects, services: readonly ServiceKey[]): ServerRows[] | undefined {
  try {
    return findServerRows(effects.readTable(), services);
  } catch {
    return undefined;
  }
}
