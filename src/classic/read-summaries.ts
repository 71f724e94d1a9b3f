import type { IpvsClient } from "../ipvs/client.js";
import { type DestinationSummary, isMarkService, type ServiceEntry, type TableEntry } from "../ipvs/model.js";
import { parseBlocks, type ServiceBlock } from "../proc/table.js";
import type { Effects } from "./effects.js";
import { readEntry } from "./read-table.js";

/**
 * The table, with the servers as /proc/net/ip_vs has them: that is one text, where netlink takes a dump for every service.
 * Netlink is the judge. Both give the services in the kernel's order, and a service's rows come whole; so where the
 * services are not the same ones (they changed between the readings) or the text cannot be had, netlink tells all.
 * `needsMore` picks the servers of whose service netlink is to tell more.
 */
export async function readSummaries(
  client: IpvsClient,
  effects: Effects,
  needsMore?: (server: DestinationSummary) => boolean,
): Promise<TableEntry<DestinationSummary>[]> {
  const services = await client.services();
  const rows = services.length > 0 ? readRows(effects) : [];
  const agreed = rows?.length === services.length && services.every((service, index) => isRowOf(service, rows[index]));
  return Promise.all(
    services.map((service, index) => {
      const row = agreed ? rows[index] : undefined;
      if (row === undefined || (needsMore && row.servers().some(needsMore))) return readEntry(client, service);
      // Servers are objects for as long as their service is printed: there may be a great many.
      return {
        service,
        get destinations() {
          return row.servers();
        },
      };
    }),
  );
}

function readRows(effects: Effects): ServiceBlock[] | undefined {
  try {
    return parseBlocks(effects.readTable());
  } catch {
    return undefined;
  }
}

function isRowOf(service: ServiceEntry, row: ServiceBlock | undefined): boolean {
  if (row === undefined) return false;
  if (isMarkService(service)) return "fwmark" in row && row.fwmark === service.fwmark;
  return (
    "protocol" in row &&
    row.protocol === service.protocol.toUpperCase() &&
    row.address === service.address &&
    row.port === service.port
  );
}
