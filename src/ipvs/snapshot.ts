import type { DestinationSummary, ForwardingMethod, Service } from "../model/table.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { findServerRows, mentions, type ServerRows, type SummaryEntry } from "../proc/proc-table.js";
import type { IpvsClient } from "./client.js";
import { readEntry } from "./read-table.js";

/** A service whose servers become objects only while they are printed: there may be a great many. */
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
 * The table, with the servers as /proc/net/ip_vs has them: one text, where netlink takes one dump per service. Netlink is
 * authoritative. Both give the services in the kernel's order, and the rows of a service come whole. If the two disagree
 * on the list of services (it changed between the readings), or /proc cannot be read, everything is read over netlink.
 * Services with a server of the forwarding method `detailed` are read over netlink too, since /proc lacks its details.
 */
export async function readSummaries(
  client: IpvsClient,
  proc: ProcFiles,
  detailed?: ForwardingMethod,
): Promise<SummaryEntry[]> {
  const services = await client.serviceSettings();
  const found = services.length > 0 ? findEntries(proc, services) : [];
  if (found === undefined) return Promise.all(services.map((service) => readEntry(client, service)));
  // Promise.all takes as much memory for an entry as the entry itself, so it is kept for tables that need it.
  if (detailed === undefined || found[0] === undefined || !mentions(found[0].rows.text, detailed)) return found;
  return Promise.all(found.map((entry) => (entry.rows.include(detailed) ? readEntry(client, entry.service) : entry)));
}

function findEntries(proc: ProcFiles, services: readonly Service[]): ProcEntry[] | undefined {
  try {
    return findServerRows(proc.readText("ip_vs"), services)?.map(([service, rows]) => new ProcEntry(service, rows));
  } catch {
    return undefined;
  }
}
