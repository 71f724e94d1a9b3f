import type { Check } from "../check.js";
import { type Evidence, known } from "../evidence.js";
import type { Problem } from "../finding.js";
import { serviceText, setCommand } from "../naming.js";
import { findDeleted } from "./planned.js";
import { ipvsSetting, onDirector, settingOf, sysctlPage } from "./setting.js";

function* findQuiescent(evidence: Evidence): Iterable<Problem> {
  const persistent = evidence.services.find(({ service }) => service.persistent);
  const path = ipvsSetting("expire_quiescent_template");
  if (persistent === undefined || evidence.expectSetting(path) !== 0) return;
  yield {
    object: serviceText(persistent.service),
    read: `it is persistent, and ${path} is 0`,
    commands: [setCommand(path, 1)],
  };
}

function* findHanging(evidence: Evidence): Iterable<Problem> {
  const path = ipvsSetting("expire_nodest_conn");
  yield* findDeleted(evidence, 0, "its clients would hang");
  const owner = evidence.network.links.find(({ name }) => name === "kube-ipvs0");
  if (owner === undefined || evidence.expectSetting(path) !== 0) return;
  yield {
    object: settingOf(path, 0).object,
    read: "it is 0, and kube-proxy, which deletes servers, has its interface kube-ipvs0 here",
    commands: [setCommand(path, 1)],
  };
}

const defences = ["drop_entry", "drop_packet", "secure_tcp"];

function* findDefences(evidence: Evidence): Iterable<Problem> {
  for (const path of defences.map(ipvsSetting)) {
    const value = evidence.expectSetting(path);
    if (value < 2) continue;
    yield {
      object: settingOf(path, value).object,
      read: value === 2 ? "it is 2: memory is short, and the defence works now" : "it is 3: the defence always works",
      severity: value === 2 ? "error" : "warning",
      ...(value === 3 && { commands: [setCommand(path, 1)] }),
    };
  }
}

function* findCrowded(evidence: Evidence): Iterable<Problem> {
  const size = known(evidence.facts.tableSize);
  const connections = evidence.servers.reduce(
    (sum, { server: { activeConnections = 0, inactiveConnections = 0 } }) =>
      sum + activeConnections + inactiveConnections,
    0,
  );
  if (connections > 8 * size) {
    yield { object: "the connection table", read: `it has ${connections} connections in ${size} buckets` };
  }
}

/** Finds a setting with a wrong value on a machine with services. */
function valueCheck(path: string, wrong: (value: number) => boolean, right: number): Check["find"] {
  return function* (evidence) {
    const value = evidence.setting(path);
    if (value === undefined || !wrong(value) || evidence.services.length === 0) return;
    yield { ...settingOf(path, value), commands: [setCommand(path, right)] };
  };
}

function* findLongUdp(evidence: Evidence): Iterable<Problem> {
  const { udp } = known(evidence.facts.timeouts);
  const found = evidence.services.find(
    ({ service }) => "protocol" in service && service.protocol === "udp" && !service.onePacket,
  );
  if (found === undefined || udp <= 60) return;
  yield {
    object: serviceText(found.service),
    read: `the timeout of UDP is ${udp} s`,
    commands: ["ipvsadm --set 0 0 30"],
  };
}

function* findOddTcp({ facts: { timeouts }, services }: Evidence): Iterable<Problem> {
  const { tcp } = known(timeouts);
  if (services.length > 0 && (tcp > 3600 || tcp < 60)) {
    yield { object: "the timeout of TCP", read: `it is ${tcp} s`, commands: ["ipvsadm --set 900 0 0"] };
  }
}

const icmpSettings = ["schedule_icmp", "nat_icmp_send", "ignore_tunneled"];

function* findIcmp(evidence: Evidence): Iterable<Problem> {
  if (evidence.services.length === 0) return;
  for (const path of icmpSettings.map(ipvsSetting)) {
    const value = evidence.setting(path) ?? 0;
    if (value !== 0) yield { ...settingOf(path, value), commands: [setCommand(path, 0)] };
  }
}

export const settingChecks: readonly Check[] = [
  {
    ...onDirector,
    id: "quiescent",
    title: "A drained server keeps the clients of a persistent service",
    severity: "warning",
    reads: ["services", ipvsSetting("expire_quiescent_template")],
    rule: "A service is persistent, and expire_quiescent_template is 0.",
    why: "Clients that were on a server of weight 0 go on to it, also with new connections.",
    remedy: "Set it to 1, and keep it in a file of /etc/sysctl.d.",
    source: `measured: all new connections of a known client; ${sysctlPage}`,
    find: findQuiescent,
  },
  {
    ...onDirector,
    id: "nodest",
    title: "Clients of a deleted server hang",
    severity: "warning",
    reads: ["interfaces", ipvsSetting("expire_nodest_conn")],
    rule:
      "expire_nodest_conn is 0, and something here deletes servers: kube-proxy, as its interface kube-ipvs0 shows, or " +
      "the file of -f, in which a server with active connections is missing.",
    why: "Packets of connections to a deleted server are dropped without an answer, for up to 15 minutes.",
    remedy: "Set it to 1, and keep it in a file of /etc/sysctl.d.",
    source: "measured; kubernetes/kubernetes#71358",
    find: findHanging,
  },
  {
    ...onDirector,
    id: "udp-timeout",
    title: "UDP clients stay with a server for long",
    severity: "hint",
    reads: ["services", "timeouts"],
    rule: "There is a UDP service without one-packet scheduling, and the timeout of UDP is above 60 s.",
    why: "A client that keeps its port is not moved to another server before this time has passed without a packet.",
    remedy: "Lower the timeout, or use one-packet scheduling (-o).",
    source: "kubernetes/kubernetes#71514, #76664",
    find: findLongUdp,
  },
  {
    ...onDirector,
    id: "tcp-timeout",
    title: "The timeout of TCP is unusual",
    severity: "hint",
    reads: ["timeouts"],
    rule: "The timeout of idle TCP connections is below 60 s or above an hour.",
    why: "A connection that is idle for longer is forgotten and then reset. A long timeout fills the table.",
    remedy: "Choose it longer than the keepalive interval of the clients.",
    source: "ipvsadm(8), --set",
    find: findOddTcp,
  },
  {
    ...onDirector,
    id: "defence",
    title: "A defence against floods drops connections",
    severity: "warning",
    reads: defences.map(ipvsSetting),
    rule: "drop_entry, drop_packet or secure_tcp is 3 (always). At 2, memory is short now: an error.",
    why: "The kernel drops packets or entries of clients at random.",
    remedy: "Set it to 1, where the kernel decides. If it is 2, add memory or lower amemthresh.",
    source: sysctlPage,
    find: findDefences,
  },
  {
    ...onDirector,
    id: "tab-bits",
    title: "The connection table has too few buckets",
    severity: "warning",
    reads: ["size of the connection table", "numbers of connections"],
    rule: "There are more than 8 connections per bucket.",
    why: "Every packet searches a long list.",
    remedy: "Write options ip_vs conn_tab_bits=20 to a file of /etc/modprobe.d, and load the module again.",
    source: "Linux, net/netfilter/ipvs/ip_vs_conn.c",
    find: findCrowded,
  },
  {
    ...onDirector,
    id: "est",
    title: "Rates and counters stand still",
    severity: "warning",
    reads: ["services", ipvsSetting("run_estimation")],
    rule: "run_estimation is 0.",
    why: "The kernel does not add up what its processors count, so listings and monitoring show no traffic.",
    remedy: "Set it to 1.",
    source: sysctlPage,
    find: valueCheck(ipvsSetting("run_estimation"), (value) => value === 0, 1),
  },
  {
    ...onDirector,
    id: "cache-bypass",
    title: "Packets for services without a server go on to their destination",
    severity: "hint",
    reads: ["services", ipvsSetting("cache_bypass")],
    rule: "cache_bypass is 1.",
    why: "It is meant for transparent caches. For other services it hides that no server is left.",
    remedy: "Set it to 0.",
    source: sysctlPage,
    find: valueCheck(ipvsSetting("cache_bypass"), (value) => value === 1, 0),
  },
  {
    ...onDirector,
    id: "pmtu",
    title: "Tunnels ignore the path MTU",
    severity: "hint",
    methods: ["tunnel"],
    reads: ["services", ipvsSetting("pmtu_disc")],
    rule: "pmtu_disc is 0, and there are servers with tunnels.",
    why: "Packets that are too large for the tunnel are fragmented, although the client forbids it.",
    remedy: "Set it to 1, unless ICMP is filtered on the way to the clients.",
    source: sysctlPage,
    *find(evidence) {
      const path = ipvsSetting("pmtu_disc");
      if (!evidence.servers.some(({ server }) => server.forward === "tunnel") || evidence.setting(path) !== 0) return;
      yield { ...settingOf(path, 0), commands: [setCommand(path, 1)] };
    },
  },
  {
    ...onDirector,
    id: "icmp",
    title: "ICMP or tunneled packets are treated in an unusual way",
    severity: "hint",
    reads: ["services", ...icmpSettings.map(ipvsSetting)],
    rule: "schedule_icmp, nat_icmp_send or ignore_tunneled is not 0.",
    why:
      "schedule_icmp gives ICMP errors of unknown connections to servers, nat_icmp_send answers servers whose connections " +
      "are unknown by ICMP, and ignore_tunneled leaves alone what comes in a tunnel. Each has its uses, and surprises " +
      "people who do not know of it.",
    remedy: "Set it to 0, unless it is intended.",
    source: sysctlPage,
    find: findIcmp,
  },
  {
    ...onDirector,
    id: "userns",
    title: "The settings of IPVS are hidden",
    severity: "hint",
    reads: [ipvsSetting("conn_reuse_mode")],
    rule: "The kernel has IPVS, and no folder /proc/sys/net/ipv4/vs.",
    why: "In a network namespace of another user namespace the kernel hides these settings, so they cannot be examined.",
    remedy: "Run it on the host, in the network namespace: nsenter --net=FILE ipvsadm doctor",
    source: "Linux, net/netfilter/ipvs/ip_vs_ctl.c: ip_vs_control_net_init_sysctl",
    *find(evidence) {
      if (!known(evidence.facts.hasIpvs) || evidence.text(ipvsSetting("conn_reuse_mode")) !== undefined) return;
      yield { object: "/proc/sys/net/ipv4/vs", read: "it does not exist" };
    },
  },
];
