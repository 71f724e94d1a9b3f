/** The rest of the machine: its programs, its settings at boot, held weights, neighbors. */
import { overrideIdentity } from "../../model/override.js";
import type { Check } from "../check.js";
import { type Evidence, known, Unread } from "../evidence.js";
import type { Problem } from "../finding.js";
import { serverOption, serverText, serviceOption, setCommand } from "../naming.js";
import { bootSource, overridesSource, programsSource, tableWriters } from "../sources.js";
import { onDirector } from "./setting.js";

const keepalivedFile = "/etc/keepalived/keepalived.conf";

/** Undefined where it cannot be known: another file can be in use, or this one include others. */
function writesTable(text: string | undefined): boolean | undefined {
  if (text === undefined || /^\s*include/m.test(text)) return undefined;
  return /^\s*virtual_server/m.test(text);
}

function* findWriters(evidence: Evidence): Iterable<Problem> {
  const programs = known(evidence.facts.programs);
  const running: string[] = tableWriters.filter((name) => programs.has(name));
  const ofKube = evidence.network.links.some(({ name }) => name === "kube-ipvs0") && !programs.has("kube-proxy");
  if (ofKube) running.push("kube-proxy (which left the interface kube-ipvs0)");
  const keepalived = running.includes("keepalived") ? writesTable(evidence.text(keepalivedFile)) : undefined;
  const writers = running.filter((name) => name !== "keepalived" || keepalived !== false);
  if (writers.length < 2) return;
  const isSure = !ofKube && (!writers.includes("keepalived") || keepalived === true);
  yield {
    object: "the table",
    read: `${writers.join(" and ")} run here`,
    ...(isSure ? {} : { severity: "hint" as const }),
  };
}

/** The settings that matter to directors and real servers. */
const ours =
  /^\/proc\/sys\/net\/(ipv4\/(vs\/|ip_forward$|conf\/.*\/(rp_filter|arp_ignore|arp_announce|send_redirects|accept_local)$|neigh\/)|ipv6\/conf\/.*\/forwarding$|netfilter\/nf_conntrack)/;

const spaced = (text: string) => text.trim().split(/\s+/).join(" ");

function* findForgotten({ facts }: Evidence): Iterable<Problem> {
  for (const [path, { value, now, file }] of known(facts.boot) ?? []) {
    if (now === undefined || !ours.test(path) || spaced(now) === spaced(value)) continue;
    const name = path.replace("/proc/sys/", "").replaceAll("/", ".");
    yield { object: name, read: `it is ${spaced(now)}, and ${file} sets it to ${spaced(value)} at boot` };
  }
}

const day = 24 * 60 * 60 * 1000;

function* findOldOverrides({ facts }: Evidence): Iterable<Problem> {
  const overrides = known(facts.overrides);
  if (overrides.length === 0) return;
  const servers = new Set(
    known(facts.current).flatMap((entry) =>
      entry.servers.map((server) => overrideIdentity({ service: entry.service, destination: server })),
    ),
  );
  for (const override of overrides) {
    const { service, destination, weight, kind, since, reason } = override;
    const age = facts.time - Date.parse(since);
    if (age <= day || !servers.has(overrideIdentity(override))) continue;
    const why = reason === undefined ? "" : `, ${reason}`;
    yield {
      object: serverText(service, destination),
      read: `its weight has been held at ${weight} for ${Math.floor(age / day)} d (${kind} since ${since}${why})`,
      commands: [`ipvsadm undrain ${serviceOption(service)} ${serverOption(destination)}`],
    };
  }
}

const neighborTables = [
  { name: "IPv4", limit: "/proc/sys/net/ipv4/neigh/default/gc_thresh3", count: "/proc/net/stat/arp_cache" },
  { name: "IPv6", limit: "/proc/sys/net/ipv6/neigh/default/gc_thresh3", count: "/proc/net/stat/ndisc_cache" },
] as const;

/** Half of the limit that a kernel has by default. */
const manyNeighbors = 512;

function* findManyNeighbors(evidence: Evidence): Iterable<Problem> {
  for (const { name, limit, count } of neighborTables) {
    const most = evidence.setting(limit);
    const row = evidence.text(count)?.split("\n")[1];
    if (most === undefined || row === undefined) {
      // The limit is that of the whole machine, and only its first network namespace shows it.
      if (evidence.network.neighbors.length < manyNeighbors) continue;
      throw new Unread(`${limit} is not shown in this network namespace`);
    }
    const entries = Number.parseInt(row.trim().split(/\s+/)[0] ?? "", 16);
    if (!(entries > 0.8 * most)) continue;
    yield {
      object: `the neighbors of ${name}`,
      read: `there are ${entries}, and ${limit} is ${most}`,
      commands: [setCommand(limit, 2 * Math.max(most, entries))],
    };
  }
}

export const machineChecks: readonly Check[] = [
  {
    ...onDirector,
    id: "owner",
    title: "More than one program writes the table",
    severity: "warning",
    reads: [programsSource, "interfaces", keepalivedFile],
    rule:
      "Two of keepalived (with a virtual_server in its file), ldirectord, kube-proxy and kube-router run in this network " +
      "namespace. A hint where it is not sure that they write.",
    why: "Each removes or changes what the others write: services vanish, or flap.",
    remedy: "Leave the table to one of them. kube-proxy can be given --ipvs-exclude-cidrs.",
    source: "kubernetes/kubernetes#59507",
    find: findWriters,
  },
  {
    ...onDirector,
    id: "boot",
    title: "A setting differs from what is set at boot",
    severity: "hint",
    reads: [bootSource],
    rule: "In the first network namespace: a file of sysctl.d gives a setting that matters to IPVS another value than it has.",
    why: "After the next boot the setting has the other value.",
    remedy: "Write the value that you want to the file, or set it now: sysctl --system",
    source: "sysctl.d(5)",
    find: findForgotten,
  },
  {
    ...onDirector,
    id: "overrides",
    title: "A server has been drained for a long time",
    severity: "hint",
    reads: [overridesSource, "services"],
    rule: "ipvsadm drain, ipvsadm ramp or ipvsadm set --hold has held the weight of a server for more than a day.",
    why: "Whoever took it out may have forgotten it. Files that are applied do not change its weight.",
    remedy: "Give the weight back: ipvsadm undrain",
    source: "ipvsadm-drain(8)",
    find: findOldOverrides,
  },
  {
    ...onDirector,
    id: "gc-thresh",
    title: "The table of neighbors is full",
    severity: "warning",
    reads: neighborTables.flatMap(({ limit, count }) => [limit, count]),
    rule:
      "The kernel knows more than 80 % of gc_thresh3 neighbors. Only the first network namespace shows the limit; in " +
      "others the check is unknown from 512 neighbors on.",
    why: "When the table is full, packets to further hosts of the networks are dropped.",
    remedy: "Raise gc_thresh3, and with it gc_thresh2 and gc_thresh1, and keep them in a file of /etc/sysctl.d.",
    source: "Linux, Documentation/networking/ip-sysctl.rst: neigh/default/gc_thresh3",
    find: findManyNeighbors,
  },
];
