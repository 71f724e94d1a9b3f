import { compactStyle } from "../format/json/json-style.js";
import { parseDocumentBytes } from "../format/json/read-document.js";
import { renderDocumentParts } from "../format/json/render-document.js";
import type { IpvsClient } from "../ipvs/client.js";
import { readTable } from "../ipvs/read-table.js";
import type { DesiredService, DesiredState } from "../model/desired.js";
import { destinationKeyOf, serviceKeyOf } from "../model/identity.js";
import { sortTable } from "../model/order.js";
import type { TableEntry } from "../model/table.js";

/** What the kernel has, without what it measures. Rejects with an IpvsError. */
export async function readDesiredState(client: IpvsClient): Promise<Required<DesiredState>> {
  const [table, timeouts, daemons] = await Promise.all([readTable(client), client.timeouts(), client.daemons()]);
  return { services: sortTable(table).map(toDesired), timeouts, daemons };
}

// Object.assign below: see completeDestination.

function toDesired({ service, destinations }: TableEntry): DesiredService {
  const { scheduler, schedulerFlags, onePacket, persistent, timeout, netmask, engine } = service;
  const settings = { scheduler, schedulerFlags, onePacket, persistent, timeout, netmask };
  return {
    service: Object.assign(serviceKeyOf(service), settings, engine !== undefined && { engine }),
    destinations: destinations.map((destination) => {
      const { forward, weight, upperThreshold, lowerThreshold, tunnel } = destination;
      const settings = { forward, weight, upperThreshold, lowerThreshold, tunnel };
      return Object.assign(destinationKeyOf(destination), settings);
    }),
  };
}

/**
 * Reads a JSON document of `ipvsadm-save --json` or one written by hand, text or UTF-8, and checks it whole
 * (docs/json.md). Throws a DocumentError that names the first fault and its place.
 *
 * @example
 * ```js
 * const { services = [] } = parseDocument(await readFile("/etc/ipvsadm.json"));
 * ```
 */
export function parseDocument(document: string | Uint8Array): DesiredState {
  return parseDocumentBytes(typeof document === "string" ? new TextEncoder().encode(document) : document);
}

/**
 * A JSON document that `ipvsadm-restore` takes, one service per line. `parseDocument` reads the same state back.
 *
 * @example
 * ```js
 * await writeFile("/etc/ipvsadm.json", renderDocument(await ipvs.save()));
 * ```
 */
export function renderDocument(state: DesiredState): string {
  return [...renderDocumentParts({ ...state, ...unmeasured }, false, compactStyle)].join("");
}

/** What a document without measurements leaves out. */
const unmeasured = { info: { version: "", connectionTableSize: 0 }, takenAt: new Date(0) };
