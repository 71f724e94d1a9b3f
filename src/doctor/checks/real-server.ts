import { familyOf } from "../../model/identity.js";
import { longestPrefix } from "../../model/limits.js";
import { IFF_LOOPBACK, IFF_NOARP, IFF_UP } from "../../rtnetlink/constants.js";
import type { Link } from "../../rtnetlink/link.js";
import type { Check } from "../check.js";
import { type Evidence, faraway, Unread } from "../evidence.js";
import type { VirtualAddress } from "../facts.js";
import type { Problem } from "../finding.js";
import { quoteWord, setCommand } from "../naming.js";
import { listens, socketFiles } from "../sockets.js";

const confPath = (name: string) => `/proc/sys/net/ipv4/conf/*/${name}`;

/** An interface on which no other host asks for addresses. */
function isQuiet({ flags, kind }: Link): boolean {
  return (flags & (IFF_LOOPBACK | IFF_NOARP)) !== 0 || kind === "dummy";
}

const vipsOf = ({ facts }: Evidence, family?: "inet" | "inet6"): readonly VirtualAddress[] =>
  facts.subject.vips.filter((vip) => family === undefined || vip.family === family);

/** Interfaces that are up, on which hosts of the network of a virtual address ask for it. */
function* askedLinks(evidence: Evidence): Iterable<{ address: string; link: Link }> {
  for (const { address } of vipsOf(evidence, "inet")) {
    for (const link of evidence.linksNear("inet", address)) {
      if (!isQuiet(link) && link.flags & IFF_UP) yield { address, link };
    }
  }
}

/** A setting by which a server stays silent about its virtual addresses. */
function silenceBy(
  name: string,
  isRight: (value: number, address: string, evidence: Evidence) => boolean,
  right: number,
) {
  return function* (evidence: Evidence): Iterable<Problem> {
    const seen = new Set<string>();
    for (const { address, link } of askedLinks(evidence)) {
      const value = evidence.effective("ipv4", link.name, name);
      if (isRight(value, address, evidence) || seen.has(link.name)) continue;
      seen.add(link.name);
      yield {
        object: `interface ${link.name}`,
        read: `${name} is ${value}, and the network of ${address} is there`,
        commands: [setCommand(confPath(name).replace("*", "all"), right)],
      };
    }
  };
}

/** With 3, only addresses of the scope `host` are not answered for. */
function isHidden(value: number, address: string, { network }: Evidence): boolean {
  if (value !== 3) return value === 1 || value === 2 || value === 8;
  return network.addresses.some((known) => known.address === address && known.scope === 254);
}

function* findMissingAddresses(evidence: Evidence): Iterable<Problem> {
  for (const { family, address } of vipsOf(evidence)) {
    if (evidence.isLocal(address)) continue;
    yield {
      object: `virtual address ${address}`,
      read: "it is on no interface",
      commands: [`ip address add ${address}/${longestPrefix[family]} dev lo`],
    };
  }
}

function* findNeedlessAddresses(evidence: Evidence): Iterable<Problem> {
  for (const { family, address } of vipsOf(evidence)) {
    for (const { name } of evidence.linksWith(address)) {
      yield {
        object: `virtual address ${address}`,
        read: `it is on ${name}`,
        commands: [`ip address del ${address}/${longestPrefix[family]} dev ${quoteWord(name)}`],
      };
    }
  }
}

function* findAnswering(evidence: Evidence): Iterable<Problem> {
  for (const { address } of vipsOf(evidence, "inet6")) {
    for (const link of evidence.linksWith(address).filter((known) => !isQuiet(known))) {
      yield {
        object: `virtual address ${address}`,
        read: `it is on ${link.name}, where neighbors ask for it`,
        commands: [`ip address del ${address}/128 dev ${quoteWord(link.name)}`, `ip address add ${address}/128 dev lo`],
      };
    }
  }
}

const tunnelDevices = {
  inet: { name: "tunl0", kinds: ["ipip", "gre"], module: "ipip" },
  inet6: { name: "ip6tnl0", kinds: ["ip6tnl", "ip6gre"], module: "ip6_tunnel" },
} as const;

/** Tunnels of the other family carry packets of this one too, but not the devices that come with a module. */
const otherKinds: readonly string[] = ["ipip", "gre", "ip6tnl", "ip6gre", "sit"];
const moduleDevices: readonly string[] = ["tunl0", "ip6tnl0", "sit0", "gre0", "ip6gre0"];

function* findTunnels(evidence: Evidence): Iterable<Problem> {
  for (const family of new Set(vipsOf(evidence).map((vip) => vip.family))) {
    const { name, kinds, module } = tunnelDevices[family];
    const devices = evidence.network.links.filter(
      (link) =>
        (kinds as readonly string[]).includes(link.kind ?? "") ||
        (otherKinds.includes(link.kind ?? "") && !moduleDevices.includes(link.name)),
    );
    if (devices.some(({ flags }) => flags & IFF_UP)) continue;
    const isThere = devices.some((link) => link.name === name);
    yield {
      object: `interface ${name}`,
      read: isThere ? "it is down" : "there is no tunnel device",
      commands: [...(isThere ? [] : [`modprobe ${module}`]), `ip link set ${name} up`],
    };
  }
}

function* findFilters(evidence: Evidence): Iterable<Problem> {
  if (vipsOf(evidence, "inet").length === 0) return;
  const kinds: readonly string[] = tunnelDevices.inet.kinds;
  for (const { name, kind = "", flags } of evidence.network.links) {
    if (!kinds.includes(kind) || !(flags & IFF_UP) || evidence.effective("ipv4", name, "rp_filter") !== 1) continue;
    yield {
      object: `interface ${name}`,
      read: "rp_filter is 1",
      commands: ["all", name].map((which) => setCommand(confPath("rp_filter").replace("*", which), 0)),
    };
  }
}

/** The router to addresses far away. */
function gatewayOf(evidence: Evidence, family: "inet" | "inet6"): string | undefined {
  const route = evidence.route(faraway[family]);
  return typeof route === "string" ? undefined : route.gateway;
}

function* findOtherGateways(evidence: Evidence): Iterable<Problem> {
  const { director } = evidence.facts.subject;
  if (director === undefined) throw new Unread("--director ADDRESS is not given");
  const gateway = gatewayOf(evidence, familyOf(director));
  if (gateway === director) return;
  yield {
    object: "the default route",
    read: gateway === undefined ? "it has no router" : `it leads via ${gateway}`,
    commands: [`ip route replace default via ${director}`],
  };
}

function* findSameGateway(evidence: Evidence): Iterable<Problem> {
  const { director } = evidence.facts.subject;
  if (director === undefined || gatewayOf(evidence, familyOf(director)) !== director) return;
  yield { object: "the default route", read: `it leads via the director, ${director}` };
}

function* findUnserved(evidence: Evidence): Iterable<Problem> {
  const isMasked = evidence.facts.subject.method === "masq";
  for (const { family, address, port } of vipsOf(evidence)) {
    // With masquerading the server's own address and port are not known here.
    if (port === undefined || isMasked || listens(evidence, family, address, port)) continue;
    yield {
      object: `virtual address ${address}`,
      read: `no TCP socket listens on port ${port} of it, or of all addresses`,
    };
  }
}

const silent = { role: "real-server", methods: ["route", "tunnel"] } as const;
const masked = { role: "real-server", methods: ["masq"] } as const;
const tunneled = { role: "real-server", methods: ["tunnel"] } as const;

export const realServerChecks: readonly Check[] = [
  {
    ...silent,
    id: "rs-arp-ignore",
    title: "The server answers ARP for the virtual address",
    severity: "error",
    reads: ["interfaces", "addresses", confPath("arp_ignore")],
    rule: "On an interface in the network of the virtual address, arp_ignore is not 1, 2 or 8 (nor 3, with an address of scope host).",
    why: "Clients and routers send packets for the virtual address to the server, past the director.",
    remedy: "Set it, and keep it in a file of /etc/sysctl.d.",
    source: "Linux, Documentation/networking/ip-sysctl.rst: arp_ignore",
    find: silenceBy("arp_ignore", isHidden, 1),
  },
  {
    ...silent,
    id: "rs-arp-announce",
    title: "The server announces the virtual address by ARP",
    severity: "error",
    reads: ["interfaces", "addresses", confPath("arp_announce")],
    rule: "On an interface in the network of the virtual address, arp_announce is not 2.",
    why: "The server's own ARP requests teach its neighbors that the virtual address is here.",
    remedy: "Set it, and keep it in a file of /etc/sysctl.d.",
    source: "Linux, Documentation/networking/ip-sysctl.rst: arp_announce",
    find: silenceBy("arp_announce", (value) => value === 2, 2),
  },
  {
    ...silent,
    id: "rs-vip",
    title: "The virtual address is not on the server",
    severity: "error",
    reads: ["routes"],
    rule: "Packets to the virtual address do not end on this machine.",
    why: "With direct routing and tunnels the server gets packets for the virtual address, and drops them without it.",
    remedy: "Add the address to lo.",
    source: "measured; LVS-HOWTO",
    find: findMissingAddresses,
  },
  {
    ...masked,
    id: "rs-vip-nat",
    title: "The virtual address is on a masqueraded server",
    severity: "warning",
    reads: ["addresses"],
    rule: "The virtual address is on an interface of this machine.",
    why: "A masqueraded server gets packets for its own address. With the virtual one it can answer in the director's place.",
    remedy: "Remove the address.",
    source: "LVS-HOWTO, LVS-NAT",
    find: findNeedlessAddresses,
  },
  {
    ...silent,
    id: "rs-ndp",
    title: "The server answers for an IPv6 virtual address",
    severity: "error",
    reads: ["interfaces", "addresses"],
    rule: "An IPv6 virtual address is on an interface other than lo, a dummy or a tunnel.",
    why: "Neighbor discovery answers for the addresses of each interface, so packets go past the director.",
    remedy: "Move the address to lo.",
    source: "RFC 4861, section 7.2.3",
    find: findAnswering,
  },
  {
    ...tunneled,
    id: "rs-tun",
    title: "The server does not unpack tunnels",
    severity: "error",
    reads: ["interfaces"],
    rule: "No tunnel device of the family of the virtual address is up.",
    why: "The server drops the packets of the director, or answers that it does not know the protocol.",
    remedy: "Load the module of the tunnel, and set its device up. For gue also: ip fou add port PORT gue",
    source: "measured; ip-link(8), ip-fou(8)",
    find: findTunnels,
  },
  {
    ...tunneled,
    id: "rs-rpfilter",
    title: "The server drops what comes out of the tunnel",
    severity: "error",
    reads: ["interfaces", confPath("rp_filter")],
    rule: "rp_filter of a tunnel device, or of all, is 1, and neither is 2.",
    why: "The way back to the client does not lead into the tunnel, so the strict filter takes its packets for forged.",
    remedy: "Turn the filter off, and keep it in a file of /etc/sysctl.d.",
    source: "measured; Linux, Documentation/networking/ip-sysctl.rst: rp_filter",
    find: findFilters,
  },
  {
    ...masked,
    id: "rs-gateway",
    title: "The default route of a masqueraded server is not the director",
    severity: "error",
    reads: ["routes", "--director"],
    rule: "The default route leads via another address than that of --director.",
    why: "Replies that do not pass through the director are not translated, and the client drops them.",
    remedy: "Make the director the default gateway.",
    source: "measured",
    find: findOtherGateways,
  },
  {
    ...silent,
    id: "rs-gateway-dr",
    title: "The default route of the server is the director",
    severity: "warning",
    reads: ["routes", "--director"],
    rule: "The default route leads via the address of --director.",
    why: "Replies have the virtual address as their source. It is the director's own, so the director drops them.",
    remedy: "Use another gateway; or, on the director: sysctl -w net.ipv4.conf.INTERFACE.accept_local=1",
    source: "measured",
    find: findSameGateway,
  },
  {
    ...silent,
    id: "rs-listen",
    title: "No program listens on the virtual address",
    severity: "error",
    reads: [...socketFiles],
    rule: "--vip has a port, and no TCP socket listens on it at the virtual address or at all addresses.",
    why: "With direct routing and tunnels, connections arrive at the virtual address. They are refused.",
    remedy: "Let the program listen on the virtual address, or on all of them.",
    source: "LVS-HOWTO",
    find: findUnserved,
  },
];
