import type { NetlinkConnection } from "../netlink/connection.js";
import * as kernel from "./constants.js";
import { addressHeader, decodeInterfaceAddress, type InterfaceAddress } from "./interface-address.js";
import { decodeLink, type Link, linkHeader } from "./link.js";

/** What the kernel knows of the network, as rtnetlink tells every user. Each call rejects with a NetlinkError. */
export class RtnetlinkClient {
  constructor(private readonly connection: NetlinkConnection) {}

  /** All interfaces, also those that are down. */
  async links(): Promise<Link[]> {
    const messages = await this.connection.dump(kernel.RTM_GETLINK, linkHeader.encode({}));
    return messages.filter(({ type }) => type === kernel.RTM_NEWLINK).map(decodeLink);
  }

  /** The addresses of all interfaces, IPv4 and IPv6. */
  async addresses(): Promise<InterfaceAddress[]> {
    const messages = await this.connection.dump(kernel.RTM_GETADDR, addressHeader.encode({}));
    return messages
      .filter(({ type }) => type === kernel.RTM_NEWADDR)
      .map(decodeInterfaceAddress)
      .filter((address) => address !== undefined);
  }

  close(): void {
    this.connection.close();
  }
}
