/** What else takes the packets of a service. */
import { isMarkService } from "../../model/table.js";
import type { Check } from "../check.js";
import { type Evidence, known } from "../evidence.js";
import { connectionsKey } from "../facts.js";
import type { Problem } from "../finding.js";
import { serviceText } from "../naming.js";
import { listens, socketFiles } from "../sockets.js";
import { onDirector } from "./setting.js";

function* findShadowed({ services, facts }: Evidence): Iterable<Problem> {
  const marked = new Set(services.flatMap(({ service }) => (isMarkService(service) ? [service.family] : [])));
  if (facts.isPlanned || marked.size === 0) return;
  // No service here counts the connections of another director.
  if (known(facts.daemons).some(({ state }) => state === "backup")) return;
  const uncounted = known(facts.uncounted);
  for (const { service } of services) {
    if (isMarkService(service) || !marked.has(service.family)) continue;
    const count = uncounted.get(connectionsKey(service.protocol, service)) ?? 0;
    if (count === 0) continue;
    yield {
      object: serviceText(service),
      read: `there are ${count} connections to its address, and its servers have none: a service of a firewall mark takes them`,
    };
  }
}

function* findListeners(evidence: Evidence): Iterable<Problem> {
  for (const { service, servers } of evidence.services) {
    if (isMarkService(service) || service.protocol !== "tcp" || service.port === 0) continue;
    const { family, address, port } = service;
    if (!evidence.isLocal(address) || !listens(evidence, family, address, port)) continue;
    if (servers.some((server) => server.forward === "local" || evidence.isLocal(server.address))) continue;
    yield { object: serviceText(service), read: `a program of this machine listens on port ${port}, too` };
  }
}

export const claimChecks: readonly Check[] = [
  {
    ...onDirector,
    id: "mark-shadow",
    title: "A service of a firewall mark takes the packets of another",
    severity: "hint",
    reads: ["services", "connections", "sync daemons"],
    rule:
      "There are connections to the address and port of a service whose servers have none, and a service of a firewall " +
      "mark of its family.",
    why: "The kernel looks for the mark of a packet first, and for its address only where no service has this mark.",
    remedy: "Leave these packets out of the firewall rule that sets the mark, or remove the service of the address.",
    source: "Linux, net/netfilter/ipvs/ip_vs_ctl.c: ip_vs_service_find",
    find: findShadowed,
  },
  {
    ...onDirector,
    id: "local-listen",
    title: "A local program would take over a service",
    severity: "hint",
    reads: ["services", "routes", ...socketFiles],
    rule: "A TCP socket of this machine listens on the address and port of a service whose servers are all elsewhere.",
    why:
      "While the service exists, clients do not reach the program. When it is removed, or the table flushed, they do, " +
      "which may surprise you.",
    remedy: "Let the program listen on another address or port, unless it is meant as a fallback.",
    source: "Linux, net/netfilter/ipvs/ip_vs_core.c: the hooks are in LOCAL_IN and LOCAL_OUT",
    find: findListeners,
  },
];
