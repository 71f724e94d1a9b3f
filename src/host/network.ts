import { connect } from "../netlink/connection.js";
import { type NetworkClient, RtnetlinkClient } from "../rtnetlink/client.js";
import { NETLINK_ROUTE } from "../rtnetlink/constants.js";
import type { Platform } from "./platform.js";

/** See Host.openNetwork. */
export async function openNetwork(platform: Platform): Promise<NetworkClient> {
  return new RtnetlinkClient(connect(await platform.openSocket(NETLINK_ROUTE)));
}

/** See Host.interfaceAddresses. */
export async function readInterfaceAddresses(platform: Platform, name: string): Promise<readonly string[]> {
  const client = await openNetwork(platform);
  try {
    const link = (await client.links()).find((known) => known.name === name);
    if (link === undefined) return [];
    const addresses = await client.addresses();
    return addresses.filter((known) => known.interface === link.index).map(({ address }) => address);
  } finally {
    client.close();
  }
}
