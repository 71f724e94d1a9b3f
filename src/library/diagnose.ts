import { checks } from "../doctor/checks.js";
import { examine } from "../doctor/examine.js";
import type { Role } from "../doctor/facts.js";
import type { Finding } from "../doctor/finding.js";
import { nodePlatform } from "../host/node-platform.js";
import { systemHost } from "../host/system-host.js";
import { formatAddress, parseAddress } from "../model/address.js";
import type { DesiredState } from "../model/desired.js";
import { familyOf } from "../model/identity.js";
import type { Family, ForwardingMethod } from "../model/table.js";

/** Options of `diagnose`. */
export interface DiagnoseOptions {
  /** What this machine is. Default: a director. */
  readonly role?: Role;
  /** The virtual addresses of a real server, with the port of its TCP service where it is known. */
  readonly vips?: readonly { readonly address: string; readonly port?: number }[];
  /** How packets get to a real server. Default: `route`. */
  readonly method?: ForwardingMethod;
  /** The director's address on the real servers' network. */
  readonly director?: string;
  /** A desired state, to examine it before it is applied. Default: the kernel's table. */
  readonly planned?: DesiredState;
  /** Seconds between two looks, from which growing counters are known. Default: one look. */
  readonly watch?: number;
}

/**
 * Examines this machine as `ipvsadm doctor` does: reads the table, the network and the settings of the kernel, and finds
 * what is wrong. Starts no program and changes nothing. What cannot be read is a finding `unknown`. Rejects with a RangeError
 * for an address that is not one.
 *
 * @example
 * ```js
 * const findings = await diagnose();
 * for (const { id, object, read, commands } of findings) console.log(id, object, read, commands);
 * ```
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Finding[]> {
  const { role = "director", vips = [], method = "route", director, planned, watch } = options;
  const subject = {
    role,
    vips: vips.map(({ address, port }) => ({ ...canonical(address), port })),
    method,
    director: director === undefined ? undefined : canonical(director).address,
  };
  return examine(systemHost(nodePlatform), { checks, subject, planned, watch });
}

function canonical(address: string): { family: Family; address: string } {
  const family = familyOf(address);
  return { family, address: formatAddress(family, parseAddress(family, address)) };
}
