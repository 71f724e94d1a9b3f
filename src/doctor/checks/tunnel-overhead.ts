import type { Check } from "../check.js";
import { type Evidence, faraway } from "../evidence.js";
import type { ExaminedServer } from "../facts.js";
import type { Problem } from "../finding.js";
import { quoteWord } from "../naming.js";

const outerHeaders = { inet: 20, inet6: 40 } as const;
const tcpHeaders = { inet: 40, inet6: 60 } as const;

/** By how many bytes the tunnel to a server makes packets longer. */
export function overheadOf({ family, tunnel: { type, checksum } }: Pick<ExaminedServer, "family" | "tunnel">): number {
  const outer = outerHeaders[family];
  if (type === "ipip") return outer;
  if (type === "gre") return outer + (checksum === "csum" ? 8 : 4);
  // UDP and GUE; the option of remote checksums has a private flag and a field.
  return outer + 12 + (checksum === "remcsum" ? 8 : 0);
}

const usualMtu = 1500;

function* findLargeSegments(evidence: Evidence): Iterable<Problem> {
  for (const family of new Set(evidence.facts.subject.vips.map((vip) => vip.family))) {
    const route = evidence.route(faraway[family]);
    if (typeof route === "string") continue;
    const link = evidence.link(route.interface);
    const mtu = route.mtu ?? link?.mtu ?? usualMtu;
    const overhead = outerHeaders[family];
    const largest = Math.min(mtu, usualMtu) - overhead - tcpHeaders[family];
    // Clients' packets fit a network of larger ones, tunnel and all.
    if (mtu >= usualMtu + overhead || (route.advmss ?? mtu) <= largest) continue;
    const via = route.gateway === undefined ? "" : ` via ${route.gateway}`;
    const dev = link === undefined ? "" : ` dev ${quoteWord(link.name)}`;
    yield {
      object: `the default route of ${family === "inet" ? "IPv4" : "IPv6"}`,
      read:
        route.advmss === undefined
          ? `it has no advmss, and its MTU is ${mtu}`
          : `its advmss is ${route.advmss}, and its MTU ${mtu}`,
      commands: [`ip ${family === "inet" ? "" : "-6 "}route change default${via}${dev} advmss ${largest}`],
    };
  }
}

export const tunnelChecks: readonly Check[] = [
  {
    id: "rs-mss",
    title: "Clients may send packets that are too large for the tunnel",
    severity: "hint",
    role: "real-server",
    methods: ["tunnel"],
    reads: ["routes", "interfaces"],
    rule: "The default route has no advmss that leaves room for the header of a tunnel, and its MTU is not larger than usual.",
    why:
      "Clients fill packets as the server lets them. Those that do not fit the tunnel are refused by the director, by " +
      "ICMP, which firewalls may drop: such connections hang.",
    remedy: "Set advmss on the default route, and keep it in the network configuration.",
    source: "measured; ip-route(8), advmss",
    find: findLargeSegments,
  },
];
