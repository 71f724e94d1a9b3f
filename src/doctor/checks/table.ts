import { fallbackFlagOf, hasFallback, hashingSchedulers, unweightedSchedulers } from "../../model/scheduler-flags.js";
import { isMarkService } from "../../model/table.js";
import { allMethods, type Check } from "../check.js";
import type { Evidence } from "../evidence.js";
import type { ExaminedServer } from "../facts.js";
import type { Problem } from "../finding.js";
import { serverOption, serverText, serviceOption, serviceText } from "../naming.js";

const methodOptions = { masq: "-m", route: "-g", tunnel: "-i", local: "-g" } as const;

/** Whether the server has as many connections as its upper threshold allows. */
function isFull({ upperThreshold, activeConnections = 0, inactiveConnections = 0 }: ExaminedServer): boolean {
  return upperThreshold > 0 && activeConnections + inactiveConnections >= upperThreshold;
}

function takesNobody(server: ExaminedServer): boolean {
  return server.weight === 0 || isFull(server);
}

function* findEmpty({ services, facts }: Evidence): Iterable<Problem> {
  for (const { service, servers } of services) {
    if (servers.some(({ weight }) => weight > 0)) continue;
    const [first] = servers;
    // A tunnel has more settings than a short command could keep.
    const canRestore =
      first !== undefined && first.forward !== "tunnel" && !facts.isPlanned && first.upperThreshold === 0;
    yield {
      object: serviceText(service),
      read: servers.length === 0 ? "it has no server" : "all of its servers have weight 0",
      ...(canRestore && {
        commands: [`ipvsadm -e ${serviceOption(service)} ${serverOption(first)} ${methodOptions[first.forward]} -w 1`],
      }),
    };
  }
}

function* findOverloaded({ services }: Evidence): Iterable<Problem> {
  for (const { service, servers } of services) {
    const full = servers.filter((server) => server.weight > 0 && isFull(server));
    const isWhole = full.length > 0 && servers.every(takesNobody);
    for (const server of full) {
      const { activeConnections = 0, inactiveConnections = 0, upperThreshold } = server;
      yield {
        object: serverText(service, server),
        read: `it has ${activeConnections + inactiveConnections} connections, and its upper threshold is ${upperThreshold}`,
        ...(isWhole && { severity: "error" as const }),
      };
    }
  }
}

function* findHashed({ services, facts }: Evidence): Iterable<Problem> {
  for (const { service, servers } of services) {
    const { scheduler, schedulerFlags, persistent, onePacket } = service;
    if (!hashingSchedulers.includes(scheduler) || hasFallback(service)) continue;
    const flag = fallbackFlagOf(scheduler) && `${scheduler}-fallback`;
    const quiet = servers.find(takesNobody);
    if (servers.length < 2 || (quiet === undefined && flag === undefined)) continue;
    const flags = [flag, ...(schedulerFlags.includes(2) ? [`${scheduler}-port`] : [])].join(",");
    // The command replaces every setting, so it is given only where there are no others.
    const isPlain = !persistent && !onePacket && !schedulerFlags.includes(3);
    const remedy =
      isPlain && !facts.isPlanned
        ? { commands: [`ipvsadm -E ${serviceOption(service)} -s ${scheduler} -b ${flags}`] }
        : { advice: `add the scheduler flag ${flag} to the service` };
    yield {
      object: serviceText(service),
      read:
        quiet === undefined
          ? `its scheduler ${scheduler} has no flag ${flag}`
          : `its scheduler is ${scheduler}${flag === undefined ? "" : ` without ${flag}`}, and ${quiet.address} takes no connections`,
      ...(quiet === undefined && { severity: "hint" as const }),
      ...(flag !== undefined && remedy),
    };
  }
}

function* findIgnoredWeights({ services }: Evidence): Iterable<Problem> {
  for (const { service, servers } of services) {
    const weights = new Set(servers.map(({ weight }) => weight).filter((weight) => weight > 0));
    if (!unweightedSchedulers.includes(service.scheduler) || weights.size < 2) continue;
    yield {
      object: serviceText(service),
      read: `its scheduler is ${service.scheduler}, and its servers have the weights ${[...weights].join(", ")}`,
    };
  }
}

function* findMappedPorts({ servers }: Evidence): Iterable<Problem> {
  for (const { service, server } of servers) {
    if (isMarkService(service) || server.forward === "masq" || server.port === service.port) continue;
    if (server.forward === "local") continue;
    yield {
      object: serverText(service, server),
      read: `its port is ${server.port}, and that of the service ${service.port}`,
    };
  }
}

function* findLocalMapped(evidence: Evidence): Iterable<Problem> {
  for (const { service, server } of evidence.servers) {
    if (isMarkService(service) || server.forward !== "masq" || server.port === service.port) continue;
    if (evidence.isLocal(server.address)) {
      yield {
        object: serverText(service, server),
        read: "its address is one of this machine, and its port another one",
      };
    }
  }
}

function* findFtp(evidence: Evidence): Iterable<Problem> {
  for (const { service, servers } of evidence.services) {
    if (isMarkService(service) || service.protocol !== "tcp" || service.port !== 21) continue;
    if (!servers.some(({ forward }) => forward === "masq") || hasModule(evidence, "ip_vs_ftp")) continue;
    yield {
      object: serviceText(service),
      read: "it has masqueraded servers, and the module ip_vs_ftp is not loaded",
      commands: ["modprobe ip_vs_ftp"],
    };
  }
}

export const modulesFile = "/proc/modules";
export const builtinFile = "/lib/modules/RELEASE/modules.builtin";

/** Whether the kernel has a module loaded or built in. */
export function hasModule(evidence: Evidence, name: string): boolean {
  const loaded = evidence.text(modulesFile) ?? "";
  const builtin = evidence.text(builtinFile) ?? "";
  return loaded.split("\n").some((line) => line.startsWith(`${name} `)) || builtin.includes(`/${name}.ko`);
}

export const tableChecks: readonly Check[] = [
  {
    id: "module",
    title: "The kernel has no IPVS",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["whether /proc/net/ip_vs exists"],
    rule: "The file does not exist.",
    why: "Without the module ip_vs there is no table.",
    remedy: "Load the module, and write its name to a file of /etc/modules-load.d.",
    source: "Linux, net/netfilter/ipvs/ip_vs_ctl.c",
    *find({ facts: { hasIpvs } }) {
      if (!("value" in hasIpvs) || hasIpvs.value) return;
      yield { object: "the kernel", read: "it has no IPVS", commands: ["modprobe ip_vs"] };
    },
  },
  {
    id: "no-server",
    title: "A service has no server that takes connections",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["services"],
    rule: "A service has no server, or only servers of weight 0.",
    why: "Every client gets an ICMP port unreachable, which it takes for a refused connection.",
    remedy: "Add a server, or give one a weight above 0.",
    source: "Linux, net/netfilter/ipvs/ip_vs_core.c: ip_vs_leave",
    find: findEmpty,
  },
  {
    id: "overload",
    title: "A server has as many connections as it may have",
    severity: "warning",
    role: "director",
    methods: allMethods,
    reads: ["services", "numbers of connections"],
    rule: "A server has reached its upper threshold. An error where no server of the service is left.",
    why: "It gets no new connection until it is below its lower threshold.",
    remedy: "Add servers, or raise the threshold: ipvsadm -e ... -x NUMBER",
    source: "Linux, net/netfilter/ipvs/ip_vs_core.c: IP_VS_DEST_F_OVERLOAD",
    find: findOverloaded,
  },
  {
    id: "hash-quiet",
    title: "A hashing scheduler gives clients to a server that takes none",
    severity: "error",
    role: "director",
    methods: allMethods,
    reads: ["services", "numbers of connections"],
    rule:
      "The scheduler is sh, dh or mh without its fallback flag, and a server has weight 0 or is overloaded. A hint where " +
      "only the flag is missing.",
    why: "The server keeps its share of the clients, and all of these are refused.",
    remedy: "Add the flag sh-fallback or mh-fallback to the service. The scheduler dh has none: use another one.",
    source: "measured: half of the clients were refused",
    find: findHashed,
  },
  {
    id: "weight-ignored",
    title: "The scheduler does not look at weights",
    severity: "hint",
    role: "director",
    methods: allMethods,
    reads: ["services"],
    rule: "The scheduler is rr, lc or dh, and the servers have different weights.",
    why: "These schedulers know only weight 0 and weight above 0.",
    remedy: "Use wrr or wlc: ipvsadm -E ... -s wlc",
    source: "Linux, net/netfilter/ipvs/ip_vs_rr.c, ip_vs_lc.c, ip_vs_dh.c",
    find: findIgnoredWeights,
  },
  {
    id: "port-map",
    title: "The port of a server differs where it cannot",
    severity: "error",
    role: "director",
    methods: ["route", "tunnel"],
    reads: ["services"],
    rule: "A server with direct routing or a tunnel has another port than its service.",
    why: "Only masquerading can change the port of a packet. The server gets it for the port of the service.",
    remedy: "Give the server the port of the service, or use masquerading.",
    source: "ipvsadm(8)",
    find: findMappedPorts,
  },
  {
    id: "dest-local",
    title: "The port of a local server is not translated",
    severity: "warning",
    role: "director",
    methods: ["masq"],
    reads: ["services", "routes"],
    rule: "A masqueraded server is an address of this machine, and its port differs from the port of the service.",
    why: "Packets are delivered here without masquerading, so they arrive at the port of the service.",
    remedy: "Let the local server listen on the port of the service.",
    source: "LVS-HOWTO, localnode",
    find: findLocalMapped,
  },
  {
    id: "ftp",
    title: "FTP is masqueraded without its helper",
    severity: "warning",
    role: "director",
    methods: ["masq"],
    reads: ["services", modulesFile, builtinFile],
    rule: "A TCP service on port 21 has masqueraded servers, and ip_vs_ftp is not loaded.",
    why: "Data connections of FTP are not translated, so transfers hang.",
    remedy: "Load the module, and write its name to a file of /etc/modules-load.d.",
    source: "Linux, net/netfilter/ipvs/ip_vs_ftp.c",
    find: findFtp,
  },
];
