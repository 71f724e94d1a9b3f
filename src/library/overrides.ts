import { nodePlatform } from "../host/node-platform.js";
import { systemHost } from "../host/system-host.js";
import { readSelected } from "../ipvs/read-table.js";
import type { Override } from "../model/override.js";
import { standingOverrides } from "../plan/overrides.js";
import { OverrideStore } from "../transaction/override-store.js";
import type { Ipvs } from "./ipvs.js";

/**
 * The weights that a drain, a ramp or somebody holds, of servers that exist. Rejects with an IpvsError, or with an error that
 * says why the file cannot be read.
 *
 * @example
 * ```js
 * for (const { destination, weight, since } of await listOverrides(ipvs)) console.log(destination.address, weight, since);
 * ```
 */
export function listOverrides(ipvs: Ipvs): Promise<readonly Override[]> {
  return ipvs.exclusively(async (client) => {
    const overrides = await (await OverrideStore.open(systemHost(nodePlatform))).read();
    const services = await readSelected(
      client,
      overrides.map(({ service }) => service),
    );
    return standingOverrides(overrides, { services }, true);
  });
}
