import type { IpvsClient } from "../ipvs/client.js";
import type { DestinationSummary, ForwardingMethod, Service } from "../ipvs/model.js";
import type { SummaryEntry } from "../output/views.js";
import { findServerRows, mentions, type ServerRows } from "../proc/table.js";
import type { Effects } from "./effects.js";
import { readEntry } from "./read-table.js";

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
  const found = services.length > 0 ? findEntries(effects, services) : [];
  if (found === undefined) return Promise.all(services.map((service) => readEntry(client, service)));
  // Promise.all takes as much memory for an entry as the entry itself, so it is kept for tables that need it.
  if (detailed === undefined || found[0] === undefined || !mentions(found[0].rows.text, detailed)) return found;
  return Promise.all(found.map((entry) => (entry.rows.include(detailed) ? readEntry(client, entry.service) : entry)));
}

function findEntries(effects: Effects, services: readonly Service[]): ProcEntry[] | undefined {
  try {
    return findServerRows(effects.readTable(), services)?.map(([service, rows]) => new ProcEntry(service, rows));
  } catch {
    return undefined;
  }
}
