/** What users should know before they drain a server, from what the kernel does (Linux 6.1). */
import type { DesiredService } from "../model/desired.js";
import { serviceIdentity } from "../model/identity.js";
import { overrideIdentity } from "../model/override.js";
import { type DestinationLoad, isMarkService, type Service, type Timeouts } from "../model/table.js";
import type { DeadlineAction } from "./drain-wait.js";
import type { KernelSettings } from "./kernel-settings.js";
import type { Hit } from "./prepare-weights.js";

/** What a drain does in the end. */
export interface DrainEnding {
  readonly waits: boolean;
  readonly isDeleted: boolean;
  readonly atDeadline: DeadlineAction;
}

const prefix = "net.ipv4.vs";

/** Whether connections of the service have no state that shows that they are over. */
export function isUdpService(service: Service): boolean {
  return !isMarkService(service) && service.protocol === "udp" && !service.onePacket;
}

/** Remarks in advance, one sentence each. `longestTemplate` is in seconds. */
export function drainRemarks(
  hits: readonly Hit[],
  settings: KernelSettings,
  timeouts: Timeouts,
  longestTemplate: number | undefined,
): string[] {
  const has = (fits: (hit: Hit) => boolean) => hits.some(fits);
  const remarks: string[] = [];
  if (has(({ service }) => service.persistent)) {
    if (settings.expireQuiescentTemplate === 0) {
      const until =
        longestTemplate === undefined ? "" : `; without new connections, the longest lasts ${longestTemplate} s more`;
      remarks.push(
        `persistence: known clients keep coming to a server of weight 0, as ${prefix}.expire_quiescent_template is 0` +
          `${until}; to stop that: sysctl -w ${prefix}.expire_quiescent_template=1`,
      );
    } else if (settings.expireQuiescentTemplate === undefined) {
      remarks.push(
        `persistence: known clients keep coming to a server of weight 0 unless ${prefix}.expire_quiescent_template is 1, ` +
          "and that cannot be read",
      );
    }
  }
  if (has(({ service }) => isUdpService(service))) {
    const advice =
      settings.expireNodestConn === 1
        ? `${prefix}.expire_nodest_conn is 1, so --then delete --no-wait moves them to other servers`
        : `with ${prefix}.expire_nodest_conn=1, --then delete --no-wait would move them to other servers`;
    remarks.push(
      `UDP: a client that keeps its port stays with a server of weight 0, until it is silent for ${timeouts.udp} s; ${advice}`,
    );
  }
  if (has(({ service }) => service.onePacket)) {
    remarks.push("one-packet scheduling: each packet is scheduled for itself, so there is nothing to wait for");
  }
  if (settings.connReuseMode === 0) {
    remarks.push(
      `a client that uses one port again and again stays with the server, as ${prefix}.conn_reuse_mode is 0`,
    );
  }
  if (has(({ destination }) => destination.forward === "route" || destination.forward === "tunnel")) {
    remarks.push(
      "the director does not see the answers of the server, so it takes a connection that the client has closed for " +
        `one that still sends, up to ${timeouts.tcpFin} s`,
    );
  }
  return remarks;
}

/** A remark on services whose other servers reach their upper thresholds with the present connections. */
export function crowdRemarks(services: readonly DesiredService[], hits: readonly Hit[]): string[] {
  const drained = new Set(hits.map(overrideIdentity));
  const crowded = services.flatMap(({ service, destinations }) => {
    const serving = destinations.filter(({ weight }) => weight > 0);
    const others = serving.filter((destination) => !drained.has(overrideIdentity({ service, destination })));
    const isLimited = others.length > 0 && others.every(({ upperThreshold }) => upperThreshold > 0);
    if (!isLimited || others.length === serving.length) return [];
    const room = others.reduce((sum, { upperThreshold }) => sum + upperThreshold, 0);
    const connections = serving.reduce((sum, one) => sum + connectionsOf(one), 0);
    return connections < room ? [] : [{ name: serviceIdentity(service), room, connections }];
  });
  const [first] = crowded;
  if (first === undefined) return [];
  const more = crowded.length > 1 ? `, and ${crowded.length - 1} other services are like that` : "";
  return [
    `thresholds: the other servers of ${first.name} take new clients up to ${first.room} connections, and there are ` +
      `${first.connections}: others are refused${more}`,
  ];
}

/** Only a table that was read has the numbers. */
function connectionsOf({ activeConnections = 0, inactiveConnections = 0 }: Partial<DestinationLoad>): number {
  return activeConnections + inactiveConnections;
}

/** Why a server may not be deleted with connections; undefined where it may. */
export function obstacleToDeletion(
  hits: readonly Hit[],
  { expireNodestConn }: KernelSettings,
  { waits, isDeleted, atDeadline }: DrainEnding,
): string | undefined {
  const deletesAtOnce = isDeleted && !waits;
  if (!deletesAtOnce && atDeadline !== "delete") return undefined;
  if (hits.some(({ service }) => isUdpService(service)) && expireNodestConn !== 1) {
    return (
      `packets of UDP clients that keep their port would be lost after the deletion, unless ${prefix}.expire_nodest_conn is 1\n` +
      `first: sysctl -w ${prefix}.expire_nodest_conn=1`
    );
  }
  if (!deletesAtOnce || !hits.some(({ service }) => !isUdpService(service) && !service.onePacket)) return undefined;
  return "--then delete --no-wait would cut the connections that there are";
}
