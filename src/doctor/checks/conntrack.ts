import type { Check } from "../check.js";
import { type Evidence, known } from "../evidence.js";
import type { Problem } from "../finding.js";
import { setCommand } from "../naming.js";
import { ipvsSetting, onDirector, releaseFile, releaseNumber, settingOf, sysctlPage } from "./setting.js";

const conntrackCount = "/proc/sys/net/netfilter/nf_conntrack_count";
const conntrackMax = "/proc/sys/net/netfilter/nf_conntrack_max";
const conntrackTimeout = "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established";

function* findDelayedReuse(evidence: Evidence): Iterable<Problem> {
  const mode = evidence.setting(ipvsSetting("conn_reuse_mode"));
  const isOld = releaseNumber(evidence.text(releaseFile)) < 5.009;
  if (!isOld || mode !== 1 || evidence.setting(ipvsSetting("conntrack")) !== 1) return;
  yield {
    object: "net.ipv4.vs.conn_reuse_mode",
    read: `it is 1, conntrack is 1, and the kernel is ${evidence.text(releaseFile)}`.trim(),
  };
}

function* findStuckReuse(evidence: Evidence): Iterable<Problem> {
  const path = ipvsSetting("conn_reuse_mode");
  if (evidence.services.length === 0 || evidence.setting(path) !== 0) return;
  if (releaseNumber(evidence.text(releaseFile)) < 5.009) return;
  yield { ...settingOf(path, 0), commands: [setCommand(path, 1)] };
}

function* findUntracked(evidence: Evidence): Iterable<Problem> {
  const count = evidence.setting(conntrackCount) ?? 0;
  const path = ipvsSetting("conntrack");
  if (!evidence.servers.some(({ server }) => server.forward === "masq")) return;
  if (count === 0 || evidence.setting(path) !== 0) return;
  yield { object: "net.ipv4.vs.conntrack", read: `it is 0, and nf_conntrack has ${count} connections` };
}

function* findFullConntrack(evidence: Evidence): Iterable<Problem> {
  const [count, max] = [evidence.setting(conntrackCount), evidence.setting(conntrackMax)];
  if (evidence.setting(ipvsSetting("conntrack")) !== 1 || count === undefined || max === undefined || max === 0) return;
  const share = Math.round((100 * count) / max);
  if (share <= 80) return;
  yield {
    object: "nf_conntrack",
    read: `it has ${count} of ${max} connections (${share} %)`,
    severity: share > 95 ? "error" : "warning",
    commands: [setCommand(conntrackMax, 2 * max)],
  };
}

function* findLongConntrack(evidence: Evidence): Iterable<Problem> {
  const timeout = evidence.setting(conntrackTimeout);
  if (evidence.setting(ipvsSetting("conntrack")) !== 1 || timeout === undefined) return;
  const { tcp } = known(evidence.facts.timeouts);
  if (timeout <= 4 * tcp) return;
  yield {
    object: "nf_conntrack_tcp_timeout_established",
    read: `it is ${timeout} s, and that of IPVS ${tcp} s`,
    commands: [setCommand(conntrackTimeout, tcp)],
  };
}

export const conntrackChecks: readonly Check[] = [
  {
    ...onDirector,
    id: "reuse-delay",
    title: "Connections from a reused port wait for a second",
    severity: "warning",
    methods: ["masq"],
    reads: [ipvsSetting("conn_reuse_mode"), ipvsSetting("conntrack"), releaseFile],
    rule: "The kernel is older than 5.9, and conntrack and conn_reuse_mode are 1.",
    why: "The first packet of a connection from a port that was used before is dropped.",
    remedy: "Use a kernel from 5.9 on.",
    source: "kubernetes/kubernetes#70747, #93297",
    find: findDelayedReuse,
  },
  {
    ...onDirector,
    id: "reuse-stuck",
    title: "A reused port stays with its server",
    severity: "warning",
    reads: ["services", ipvsSetting("conn_reuse_mode"), releaseFile],
    rule: "conn_reuse_mode is 0, and the kernel is 5.9 or newer.",
    why: "A client that uses a port again gets the server that it had, even if that is drained.",
    remedy: "Set it to 1, and keep it in a file of /etc/sysctl.d.",
    source: `kubernetes/kubernetes#81775; ${sysctlPage}`,
    find: findStuckReuse,
  },
  {
    ...onDirector,
    id: "ct-needed",
    title: "Connection tracking does not see the packets of IPVS",
    severity: "hint",
    methods: ["masq"],
    reads: ["services", ipvsSetting("conntrack"), conntrackCount],
    rule: "nf_conntrack has connections, conntrack is 0, and there are masqueraded servers.",
    why: "Firewall rules by connection state, and source NAT for IPVS, do not work for these packets.",
    remedy: "If you use such rules: sysctl -w net.ipv4.vs.conntrack=1 (it costs time per packet)",
    source: sysctlPage,
    find: findUntracked,
  },
  {
    ...onDirector,
    id: "ct-full",
    title: "The table of connection tracking is full",
    severity: "warning",
    reads: [ipvsSetting("conntrack"), conntrackCount, conntrackMax],
    rule: "conntrack is 1, and nf_conntrack has more than 80 % of its connections. An error above 95 %.",
    why: "When the table is full, packets of new connections are dropped.",
    remedy: "Raise nf_conntrack_max, and keep it in a file of /etc/sysctl.d.",
    source: "Linux, Documentation/networking/nf_conntrack-sysctl.rst",
    find: findFullConntrack,
  },
  {
    ...onDirector,
    id: "ct-timeout",
    title: "Connection tracking keeps connections much longer than IPVS",
    severity: "hint",
    reads: [ipvsSetting("conntrack"), conntrackTimeout, "timeouts"],
    rule: "conntrack is 1, and the timeout of established connections is more than four times that of IPVS.",
    why: "Entries pile up that no packet can use any more.",
    remedy: "Set it to the timeout of IPVS.",
    source: "Linux, Documentation/networking/nf_conntrack-sysctl.rst",
    find: findLongConntrack,
  },
];
