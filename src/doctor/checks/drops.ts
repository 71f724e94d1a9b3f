/** Packets that the kernel drops, as its counters show while they are watched. */
import { isMarkService } from "../../model/table.js";
import type { Check } from "../check.js";
import { type Evidence, faraway, isInner, type ServerOfService } from "../evidence.js";
import type { Problem } from "../finding.js";
import { serviceText, setCommand } from "../naming.js";
import { onDirector } from "./setting.js";
import { overheadOf } from "./tunnel-overhead.js";

const routeCache = "/proc/net/stat/rt_cache";
const netstat = "/proc/net/netstat";
const snmp = "/proc/net/snmp";
const snmp6 = "/proc/net/snmp6";
const rpFilter = "/proc/sys/net/ipv4/conf/*/rp_filter";
const acceptLocal = "/proc/sys/net/ipv4/conf/*/accept_local";

/** A sum over processors, in a file with a line of titles. */
function martiansIn(text: string): number {
  const [title = "", ...rows] = text.trim().split("\n");
  const column = title.split(/\s+/).indexOf("in_martian_src");
  return rows.reduce((sum, row) => sum + Number.parseInt(row.trim().split(/\s+/)[column] ?? "0", 16), 0);
}

/** A number in a file that has, for each group, a line of names and a line of values. */
function numberOf(group: string, name: string) {
  return (text: string): number | undefined => {
    const [names = [], values = []] = text
      .split("\n")
      .filter((line) => line.startsWith(`${group}:`))
      .map((line) => line.split(" "));
    const value = Number(values[names.indexOf(name)]);
    return Number.isNaN(value) ? undefined : value;
  };
}

/** A number in a file with a name and a value on each line. */
function numberOnLine(name: string) {
  return (text: string): number | undefined => {
    const value = new RegExp(`^${name}\\s+(\\d+)$`, "m").exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
}

const filteredIn = numberOf("TcpExt", "IPReversePathFilter");

function* findMartians(evidence: Evidence): Iterable<Problem> {
  const direct = evidence.servers.filter(({ server }) => server.forward === "route" || server.forward === "tunnel");
  // What rp_filter drops is counted in both files.
  const more = (evidence.rise(routeCache, martiansIn) ?? 0) - (evidence.rise(netstat, filteredIn) ?? 0);
  if (direct.length === 0 || more <= 0) return;
  const names = new Set(
    direct.flatMap(({ server }) => evidence.linkTo(server.address)?.name ?? []).filter((name) => name !== "lo"),
  );
  yield {
    object: "this director",
    read: `in_martian_src of ${routeCache} rose by ${more}`,
    commands: Array.from(names, (name) => setCommand(acceptLocal.replace("*", name), 1)),
  };
}

function* findFiltered(evidence: Evidence): Iterable<Problem> {
  const more = evidence.rise(netstat, filteredIn) ?? 0;
  if (more <= 0 || evidence.services.length === 0) return;
  const indexes = new Set(evidence.network.addresses.map((address) => address.interface));
  const strict = evidence.network.links
    .filter((link) => indexes.has(link.index) && !isInner(link))
    .filter(({ name }) => evidence.effective("ipv4", name, "rp_filter") === 1);
  if (strict.length === 0) return;
  yield {
    object: strict.map(({ name }) => `interface ${name}`).join(", "),
    read: `rp_filter is 1, and IPReversePathFilter of ${netstat} rose by ${more}`,
    commands: strict.map(({ name }) => setCommand(rpFilter.replace("*", name), 2)),
  };
}

/** The MTU of the interface by which packets for a service come, as far as it is known. */
function mtuOfClients(evidence: Evidence, { service }: ServerOfService): number | undefined {
  const links = isMarkService(service)
    ? []
    : [...evidence.linksWith(service.address), ...evidence.linksNear(service.family, service.address)];
  const outer = links.find((link) => !isInner(link)) ?? evidence.linkTo(faraway[service.family]);
  return outer?.mtu;
}

function* findTooLarge(evidence: Evidence): Iterable<Problem> {
  const rises = {
    inet: evidence.rise(snmp, numberOf("Icmp", "OutDestUnreachs")) ?? 0,
    inet6: evidence.rise(snmp6, numberOnLine("Icmp6OutPktTooBigs")) ?? 0,
  };
  const seen = new Set<string>();
  for (const each of evidence.servers.filter(({ server }) => server.forward === "tunnel")) {
    const { service, server } = each;
    const route = evidence.route(server.address);
    const refused = rises[service.family];
    if (refused <= 0 || typeof route === "string" || seen.has(serviceText(service))) continue;
    // Clients of a service without a server get the same kind of message.
    if (service.family === "inet" && evidence.services.some(({ servers }) => servers.every((one) => one.weight === 0)))
      continue;
    const inner = (route.mtu ?? evidence.link(route.interface)?.mtu ?? 0) - overheadOf(server);
    const outer = mtuOfClients(evidence, each);
    if (outer === undefined || outer <= inner) continue;
    seen.add(serviceText(service));
    yield {
      object: serviceText(service),
      read:
        `its tunnels take packets of up to ${inner} bytes, clients' packets have up to ${outer}, ` +
        `and the director refused ${refused} meanwhile`,
    };
  }
}

export const dropChecks: readonly Check[] = [
  {
    ...onDirector,
    id: "martian",
    title: "The director drops the replies of servers for which it is the gateway",
    severity: "error",
    methods: ["route", "tunnel"],
    reads: [routeCache, netstat],
    rule:
      "With --watch: in_martian_src rises, by more than what rp_filter drops, and there are servers with direct " +
      "routing or tunnels.",
    why:
      "The replies of such servers have the virtual address as their source. It is the director's own, so the director " +
      "drops them if they come to it.",
    remedy:
      "Give the servers another gateway, or: sysctl -w net.ipv4.conf.INTERFACE.accept_local=1 for the servers' interface",
    source: "measured",
    find: findMartians,
  },
  {
    ...onDirector,
    id: "rpfilter",
    title: "The director drops packets that come by another way than the one back",
    severity: "warning",
    reads: [netstat, "services", "interfaces", rpFilter],
    rule: "With --watch: IPReversePathFilter rises, and rp_filter is 1 (strict) on an interface.",
    why:
      "The strict filter takes packets for forged if the route back to their sender leaves by another interface. " +
      "Clients or servers behind it get no answer.",
    remedy: "Set rp_filter to 2 (loose) on the interface, and keep it in a file of /etc/sysctl.d.",
    source: "measured; Linux, Documentation/networking/ip-sysctl.rst: rp_filter",
    find: findFiltered,
  },
  {
    ...onDirector,
    id: "tun-mtu",
    title: "Clients' packets are too large for a tunnel",
    severity: "warning",
    methods: ["tunnel"],
    reads: ["services", "routes", "interfaces", snmp, snmp6],
    rule:
      "With --watch: the director sends ICMP for packets that it cannot forward, and the tunnels to the servers of a " +
      "service take smaller packets than the interface by which they come.",
    why:
      "The director asks the client for smaller packets by ICMP. Where that is filtered, connections hang as soon as " +
      "the client sends much.",
    remedy:
      "Let the servers ask clients for smaller segments: ipvsadm doctor --role real-server --method tunnel --vip ADDRESS " +
      "has the command. Or raise the MTU between director and servers.",
    source: "measured; Linux, net/netfilter/ipvs/ip_vs_xmit.c: ensure_mtu_is_adequate",
    find: findTooLarge,
  },
];
