import { isMarkService } from "../../model/table.js";
import type { Check } from "../check.js";
import { allMethods } from "../check.js";
import { type Evidence, known, type ServerOfService, virtualAddresses } from "../evidence.js";
import { connectionsKey } from "../facts.js";
import type { Problem } from "../finding.js";
import { serverText, serviceText } from "../naming.js";
import { isAstray } from "./reach.js";

const opening = 10;
const packets = 100n;

const whyOpening: Readonly<Record<string, string>> = {
  masq: "on the server, the way back must lead through this director",
  route: "on the server, the virtual address must be on lo",
  tunnel: "on the server, the tunnel device must be up, without strict rp_filter, and the virtual address on lo",
};

/** The command that examines a server, as far as it is known here. */
function commandThere(evidence: Evidence, { service, server }: ServerOfService): string {
  const method = server.forward === "local" ? "route" : server.forward;
  const vip = isMarkService(service) ? "ADDRESS" : service.address;
  const port = isMarkService(service) || server.forward === "masq" ? "" : `:${service.port}`;
  const route = evidence.route(server.address);
  const director = (typeof route === "string" ? undefined : route.source) ?? "ADDRESS";
  return (
    `ipvsadm doctor --role real-server --method ${method} --vip ${port !== "" && vip.includes(":") ? `[${vip}]` : vip}${port}` +
    (server.forward === "masq" ? ` --director ${director}` : "")
  );
}

function* findOpening(evidence: Evidence): Iterable<Problem> {
  const counts = known(evidence.facts.connections);
  for (const { service, server } of evidence.servers) {
    const count = counts.get(connectionsKey(isMarkService(service) ? "tcp" : service.protocol, server));
    if (count === undefined || count.established > 0 || count.total < opening || 2 * count.opening < count.total)
      continue;
    yield {
      object: serverText(service, server),
      read: `${count.opening} of ${count.total} connections are in SYN_RECV, and none is established`,
      advice: `${whyOpening[server.forward] ?? "look at the server"}; run there: ${commandThere(evidence, { service, server })}`,
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

function* findUnvisited(evidence: Evidence): Iterable<Problem> {
  const { services, facts } = evidence;
  if (facts.isPlanned) return;
  const addresses = virtualAddresses(services).filter(({ family, address }) => isAstray(evidence, family, address));
  for (const { service } of services) {
    if (isMarkService(service) || service.counters?.connections !== 0n) continue;
    if (!addresses.some(({ address }) => address === service.address)) continue;
    yield { object: serviceText(service), read: "no connection has come, and its address is on no interface" };
  }
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
    remedy: "Run `ipvsadm doctor --role real-server` on the server, with the options that the finding names.",
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
    id: "live-none",
    title: "No connection comes to a service",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["services", "counters", "addresses", "routes", "routing rules"],
    rule: "A service has counted no connection, and vip-local finds that its address is not here.",
    why: "The packets of its clients do not reach IPVS at all, so no list of connections shows them.",
    remedy: "See the finding vip-local.",
    source: "measured",
    find: findUnvisited,
  },
];
