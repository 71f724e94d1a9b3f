import { isMarkService } from "../../model/table.js";
import type { Check } from "../check.js";
import { allMethods } from "../check.js";
import { type Evidence, known, type ServerOfService } from "../evidence.js";
import { connectionsKey } from "../facts.js";
import type { Problem } from "../finding.js";
import { serverText, setCommand } from "../naming.js";

const opening = 10;
const packets = 100n;

const whyOpening: Readonly<Record<string, string>> = {
  masq: "on the server, the way back must lead through this director",
  route: "on the server, the virtual address must be on lo",
  tunnel: "on the server, the tunnel device must be up, without strict rp_filter, and the virtual address on lo",
};

function* findOpening({ servers, facts }: Evidence): Iterable<Problem> {
  const counts = known(facts.connections);
  for (const { service, server } of servers) {
    const count = counts.get(connectionsKey(isMarkService(service) ? "tcp" : service.protocol, server));
    if (count === undefined || count.established > 0 || count.total < opening || 2 * count.opening < count.total)
      continue;
    yield {
      object: serverText(service, server),
      read: `${count.opening} of ${count.total} connections are in SYN_RECV, and none is established`,
      advice: `${whyOpening[server.forward] ?? "look at the server"}; run there: ipvsadm doctor --role real-server`,
    };
  }
}

/** What the server had some seconds before. */
function earlierServer({ facts: { earlier } }: Evidence, { service, server }: ServerOfService) {
  if (earlier === undefined || "reason" in earlier.services) return undefined;
  const text = serverText(service, server);
  return earlier.services.value
    .flatMap((entry) => entry.servers.map((known) => ({ service: entry.service, server: known })))
    .find((each) => serverText(each.service, each.server) === text)?.server.counters;
}

function* findUnanswered(evidence: Evidence): Iterable<Problem> {
  for (const each of evidence.servers) {
    const { counters, forward } = each.server;
    if (counters === undefined || forward !== "masq") continue;
    const before = earlierServer(evidence, each) ?? { packetsIn: 0n, packetsOut: 0n };
    const [sent, received] = [counters.packetsIn - before.packetsIn, counters.packetsOut - before.packetsOut];
    if (sent <= packets || received !== 0n) continue;
    yield { object: serverText(each.service, each.server), read: `${sent} packets went to it and none came back` };
  }
}

function martianCount(text: string | undefined): number {
  const [title = "", ...rows] = (text ?? "").trim().split("\n");
  const column = title.split(/\s+/).indexOf("in_martian_src");
  return rows.reduce((sum, row) => sum + Number.parseInt(row.trim().split(/\s+/)[column] ?? "0", 16), 0);
}

const routeCache = "/proc/net/stat/rt_cache";

const acceptLocal = (name: string) => `/proc/sys/net/ipv4/conf/${name}/accept_local`;

function* findMartians(evidence: Evidence): Iterable<Problem> {
  const { earlier } = evidence.facts;
  const before = earlier?.files.get(routeCache);
  if (before === undefined || !("value" in before)) return;
  const direct = evidence.servers.filter(({ server }) => server.forward === "route" || server.forward === "tunnel");
  const more = martianCount(evidence.text(routeCache)) - martianCount(before.value);
  if (direct.length === 0 || more <= 0) return;
  const names = new Set(
    direct.map(({ server }) => evidence.linkTo(server.address)?.name).filter((name) => name !== "lo"),
  );
  yield {
    object: "this director",
    read: `in_martian_src of ${routeCache} rose by ${more}`,
    commands: Array.from(names, (name) => (name === undefined ? "" : setCommand(acceptLocal(name), 1))).filter(Boolean),
  };
}

export const liveChecks: readonly Check[] = [
  {
    id: "live-syn",
    title: "Replies of a server do not reach the clients",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["states of the connections of servers that have at least 10"],
    rule: "A server has at least 10 connections, at least half of them in SYN_RECV, and none is established.",
    why: "The client's packets go to the server, but its replies do not get back: every connection times out.",
    remedy: "Run `ipvsadm doctor --role real-server` on the server.",
    source: "measured: every broken way back looks like this",
    find: findOpening,
  },
  {
    id: "live-reply",
    title: "A server with masquerading does not answer through the director",
    severity: "error",
    role: "director",
    methods: ["masq"],
    reads: ["counters of the servers, now and with --watch some seconds before"],
    rule: "More than 100 packets went to the server, and none came back.",
    why: "The director has to translate the replies; a client drops those that reach it another way.",
    remedy:
      "Make this director the default gateway of the server: ip route replace default via ADDRESS OF THE DIRECTOR",
    source: "measured",
    find: findUnanswered,
  },
  {
    id: "martian",
    title: "The director drops the replies of servers for which it is the gateway",
    severity: "error",
    role: "director",
    methods: ["route", "tunnel"],
    reads: [routeCache],
    rule: "With --watch: in_martian_src rises, and there are servers with direct routing or tunnels.",
    why:
      "The replies of such servers have the virtual address as their source. It is the director's own, so the director " +
      "drops them if they come to it.",
    remedy:
      "Give the servers another gateway, or: sysctl -w net.ipv4.conf.INTERFACE.accept_local=1 for the servers' interface",
    source: "measured",
    find: findMartians,
  },
];
