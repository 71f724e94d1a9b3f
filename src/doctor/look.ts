import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { readTable } from "../ipvs/read-table.js";
import type { DesiredState } from "../model/desired.js";
import { familyOf } from "../model/identity.js";
import { type AddressServiceKey, families, isMarkService } from "../model/table.js";
import { NetlinkError } from "../netlink/codec/netlink-error.js";
import { FileError } from "../platform/state/file-error.js";
import { parseConnections } from "../proc/proc-connections.js";
import { ProcError, ProcFormatError } from "../proc/proc-error.js";
import type { NetworkClient } from "../rtnetlink/client.js";
import type { Route } from "../rtnetlink/route.js";
import { OverrideStore } from "../transaction/override-store.js";
import type { Check } from "./check.js";
import { faraway, virtualAddresses } from "./evidence.js";
import {
  connectionsKey,
  type ExaminedService,
  type FactReading,
  type Facts,
  isUsed,
  type NetworkFacts,
  type Subject,
} from "./facts.js";
import { readBoot, readFileText, readPrograms } from "./look-system.js";
import { bootSource, overridesSource, programsSource } from "./sources.js";

/** Reads what the checks judge. Starts no program and changes nothing. `planned` replaces the kernel's services. */
export async function look(
  host: Host,
  checks: readonly Check[],
  subject: Subject,
  planned?: DesiredState,
): Promise<Facts> {
  const table = await readTableFacts(host, subject, planned);
  const networkFacts = await readNetwork(host, subject, table.services);
  return {
    subject,
    isPlanned: planned !== undefined,
    time: host.clock.now(),
    ...table,
    ...readConnectionCounts(host, table.current),
    ...networkFacts,
    files: await readFiles(host, checks, networkFacts.network),
    programs: await readFor(checks, programsSource, () => readPrograms(host.files)),
    boot: await readFor(checks, bootSource, () => readBoot(host.files)),
    overrides: await readFor(checks, overridesSource, async () => (await OverrideStore.open(host)).read()),
  };
}

/** What only some checks need, if one of them is among these. */
async function readFor<Value>(
  checks: readonly Check[],
  source: string,
  read: () => Promise<Value>,
): Promise<FactReading<Value>> {
  if (!checks.some(({ reads }) => reads.includes(source))) return { reason: `${source}: not needed` };
  return reading(read);
}

type TableFacts = Pick<Facts, "hasIpvs" | "services" | "current" | "timeouts" | "daemons" | "tableSize">;

async function readTableFacts(host: Host, { role }: Subject, planned: DesiredState = {}): Promise<TableFacts> {
  const kernel = role === "director" ? await readKernel(host) : withoutKernel(false, "not needed");
  const { services, daemons, timeouts } = planned;
  return {
    ...kernel,
    ...(services && {
      services: { value: services.map(({ service, destinations }) => ({ service, servers: destinations })) },
    }),
    ...(daemons && { daemons: { value: daemons } }),
    ...(timeouts && { timeouts: { value: timeouts } }),
  };
}

async function readKernel(host: Host): Promise<TableFacts> {
  if (!hasTable(host)) return withoutKernel(false, "the kernel has no IPVS");
  let client: IpvsClient;
  try {
    client = await host.openKernel({ loadModule: false });
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    const isAbsent = error.code === "ENOPROTOOPT";
    return withoutKernel(isAbsent ? false : undefined, `the IPVS table cannot be read: ${error.message}`);
  }
  try {
    const services = await reading(async () =>
      (await readTable(client)).map(({ service, destinations }) => ({ service, servers: destinations })),
    );
    return {
      hasIpvs: { value: true },
      services,
      current: services,
      timeouts: await reading(() => client.timeouts()),
      daemons: await reading(() => client.daemons()),
      tableSize: await reading(async () => (await client.info()).connectionTableSize),
    };
  } finally {
    client.close();
  }
}

/** Called first, since the kernel loads the module when somebody asks for the family IPVS. */
function hasTable({ proc }: Host): boolean {
  try {
    const chunks = proc.readChunks("ip_vs");
    chunks.next();
    chunks.return(undefined);
    return true;
  } catch (error) {
    if (error instanceof ProcError && error.code === "ENOENT") return !proc.isThere();
    if (error instanceof ProcError) return true;
    throw error;
  }
}

function withoutKernel(hasIpvs: boolean | undefined, reason: string): TableFacts {
  const unread = { reason };
  return {
    hasIpvs: hasIpvs === undefined ? unread : { value: hasIpvs },
    services: unread,
    current: unread,
    timeouts: unread,
    daemons: unread,
    tableSize: unread,
  };
}

/** The value, or the reason of a refusal by the system. Errors of the program itself are thrown. */
async function reading<Value>(read: () => Value | Promise<Value>): Promise<FactReading<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof FileError) return { reason: error.message, isMissing: error.code === "ENOENT" };
    const isRefusal = error instanceof IpvsError || error instanceof NetlinkError;
    if (!isRefusal && !(error instanceof ProcError) && !(error instanceof ProcFormatError)) throw error;
    return { reason: error.message };
  }
}

/** With fewer connections a server cannot be judged. */
const fewConnections = 10;

/** Counts connections by state where the table leaves a doubt: the kernel counts those in SYN_RECV as active too. */
function readConnectionCounts(host: Host, current: Facts["current"]): Pick<Facts, "connections" | "uncounted"> {
  const services = "value" in current ? current.value : [];
  const counts = new Map<string, { total: number; opening: number; established: number }>();
  for (const { service, servers } of services) {
    const protocol = "protocol" in service ? service.protocol : "tcp";
    for (const server of servers) {
      const { activeConnections = 0, inactiveConnections = 0 } = server;
      if (protocol !== "tcp" || activeConnections + inactiveConnections < fewConnections) continue;
      counts.set(connectionsKey(protocol, server), { total: 0, opening: 0, established: 0 });
    }
  }
  const uncounted = new Map(idleServices(services).map((service) => [connectionsKey(service.protocol, service), 0]));
  if (counts.size === 0 && uncounted.size === 0)
    return { connections: { value: counts }, uncounted: { value: uncounted } };
  try {
    for (const connections of parseConnections(host.proc.readChunks("ip_vs_conn"))) {
      for (const { protocol, source, virtual, destination, state } of connections) {
        const key = connectionsKey(protocol, virtual);
        const seen = uncounted.get(key);
        // Templates are not among the connections of a server.
        if (seen !== undefined && source.port !== 0) uncounted.set(key, seen + 1);
        const count = counts.get(connectionsKey(protocol, destination));
        if (count === undefined) continue;
        count.total++;
        if (state === "SYN_RECV") count.opening++;
        if (state === "ESTABLISHED") count.established++;
      }
    }
    return { connections: { value: counts }, uncounted: { value: uncounted } };
  } catch (error) {
    if (!(error instanceof ProcError || error instanceof ProcFormatError)) throw error;
    return { connections: { reason: error.message }, uncounted: { reason: error.message } };
  }
}

/** Services without a connection, beside a service of a firewall mark, which may take their packets. */
function idleServices(services: readonly ExaminedService[]): AddressServiceKey[] {
  const marked = new Set(services.flatMap(({ service }) => (isMarkService(service) ? [service.family] : [])));
  return services.flatMap(({ service, servers }) =>
    isMarkService(service) || !marked.has(service.family) || servers.some(isUsed) ? [] : [service],
  );
}

type RouteFacts = Pick<Facts, "network" | "routes">;

async function readNetwork(host: Host, subject: Subject, services: Facts["services"]): Promise<RouteFacts> {
  const opened = await reading(() => host.openNetwork());
  if ("reason" in opened) return { network: opened, routes: new Map() };
  const client = opened.value;
  try {
    const network = await reading(async () => {
      const [links, addresses, neighbors, rules] = await Promise.all([
        client.links(),
        client.addresses(),
        client.neighbors(),
        client.rules(),
      ]);
      return { links, addresses, neighbors, rules };
    });
    return { network, routes: await readRoutes(client, subject, "value" in services ? services.value : []) };
  } finally {
    client.close();
  }
}

async function readRoutes(
  client: NetworkClient,
  { vips, director }: Subject,
  services: readonly ExaminedService[],
): Promise<ReadonlyMap<string, FactReading<Route>>> {
  const asked = new Map([...vips, ...virtualAddresses(services)].map(({ address, family }) => [address, family]));
  for (const { servers } of services) for (const { address, family } of servers) asked.set(address, family);
  for (const family of families) asked.set(faraway[family], family);
  if (director !== undefined) asked.set(director, familyOf(director));
  const answers = Array.from(asked, async ([address, family]): Promise<readonly [string, FactReading<Route>]> => {
    try {
      return [address, { value: await client.route(family, address) }];
    } catch (error) {
      if (error instanceof NetlinkError) return [address, { reason: error.code }];
      throw error;
    }
  });
  return new Map(await Promise.all(answers));
}

async function readFiles(
  host: Host,
  checks: readonly Check[],
  network: FactReading<NetworkFacts>,
): Promise<ReadonlyMap<string, FactReading<string>>> {
  const paths = new Set(checks.flatMap(({ reads }) => reads).filter((path) => path.startsWith("/")));
  const release = await readText(host, "/proc/sys/kernel/osrelease");
  const names = ["all", ...("value" in network ? examinedInterfaces(network.value) : [])];
  const files = new Map<string, FactReading<string>>();
  for (const path of paths) {
    const real = path.replace("RELEASE", "value" in release ? release.value.trim() : "");
    if (!path.includes("*")) files.set(path, await readText(host, real));
    else for (const name of names) files.set(path.replace("*", name), await readText(host, real.replace("*", name)));
  }
  return files;
}

function examinedInterfaces({ links, addresses }: NetworkFacts): string[] {
  const indexes = new Set(addresses.map((address) => address.interface));
  return links.filter(({ index, kind }) => indexes.has(index) || kind !== undefined).map(({ name }) => name);
}

function readText(host: Host, path: string): Promise<FactReading<string>> {
  return reading(() => readFileText(host.files, path));
}
