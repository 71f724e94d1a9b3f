import { checks } from "../../src/doctor/checks.js";
import type { FactReading, Facts, Subject } from "../../src/doctor/facts.js";
import type { InterfaceAddress } from "../../src/rtnetlink/interface-address.js";
import type { Link } from "../../src/rtnetlink/link.js";
import type { Route } from "../../src/rtnetlink/route.js";
import { counters, server, service } from "./entries.js";

export const loopback: Link = { index: 1, name: "lo", flags: 0x10049, mtu: 65536 };
export const front: Link = { index: 2, name: "front", flags: 0x11043, mtu: 1500, kind: "veth" };
export const lan: Link = { index: 3, name: "lan", flags: 0x11043, mtu: 1500, kind: "veth" };

export function address(text: string, link: Link, prefixLength: number, scope = 0): InterfaceAddress {
  const family = text.includes(":") ? "inet6" : "inet";
  return { family, address: text, prefixLength, interface: link.index, scope };
}

export const ownAddresses = [
  address("127.0.0.1", loopback, 8, 254),
  address("10.0.1.1", front, 24),
  address("10.0.2.1", lan, 24),
  address("fd00:2::1", lan, 64),
];

export const toLan: { readonly value: Route } = { value: { type: "unicast", interface: lan.index } };
export const toLocal: FactReading<Route> = { value: { type: "local", interface: loopback.index } };
export const noRoute: FactReading<Route> = { reason: "ENETUNREACH" };

/** What the settings are on a director in order, where it is not 0. */
const usual: Readonly<Record<string, string>> = {
  "/proc/sys/net/ipv4/ip_forward": "1\n",
  "/proc/sys/net/ipv6/conf/all/forwarding": "1\n",
  "/proc/sys/kernel/osrelease": "6.1.0-13-amd64\n",
  "/proc/sys/net/ipv4/vs/conn_reuse_mode": "1\n",
  "/proc/sys/net/ipv4/vs/run_estimation": "1\n",
  "/proc/sys/net/ipv4/vs/pmtu_disc": "1\n",
  "/proc/sys/net/netfilter/nf_conntrack_max": "1000\n",
  "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established": "900\n",
  "/proc/modules": "ip_vs_wlc 16384 1 - Live 0x0\nip_vs 1 1 - Live 0x0\n",
  "/lib/modules/RELEASE/modules.builtin": "kernel/net/netfilter/ipvs/ip_vs_rr.ko\n",
  "/lib/modules/RELEASE/modules.dep":
    "kernel/net/netfilter/ipvs/ip_vs_sh.ko.xz: kernel/net/netfilter/ipvs/ip_vs.ko.xz\n",
  "/proc/sys/net/ipv4/vs/sync_threshold": "3\t50\n",
  "/proc/sys/net/ipv4/neigh/default/gc_thresh3": "1024\n",
  "/proc/sys/net/ipv6/neigh/default/gc_thresh3": "1024\n",
  "/proc/net/stat/arp_cache": "entries  allocs\n00000010 00000011\n",
  "/proc/net/stat/ndisc_cache": "entries  allocs\n00000010 00000011\n",
  "/proc/net/stat/rt_cache": "entries  in_martian_dst in_martian_src\n00000000 00000000 00000000\n",
};

/** Every file that the checks read, with usual contents. */
function usualFiles(links: readonly Link[]): Map<string, FactReading<string>> {
  const names = ["all", ...links.map(({ name }) => name)];
  const paths = checks
    .flatMap(({ reads }) => reads)
    .filter((path) => path.startsWith("/"))
    .flatMap((path) => (path.includes("*") ? names.map((name) => path.replace("*", name)) : [path]));
  return new Map(paths.map((path) => [path, { value: usual[path] ?? "0\n" }]));
}

export interface FactsChanges extends Partial<Omit<Facts, "files" | "routes" | "subject" | "network">> {
  readonly subject?: Partial<Subject>;
  readonly network?: Partial<Extract<Facts["network"], { value: unknown }>["value"]>;
  /** Routes besides those of the usual addresses. */
  readonly routes?: Readonly<Record<string, FactReading<Route>>>;
  /** Contents of files besides the usual ones; null: there is no such file. */
  readonly files?: Readonly<Record<string, string | null>>;
}

const usualServices: Facts["services"] = {
  value: [
    {
      service: service({ address: "10.0.1.100", counters: counters(5n, 50n, 50n) }),
      servers: [server({ address: "10.0.2.11" })],
    },
  ],
};

/** A director with one masqueraded service on two networks, in order, with what is to be different. */
export function makeFacts({ subject, network, routes, files = {}, ...changes }: FactsChanges = {}): Facts {
  const links = network?.links ?? [loopback, front, lan];
  const contents = usualFiles(links);
  for (const [path, text] of Object.entries(files)) {
    contents.set(path, text === null ? { reason: "No such file or directory", isMissing: true } : { value: text });
  }
  return {
    subject: { role: "director", vips: [], method: "route", ...subject },
    isPlanned: false,
    time: Date.parse("2026-11-26T12:00:00Z"),
    hasIpvs: { value: true },
    services: usualServices,
    current: changes.services ?? usualServices,
    timeouts: { value: { tcp: 900, tcpFin: 120, udp: 300 } },
    daemons: { value: [] },
    tableSize: { value: 4096 },
    connections: { value: new Map() },
    uncounted: { value: new Map() },
    network: {
      value: {
        links,
        addresses: [...ownAddresses, address("10.0.1.100", front, 32)],
        neighbors: [],
        rules: [],
        ...network,
      },
    },
    routes: new Map(Object.entries({ "10.0.1.100": toLocal, "10.0.2.11": toLan, ...routes })),
    files: contents,
    programs: { value: new Set() },
    boot: { value: new Map() },
    overrides: { value: [] },
    ...changes,
  };
}
