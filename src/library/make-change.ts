import type { IpvsClient } from "../ipvs/client.js";
import type { Change } from "../model/change.js";

/** Makes one change. Rejects with its refusal, an IpvsError. */
export async function makeChange(client: IpvsClient, change: Change): Promise<void> {
  const [refusal] = await client.change([change]);
  if (refusal !== undefined) throw refusal;
}
