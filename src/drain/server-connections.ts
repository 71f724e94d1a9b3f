import { countConnections, countGroups } from "../connections/count.js";
import { readBatches } from "../connections/read-batches.js";
import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import { destinationIdentity, serviceIdentity } from "../model/identity.js";
import { anyConnection, type ConnectionFilter } from "../model/selection/connection-filter.js";
import type { ConnectionGroup } from "../model/selection/connection-group.js";
import { secondsLeft } from "../model/selection/connection-traits.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import { isMarkService } from "../model/table.js";
import { ProcError } from "../proc/proc-error.js";
import { lifelessStates, type ServerReading } from "./drain-wait.js";
import type { Hit } from "./prepare-weights.js";
import { isUdpService } from "./remarks.js";

/** Services that are requested at the same time. */
const askedTogether = 64;
const mostClients = 10;

/** The connections of the servers that a drain concerns. */
export class ServerConnections {
  readonly #filter: ConnectionFilter;

  constructor(
    private readonly host: Pick<Host, "proc">,
    private readonly client: IpvsClient,
    { service, range }: ServerTarget,
    private readonly hits: readonly Hit[],
  ) {
    // Port 0 of a server stands for the port of the packet. The mark of a connection is not known.
    const servers = [range.port === 0 ? { ...range, port: undefined } : range];
    const services = service === undefined || isMarkService(service) ? [] : [service];
    this.#filter = { ...anyConnection, servers, services, templates: false };
  }

  /** The current state of the servers. Rejects with an IpvsError. */
  async read(): Promise<ServerReading[]> {
    const byService = new Map<string, Hit[]>();
    for (const hit of this.hits) {
      const identity = serviceIdentity(hit.service);
      const known = byService.get(identity);
      if (known === undefined) byService.set(identity, [hit]);
      else known.push(hit);
    }
    const groups = [...byService.values()];
    const readings: ServerReading[] = [];
    for (let start = 0; start < groups.length; start += askedTogether) {
      const part = await Promise.all(
        groups.slice(start, start + askedTogether).map((group) => this.#readService(group)),
      );
      readings.push(...part.flat());
    }
    return readings;
  }

  async #readService(hits: readonly Hit[]): Promise<ServerReading[]> {
    const [first] = hits;
    if (first === undefined) return [];
    const listed = await this.client.destinations(first.service);
    const servers = new Map(listed.map((server) => [destinationIdentity(server), server]));
    return hits.map(({ service, destination }) => {
      const server = servers.get(destinationIdentity(destination));
      return {
        name: serverNameOf({ service, destination }),
        weight: server?.weight,
        active: server?.activeConnections ?? 0,
        inactive: server?.inactiveConnections ?? 0,
        isUdp: isUdpService(service),
        isOnePacket: service.onePacket,
      };
    });
  }

  /** How many connections can still carry data, which takes a look at each; undefined where they cannot be read. */
  countLiving(): number | undefined {
    return ifReadable(() => countConnections(this.host.proc, { ...this.#filter, notStates: lifelessStates }));
  }

  /** The clients with the most connections of that kind. */
  findClients(): readonly ConnectionGroup[] {
    const filter = { ...this.#filter, notStates: lifelessStates };
    return ifReadable(() => countGroups(this.host.proc, filter, [{ name: "client" }], mostClients)) ?? [];
  }

  /** Seconds that the longest template of persistence lasts, if there is one. */
  findLongestTemplate(): number | undefined {
    return ifReadable(() => {
      let longest: number | undefined;
      const filter = { ...this.#filter, services: [], templates: true };
      for (const batch of readBatches(this.host.proc, filter, { origins: false, engines: false })) {
        for (const template of batch) longest = Math.max(longest ?? 0, secondsLeft(template));
      }
      return longest;
    });
  }
}

/** How messages call a server of a service. */
export function serverNameOf({ service, destination }: Pick<Hit, "service" | "destination">): string {
  return `${destinationIdentity(destination)} of ${serviceIdentity(service)}`;
}

function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProcError) return undefined;
    throw error;
  }
}
