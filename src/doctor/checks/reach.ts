import { longestPrefix } from "../../model/limits.js";
import { isMarkService } from "../../model/table.js";
import { NUD_FAILED, NUD_INCOMPLETE } from "../../rtnetlink/constants.js";
import { allMethods, type Check } from "../check.js";
import { type Evidence, isInner, virtualAddresses } from "../evidence.js";
import { isUsed } from "../facts.js";
import type { Problem } from "../finding.js";
import { quoteWord, serverText, setCommand } from "../naming.js";

const ipForward = "/proc/sys/net/ipv4/ip_forward";
const forwarding6 = "/proc/sys/net/ipv6/conf/all/forwarding";
const arpIgnore = "/proc/sys/net/ipv4/conf/*/arp_ignore";
const sendRedirects = "/proc/sys/net/ipv4/conf/*/send_redirects";

/** A setting that servers with masquerading need. */
function forwardingOf(family: "inet" | "inet6", path: string): Check["find"] {
  return function* (evidence) {
    const masked = evidence.servers.find(
      ({ server }) => server.forward === "masq" && server.family === family && !evidence.isLocal(server.address),
    );
    if (masked === undefined || evidence.expectSetting(path) !== 0) return;
    yield {
      object: serverText(masked.service, masked.server),
      read: `${path} is 0`,
      commands: [setCommand(path, 1)],
    };
  };
}

const mayBeElsewhere = ({ facts: { daemons } }: Evidence) =>
  "value" in daemons && daemons.value.some(({ state }) => state === "backup");

const routesMarks = ({ network }: Evidence, family: "inet" | "inet6") =>
  network.rules.some((rule) => rule.family === family && rule.fwmark !== undefined);

/** Whether packets to a virtual address should come to this machine, and do not. */
export function isAstray(evidence: Evidence, family: "inet" | "inet6", address: string): boolean {
  return !evidence.isLocal(address) && !mayBeElsewhere(evidence) && !routesMarks(evidence, family);
}

function* findStrangeAddresses(evidence: Evidence): Iterable<Problem> {
  for (const { family, address } of virtualAddresses(evidence.services)) {
    if (evidence.isLocal(address)) continue;
    const isBackup = mayBeElsewhere(evidence);
    const [near] = evidence.linksNear(family, address);
    const name = near?.name ?? "lo";
    yield {
      object: `virtual address ${address}`,
      read: `it is on no interface${isBackup ? " (a backup sync daemon runs: another director may have it)" : ""}`,
      ...(isBackup || routesMarks(evidence, family) ? { severity: "hint" as const } : {}),
      commands: [`ip address add ${address}/${longestPrefix[family]} dev ${quoteWord(name)}`],
    };
  }
}

function* findSilentAddresses(evidence: Evidence): Iterable<Problem> {
  for (const { family, address } of virtualAddresses(evidence.services)) {
    const links = evidence.linksWith(address);
    if (family !== "inet" || links.length === 0 || !links.every(isInner)) continue;
    const outer = evidence.linksNear(family, address).filter((link) => !isInner(link));
    const silent = outer.filter(({ name }) => evidence.effective("ipv4", name, "arp_ignore") >= 1);
    if (silent.length === 0 || silent.length < outer.length) continue;
    const names = silent.map(({ name }) => name);
    yield {
      object: `virtual address ${address}`,
      read: `it is only on ${links.map(({ name }) => name).join(" and ")}, and arp_ignore of ${names.join(" and ")} is not 0`,
      commands: names.slice(0, 1).map((name) => `ip address add ${address}/32 dev ${quoteWord(name)}`),
    };
  }
}

function* findUnmarked({ services, network }: Evidence): Iterable<Problem> {
  for (const { service, servers } of services) {
    if (!isMarkService(service)) continue;
    const { family, fwmark } = service;
    const isRouted = network.rules.some((rule) => rule.family === family && rule.fwmark === fwmark);
    const packets = servers.reduce((sum, { counters }) => sum + (counters?.packetsIn ?? 0n), 0n);
    if (isRouted || packets > 0n || servers.some(isUsed) || servers.every(({ counters }) => counters === undefined))
      continue;
    yield { object: `service FWM ${fwmark}`, read: "no packet has come, and no rule routes packets with this mark" };
  }
}

const noWay: Readonly<Record<string, string>> = {
  blackhole: "a blackhole route",
  unreachable: "an unreachable route",
  prohibit: "a prohibit route",
  broadcast: "a broadcast address",
  multicast: "a multicast address",
};

function* findUnreachable(evidence: Evidence): Iterable<Problem> {
  for (const { service, server } of evidence.servers) {
    const route = evidence.route(server.address);
    const wrong = typeof route === "string" ? `there is no route (${route})` : noWay[route.type];
    if (wrong !== undefined) yield { object: serverText(service, server), read: wrong };
  }
}

function* findRouted(evidence: Evidence): Iterable<Problem> {
  for (const { service, server } of evidence.servers) {
    const route = evidence.route(server.address);
    if (server.forward !== "route" || typeof route === "string" || route.gateway === undefined) continue;
    yield { object: serverText(service, server), read: `the route to it leads via ${route.gateway}` };
  }
}

function* findSilentNeighbors(evidence: Evidence): Iterable<Problem> {
  for (const { service, server } of evidence.servers) {
    const route = evidence.route(server.address);
    if (typeof route === "string" || route.type !== "unicast") continue;
    const next = route.gateway ?? server.address;
    const neighbor = evidence.network.neighbors.find(
      (known) => known.address === next && known.interface === route.interface,
    );
    if (neighbor === undefined || !(neighbor.state & (NUD_FAILED | NUD_INCOMPLETE))) continue;
    const name = evidence.link(route.interface)?.name ?? "?";
    yield { object: serverText(service, server), read: `${next} does not answer on ${name}` };
  }
}

function* findRedirects(evidence: Evidence): Iterable<Problem> {
  const seen = new Set<string>();
  for (const { service, server } of evidence.servers) {
    if (server.forward !== "masq" || server.family !== "inet" || isMarkService(service)) continue;
    const link = evidence.linkTo(server.address);
    if (link === undefined || isInner(link) || seen.has(link.name)) continue;
    const isShared = evidence.linksWith(service.address).some(({ index }) => index === link.index);
    if (!isShared || evidence.effective("ipv4", link.name, "send_redirects") === 0) continue;
    seen.add(link.name);
    yield {
      object: `interface ${link.name}`,
      read: "send_redirects is 1, and the interface has the virtual address and the servers",
      commands: ["all", link.name].map((name) => setCommand(sendRedirects.replace("*", name), 0)),
    };
  }
}

export const reachChecks: readonly Check[] = [
  {
    id: "fwd4",
    title: "Forwarding of IPv4 is off",
    severity: "error",
    role: "director",
    methods: ["masq"],
    reads: ["services", "routes", ipForward],
    rule: "A masqueraded IPv4 server is on another machine, and ip_forward is 0.",
    why: "Without forwarding the kernel drops the replies of masqueraded servers.",
    remedy: "Turn it on, and keep it in a file of /etc/sysctl.d.",
    source: "measured; direct routing and tunnels work without",
    find: forwardingOf("inet", ipForward),
  },
  {
    id: "fwd6",
    title: "Forwarding of IPv6 is off",
    severity: "error",
    role: "director",
    methods: ["masq"],
    reads: ["services", "routes", forwarding6],
    rule: "A masqueraded IPv6 server is on another machine, and forwarding is 0.",
    why: "Without forwarding the kernel drops the replies of masqueraded servers.",
    remedy: "Turn it on, and keep it in a file of /etc/sysctl.d.",
    source: "measured",
    find: forwardingOf("inet6", forwarding6),
  },
  {
    id: "vip-local",
    title: "A virtual address is not on this machine",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["services", "addresses", "routes", "routing rules"],
    rule: "Packets to the virtual address of a service do not end on this machine. A hint where another director may have it.",
    why: "IPVS takes only packets that would be delivered to this machine. The others never reach a service.",
    remedy: "Add the address to an interface, or let the program do it that moves it between directors.",
    source: "Linux, net/netfilter/ipvs/ip_vs_core.c: the hooks are in LOCAL_IN and LOCAL_OUT",
    find: findStrangeAddresses,
  },
  {
    id: "vip-arp",
    title: "Nobody answers ARP for a virtual address",
    severity: "warning",
    role: "director",
    methods: allMethods,
    reads: ["services", "addresses", arpIgnore],
    rule: "An IPv4 address of a service is only on lo or a dummy interface, and arp_ignore is set on the interfaces of its network.",
    why: "Hosts of that network cannot find the director. Addresses that are announced by a routing protocol do not need ARP.",
    remedy: "Add the address to the outer interface.",
    source: "Linux, Documentation/networking/ip-sysctl.rst: arp_ignore",
    find: findSilentAddresses,
  },
  {
    id: "route",
    title: "There is no route to a server",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["services", "routes"],
    rule: "The kernel has no route to the server, or one that refuses packets.",
    why: "Clients that are given to this server get an ICMP error or no answer.",
    remedy: "Add a route, or the director's own address in the servers' network.",
    source: "Linux, net/netfilter/ipvs/ip_vs_xmit.c: __ip_vs_get_out_rt",
    find: findUnreachable,
  },
  {
    id: "dr-onlink",
    title: "A server with direct routing is behind a router",
    severity: "error",
    role: "director",
    methods: ["route"],
    reads: ["services", "routes"],
    rule: "The route to a server with direct routing leads via a gateway.",
    why: "Direct routing changes only the MAC address. The router gets a packet for the virtual address and sends it back.",
    remedy: "Connect the director to the servers' network, or use tunnels (-i).",
    source: "LVS-HOWTO, LVS-DR",
    find: findRouted,
  },
  {
    id: "neigh",
    title: "A server does not answer on its network",
    severity: "warning",
    role: "director",
    methods: allMethods,
    reads: ["services", "routes", "neighbors"],
    rule: "The kernel asked for the MAC address of the server, or of the gateway to it, and got no answer.",
    why: "The server is down, or its cable, switch port or VLAN is wrong. Its clients get no answer.",
    remedy: "Check the server and its network, or drain it.",
    source: "Linux, include/uapi/linux/neighbour.h: NUD_FAILED",
    find: findSilentNeighbors,
  },
  {
    id: "redirects",
    title: "The director sends servers past itself",
    severity: "warning",
    role: "director",
    methods: ["masq"],
    reads: ["services", "addresses", "routes", sendRedirects],
    rule: "A virtual address and its masqueraded servers are on one interface, and send_redirects is 1 for it or for all.",
    why:
      "The director tells the servers by ICMP redirects that clients of this network can be reached directly. Replies " +
      "then do not pass through it, and clients drop them.",
    remedy: "Turn redirects off, and keep it in a file of /etc/sysctl.d. The kernel turns them on with ip_forward.",
    source: "LVS-HOWTO, LVS-NAT in one network",
    find: findRedirects,
  },
  {
    id: "mark-rule",
    title: "No packet has come to the service of a firewall mark",
    severity: "hint",
    role: "director",
    methods: allMethods,
    reads: ["services", "counters", "routing rules"],
    rule: "The service of a firewall mark has received no packet, and no routing rule has the mark.",
    why:
      "Marked packets must be delivered to this machine: their destination must be one of its addresses, or a rule must " +
      "make it so. Firewall rules, which set the mark, cannot be read here.",
    remedy: "ip rule add fwmark MARK lookup 100 && ip route add local 0.0.0.0/0 dev lo table 100",
    source: "Linux, net/netfilter/ipvs/ip_vs_core.c: the hooks are in LOCAL_IN and LOCAL_OUT",
    find: findUnmarked,
  },
];
