import type { Family } from "../model/table.js";
import type { Message } from "../netlink/codec/message.js";
import { malformed } from "../netlink/codec/netlink-error.js";
import type { Struct } from "../netlink/codec/struct.js";
import type { NetlinkConnection } from "../netlink/connection.js";
import * as kernel from "./constants.js";
import { addressHeader, decodeInterfaceAddress, type InterfaceAddress } from "./interface-address.js";
import { decodeLink, type Link, linkHeader } from "./link.js";
import { decodeNeighbor, type Neighbor, neighborHeader } from "./neighbor.js";
import { decodeRoute, encodeRouteQuery, type Route } from "./route.js";
import { decodeRule, type Rule, ruleHeader } from "./rule.js";

/** What the kernel knows of the network. Each call rejects with a NetlinkError. */
export interface NetworkClient {
  /** All interfaces, also those that are down. */
  links(): Promise<Link[]>;
  /** The addresses of all interfaces, IPv4 and IPv6. */
  addresses(): Promise<InterfaceAddress[]>;
  /** The hosts whose MAC addresses the kernel asked for. */
  neighbors(): Promise<Neighbor[]>;
  /** The rules that choose a routing table. */
  rules(): Promise<Rule[]>;
  /** The route to an address. Rejects where there is none (ENETUNREACH, EHOSTUNREACH and others). */
  route(family: Family, address: string): Promise<Route>;
  close(): void;
}

/** The network over rtnetlink, which answers every user. */
export class RtnetlinkClient implements NetworkClient {
  constructor(private readonly connection: NetlinkConnection) {}

  links(): Promise<Link[]> {
    return this.#dump(kernel.RTM_GETLINK, linkHeader, kernel.RTM_NEWLINK, decodeLink);
  }

  addresses(): Promise<InterfaceAddress[]> {
    return this.#dump(kernel.RTM_GETADDR, addressHeader, kernel.RTM_NEWADDR, decodeInterfaceAddress);
  }

  neighbors(): Promise<Neighbor[]> {
    return this.#dump(kernel.RTM_GETNEIGH, neighborHeader, kernel.RTM_NEWNEIGH, decodeNeighbor);
  }

  rules(): Promise<Rule[]> {
    return this.#dump(kernel.RTM_GETRULE, ruleHeader, kernel.RTM_NEWRULE, decodeRule);
  }

  async route(family: Family, address: string): Promise<Route> {
    const replies = await this.connection.request(kernel.RTM_GETROUTE, encodeRouteQuery(family, address));
    const reply = replies.find(({ type }) => type === kernel.RTM_NEWROUTE);
    if (reply === undefined) throw malformed("no route in the answer");
    return decodeRoute(family, reply);
  }

  close(): void {
    this.connection.close();
  }

  /** Everything of a kind, of all families. */
  async #dump<Value>(
    request: number,
    header: Pick<Struct<Readonly<Record<never, never>>>, "encode">,
    reply: number,
    decode: (message: Message) => Value | undefined,
  ): Promise<Value[]> {
    const messages = await this.connection.dump(request, header.encode({}));
    return messages
      .filter(({ type }) => type === reply)
      .map(decode)
      .filter((value) => value !== undefined);
  }
}
