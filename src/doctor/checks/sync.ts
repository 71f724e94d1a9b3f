import { IFF_MULTICAST, IFF_UP } from "../../rtnetlink/constants.js";
import { allMethods, type Check } from "../check.js";
import { type Evidence, known } from "../evidence.js";
import type { Problem } from "../finding.js";
import { quoteWord, serviceText, setCommand } from "../naming.js";
import { addressMovers, programsSource } from "../sources.js";
import { ipvsSetting, onDirector, sysctlPage } from "./setting.js";

/** IPv4 and UDP headers of a sync message. */
const syncHeaders = 28;

const daemonsOf = ({ facts }: Evidence) => known(facts.daemons);
const hasBackup = (evidence: Evidence) => daemonsOf(evidence).some(({ state }) => state === "backup");
const hasMaster = (evidence: Evidence) => daemonsOf(evidence).some(({ state }) => state === "master");

function* findSyncInterfaces(evidence: Evidence): Iterable<Problem> {
  for (const { state, interface: name, syncMaxLength } of daemonsOf(evidence)) {
    const object = `${state} sync daemon on ${name}`;
    const link = evidence.network.links.find((known) => known.name === name);
    if (link === undefined) {
      yield { object, read: "there is no such interface" };
      continue;
    }
    const word = quoteWord(name);
    if (!(link.flags & IFF_UP)) yield { object, read: "the interface is down", commands: [`ip link set ${word} up`] };
    if (!(link.flags & IFF_MULTICAST)) {
      yield { object, read: "the interface has no multicast", commands: [`ip link set ${word} multicast on`] };
    }
    if (syncMaxLength !== undefined && syncMaxLength > link.mtu - syncHeaders) {
      yield {
        object,
        read: `its messages have up to ${syncMaxLength} bytes, and the MTU of the interface is ${link.mtu}`,
        commands: [`ip link set ${word} mtu ${syncMaxLength + syncHeaders}`],
      };
    }
  }
}

function* findMixedSync(evidence: Evidence): Iterable<Problem> {
  if (daemonsOf(evidence).length === 0) return;
  const mixed = evidence.servers.find(({ service, server }) => service.family !== server.family);
  if (mixed !== undefined) {
    yield {
      object: `server ${mixed.server.address}`,
      read: "its family differs from its service's, and a sync daemon runs",
    };
  }
}

function* findLoops(evidence: Evidence): Iterable<Problem> {
  const path = ipvsSetting("backup_only");
  if (!hasBackup(evidence) || evidence.expectSetting(path) !== 0) return;
  const own = evidence.servers.find(({ server }) => server.forward !== "masq" && evidence.isLocal(server.address));
  if (own === undefined) return;
  const object = `server ${own.server.address}`;
  // Beside a master the setting would turn IPVS off: it asks only whether a backup daemon runs.
  if (hasMaster(evidence)) {
    yield {
      object,
      read: "it is this machine, and both a master and a backup sync daemon run",
      advice: `First stop the backup daemon of the director that has the virtual address, then set ${path} to 1.`,
    };
    return;
  }
  yield {
    object,
    read: `it is this machine, a backup sync daemon runs, and ${path} is 0`,
    commands: [setCommand(path, 1)],
  };
}

function* findIpvsOff(evidence: Evidence): Iterable<Problem> {
  const path = ipvsSetting("backup_only");
  if (!hasBackup(evidence) || !hasMaster(evidence) || evidence.expectSetting(path) === 0) return;
  yield {
    object: "net.ipv4.vs.backup_only",
    read: "it is 1, and both a master and a backup sync daemon run",
    commands: [setCommand(path, 0)],
  };
}

function* findStrictSync(evidence: Evidence): Iterable<Problem> {
  const sloppy = ipvsSetting("sloppy_tcp");
  if (!hasBackup(evidence) || evidence.setting(ipvsSetting("sync_persist_mode")) !== 1) return;
  if (evidence.setting(sloppy) !== 0) return;
  yield {
    object: "net.ipv4.vs.sloppy_tcp",
    read: "it is 0, sync_persist_mode is 1, and a backup sync daemon runs",
    commands: [setCommand(sloppy, 1)],
  };
}

function* findLostHashes(evidence: Evidence): Iterable<Problem> {
  const sloppy = ipvsSetting("sloppy_tcp");
  const hashed = evidence.services.find(({ service: { scheduler } }) => scheduler === "mh");
  if (hashed === undefined || daemonsOf(evidence).length > 0 || evidence.setting(sloppy) !== 0) return;
  const programs = known(evidence.facts.programs);
  const mover = addressMovers.find((name) => programs.has(name));
  if (mover === undefined) return;
  yield {
    object: serviceText(hashed.service),
    read: `its scheduler is mh, ${mover} runs here, no sync daemon does, and ${sloppy} is 0`,
    commands: [setCommand(sloppy, 1)],
  };
}

/** More packets than an interactive connection has within the timeout of TCP. */
const longPeriod = 500;
const usualTimeout = 900;

function* findRareSync(evidence: Evidence): Iterable<Problem> {
  const refresh = ipvsSetting("sync_refresh_period");
  if (!hasMaster(evidence) || evidence.setting(refresh) !== 0) return;
  const [, period = 0] = (evidence.text(ipvsSetting("sync_threshold")) ?? "").trim().split(/\s+/).map(Number);
  const { tcp } = known(evidence.facts.timeouts);
  const isRare = period === 0 || period > longPeriod;
  if (!isRare && tcp <= usualTimeout) return;
  yield {
    object: "the master sync daemon",
    read: isRare
      ? `sync_period (the second number of sync_threshold) is ${period}, and sync_refresh_period is 0`
      : `the timeout of TCP is ${tcp} s, and sync_refresh_period is 0`,
    commands: [setCommand(refresh, 10)],
  };
}

export const syncChecks: readonly Check[] = [
  {
    id: "sync-if",
    title: "The interface of a sync daemon cannot carry its messages",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["sync daemons", "interfaces"],
    rule: "The interface of a sync daemon does not exist, is down, has no multicast, or has too small an MTU.",
    why: "The other directors do not get the connections, and a failover breaks them.",
    remedy: "Fix the interface, or start the daemon on another one: ipvsadm --start-daemon",
    source: "Linux, net/netfilter/ipvs/ip_vs_sync.c",
    find: findSyncInterfaces,
  },
  {
    id: "sync-mixed",
    title: "Sync daemons exclude servers of another family",
    severity: "error",
    role: "director",
    methods: ["tunnel"],
    reads: ["services", "sync daemons"],
    rule: "A server is of another address family than its service, and there is a sync daemon.",
    why: "Sync messages cannot describe such a server: the kernel refuses the one or the other.",
    remedy: "Stop the sync daemon, or use servers of the same family.",
    source: "Linux, net/netfilter/ipvs/ip_vs_ctl.c: mixed_address_family_dests",
    find: findMixedSync,
  },
  {
    id: "backup-only",
    title: "A backup director that is also a server can loop packets",
    severity: "warning",
    role: "director",
    methods: ["route", "tunnel"],
    reads: ["services", "sync daemons", "routes", ipvsSetting("backup_only")],
    rule: "A backup sync daemon runs, a server is this machine, and backup_only is 0.",
    why: "The backup distributes again what the master gives to it as a server, and packets go round in circles.",
    remedy:
      "Set backup_only to 1, and keep it in a file of /etc/sysctl.d: IPVS then leaves all packets alone while a backup daemon runs. " +
      "It does so beside a master daemon too. Where both run, first stop the backup daemon of the director that has the " +
      "virtual address, and switch the daemons when it moves.",
    source: "measured; Linux, Documentation/networking/ipvs-sysctl.rst: backup_only",
    find: findLoops,
  },
  {
    id: "backup-only-off",
    title: "backup_only turns IPVS off beside a master daemon",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["sync daemons", ipvsSetting("backup_only")],
    rule: "A master and a backup sync daemon run, and backup_only is 1.",
    why: "The setting asks only whether a backup daemon runs: IPVS then leaves all packets alone, also those that it has to distribute.",
    remedy:
      "Set backup_only to 0, or stop the backup daemon of the director that has the virtual address, and switch the daemons " +
      "when it moves.",
    source: "measured; Linux, Documentation/networking/ipvs-sysctl.rst: backup_only",
    find: findIpvsOff,
  },
  {
    id: "persist-mode",
    title: "A backup director does not take over connections",
    severity: "warning",
    role: "director",
    methods: allMethods,
    reads: ["sync daemons", ipvsSetting("sync_persist_mode"), ipvsSetting("sloppy_tcp")],
    rule: "A backup sync daemon runs, sync_persist_mode is 1, and sloppy_tcp is 0.",
    why:
      "Of persistent services only templates are synchronized. After a failover their connections are known only if they " +
      "may begin in their middle.",
    remedy: "Set sloppy_tcp to 1, and keep it in a file of /etc/sysctl.d.",
    source: "Linux, Documentation/networking/ipvs-sysctl.rst: sync_persist_mode",
    find: findStrictSync,
  },
  {
    ...onDirector,
    id: "mh-failover",
    title: "A director that takes over does not know the connections of the other",
    severity: "hint",
    reads: ["services", "sync daemons", ipvsSetting("sloppy_tcp"), programsSource],
    rule:
      "A service has the scheduler mh, sloppy_tcp is 0, no sync daemon runs, and a program does that moves or shares " +
      "addresses, such as keepalived or bird.",
    why: "mh gives a client the same server on every director, but a connection is known only if it may begin in its middle.",
    remedy: "Set sloppy_tcp to 1 on all directors, and keep it in a file of /etc/sysctl.d.",
    source: `${sysctlPage}: sloppy_tcp`,
    find: findLostHashes,
  },
  {
    ...onDirector,
    id: "sync-threshold",
    title: "Quiet connections are rarely synchronized",
    severity: "hint",
    reads: ["sync daemons", "timeouts", ipvsSetting("sync_threshold"), ipvsSetting("sync_refresh_period")],
    rule:
      "A master sync daemon runs, sync_refresh_period is 0, and either sync_period is 0 or above 500, or the timeout of " +
      "TCP was raised above 900 s, as it is for connections that are idle for long.",
    why:
      "A connection is synchronized again only after sync_period packets. One with fewer expires on the backup, and a " +
      "failover breaks it.",
    remedy: "Set sync_refresh_period, in seconds, and keep it in a file of /etc/sysctl.d.",
    source: `${sysctlPage}: sync_threshold, sync_refresh_period`,
    find: findRareSync,
  },
];
