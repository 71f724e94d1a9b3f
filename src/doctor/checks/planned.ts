import { overrideIdentity } from "../../model/override.js";
import type { Check } from "../check.js";
import { type Evidence, known } from "../evidence.js";
import type { Problem } from "../finding.js";
import { serverOption, serverText, serviceOption, serviceText } from "../naming.js";
import { ipvsSetting, onDirector, releaseFile, releaseNumber, sysctlPage } from "./setting.js";
import { builtinFile, hasModule, modulesFile } from "./table.js";

const installedFile = "/lib/modules/RELEASE/modules.dep";

/** Whether a module is loaded, built in, or can be loaded. */
function canHave(evidence: Evidence, name: string): boolean {
  if (hasModule(evidence, name)) return true;
  const installed = evidence.text(installedFile);
  return installed === undefined || new RegExp(`/${name}\\.ko[.\\w]*:`).test(installed);
}

function* findMissing(evidence: Evidence, nameOf: (entry: Evidence["services"][number]) => string | undefined) {
  if (!evidence.facts.isPlanned) return;
  const seen = new Set<string>();
  for (const entry of evidence.services) {
    const name = nameOf(entry);
    if (name === undefined || seen.has(name) || canHave(evidence, name)) continue;
    seen.add(name);
    yield { object: serviceText(entry.service), read: `the kernel has no module ${name}` };
  }
}

/** What needs a newer kernel than this one, with the first release that has it. */
function* findTooNew(evidence: Evidence): Iterable<Problem> {
  if (!evidence.facts.isPlanned) return;
  const text = evidence.text(releaseFile)?.trim();
  const lacks = (first: number) => releaseNumber(text) < first;
  for (const { service } of evidence.services) {
    if (service.scheduler === "mh" && lacks(4.018)) {
      yield { object: serviceText(service), read: `the kernel is ${text}, and the scheduler mh needs 4.18` };
    }
  }
  for (const { service, server } of evidence.servers) {
    const { type, checksum } = server.tunnel;
    if (server.forward !== "tunnel" || type === "ipip") continue;
    const [needed, name] = type === "gre" || checksum !== "nocsum" ? [5.003, "5.3"] : [5.002, "5.2"];
    if (lacks(needed)) {
      yield {
        object: serverText(service, server),
        read: `the kernel is ${text}, and its ${type} tunnel needs ${name}`,
      };
    }
  }
}

/** Servers with active connections that a file of -f lacks, where expire_nodest_conn has the value. */
export function* findDeleted(evidence: Evidence, value: number, effect: string): Iterable<Problem> {
  const { isPlanned, hasIpvs, current } = evidence.facts;
  if (!isPlanned || !known(hasIpvs)) return;
  const kept = new Set(
    evidence.servers.map(({ service, server }) => overrideIdentity({ service, destination: server })),
  );
  for (const { service, servers } of known(current)) {
    for (const server of servers) {
      const { activeConnections = 0 } = server;
      if (activeConnections === 0 || kept.has(overrideIdentity({ service, destination: server }))) continue;
      if (evidence.expectSetting(nodestSetting) !== value) return;
      yield {
        object: serverText(service, server),
        read: `the file does not have it, and it has ${activeConnections} active connections: ${effect}`,
        commands: [`ipvsadm drain ${serviceOption(service)} ${serverOption(server)}`],
      };
    }
  }
}

const nodestSetting = ipvsSetting("expire_nodest_conn");

const stopsApply = { ...onDirector, severity: "error" } as const;

export const plannedChecks: readonly Check[] = [
  {
    ...stopsApply,
    id: "sched-module",
    title: "The kernel has no module for a scheduler",
    reads: ["services of -f FILE", modulesFile, builtinFile, installedFile],
    rule: "The module of a scheduler is not loaded, built in or installed.",
    why: "The kernel refuses the service.",
    remedy: "Install the module ip_vs_NAME, or use another scheduler. Check the spelling.",
    source: "Linux, net/netfilter/ipvs/ip_vs_sched.c: ip_vs_scheduler_get",
    find: (evidence) =>
      findMissing(evidence, ({ service: { scheduler } }) =>
        scheduler === "none" || scheduler === "" ? undefined : `ip_vs_${scheduler}`,
      ),
  },
  {
    ...stopsApply,
    id: "pe-module",
    title: "The kernel has no module for a persistence engine",
    reads: ["services of -f FILE", modulesFile, builtinFile, installedFile],
    rule: "The module of a persistence engine is not loaded, built in or installed.",
    why: "The kernel refuses the service.",
    remedy: "Install the module ip_vs_pe_NAME. Check the spelling.",
    source: "Linux, net/netfilter/ipvs/ip_vs_pe.c",
    find: (evidence) => findMissing(evidence, ({ service: { engine } }) => engine && `ip_vs_pe_${engine}`),
  },
  {
    ...stopsApply,
    id: "versions",
    title: "The kernel is too old",
    reads: ["services of -f FILE", releaseFile],
    rule: "gue needs Linux 5.2, gre and checksums of tunnels 5.3, the scheduler mh 4.18.",
    why: "An older kernel refuses the service, or sends packets in another kind of tunnel.",
    remedy: "Use a newer kernel, or another tunnel or scheduler.",
    source: "Linux, history of include/uapi/linux/ip_vs.h",
    find: findTooNew,
  },
  {
    ...onDirector,
    id: "nodest-cut",
    title: "Applying the file cuts connections",
    severity: "hint",
    reads: ["services", "services of -f FILE", nodestSetting],
    rule: "expire_nodest_conn is 1, and a server with active connections is not in the file.",
    why: "With this setting the kernel ends all connections of a server as soon as it is deleted.",
    remedy: "Drain the server first: ipvsadm drain",
    source: `measured; ${sysctlPage}: expire_nodest_conn`,
    find: (evidence) => findDeleted(evidence, 1, "they end at once"),
  },
];
