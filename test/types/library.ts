/**
 * What the library's types allow and refuse. The type check is the test: nothing here runs, and a `@ts-expect-error`
 * above a line that is right is an error itself.
 */

import {
  applyState,
  type Change,
  type ChangeInput,
  type Connection,
  type DaemonInput,
  type DesiredState,
  type DestinationSettings,
  type DestinationSettingsInput,
  DocumentError,
  drain,
  type Family,
  families,
  Ipvs,
  IpvsError,
  isMarkService,
  NetlinkError,
  ProcError,
  ProcFormatError,
  type parseDocument,
  renderDocument,
  type ServiceEntry,
  type ServiceInput,
  type ServiceKey,
  type ServiceSettings,
  type ServiceSettingsInput,
  SystemError,
  type TableEntry,
  type Timeouts,
  undoChange,
  type WatchEvent,
} from "ipvsadm";

type Same<A, B> = [A, B] extends [B, A] ? true : never;

/** Refused unless the types are the same. */
function same<A, B>(_: Same<A, B>): void {}

/** A newcomer's program: each line as it is written first, without a type annotation. */
export async function newcomer(): Promise<void> {
  using ipvs = await Ipvs.open({ loadModule: true });
  const web = { protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
  await ipvs.addService(web);
  await ipvs.addService({ protocol: "udp", address: "2001:db8::1", port: 53, scheduler: "rr", onePacket: true });
  await ipvs.addService({ fwmark: 7, timeout: 300, netmask: 24 });
  await ipvs.addDestination(web, { address: "10.0.0.1" });
  await ipvs.addDestination(web, { address: "10.0.0.2", port: 8080, forward: "masq", weight: 3 });
  await ipvs.addDestination({ fwmark: 7 }, { address: "10.0.0.3", tunnel: { type: "gue", port: 6080 } });
  await ipvs.editDestination(web, { address: "10.0.0.1", weight: 0 });
  await ipvs.setTimeouts({ tcp: 900 });
  await ipvs.stopDaemon({ state: "master" });
  await ipvs.zero(web);
  await ipvs.zero("all");
  for (const { service, destinations } of await ipvs.list()) {
    const name = isMarkService(service) ? service.fwmark : `${service.address}:${service.port}`;
    console.log(name, service.counters.connections + 1n, destinations[0]?.weight);
    for (const destination of destinations) await ipvs.deleteDestination(service, destination);
    await ipvs.deleteService(service);
  }
}

/** What goes out comes in: what the kernel reports can be added, edited and deleted as it is. */
export async function roundTrip(ipvs: Ipvs, settings: Partial<ServiceSettings>): Promise<void> {
  const { service, destinations } = await ipvs.get({ fwmark: 1 });
  const [destination] = destinations;
  if (destination === undefined) return;
  await ipvs.addService(service);
  await ipvs.editService({ ...service, ...settings, scheduler: undefined });
  await ipvs.editDestination(service, destination);
  for (const daemon of await ipvs.daemons()) await ipvs.stopDaemon(daemon);
  const state: DesiredState = { services: await ipvs.list() };
  same<string, ReturnType<typeof renderDocument>>(true);
  renderDocument(state);
  same<DesiredState, ReturnType<typeof parseDocument>>(true);
}

/** A batch: additions may leave out what has a default, edits may not, and a Change is always one. */
export async function batch(ipvs: Ipvs, changes: readonly Change[]): Promise<void> {
  const outcomes = await ipvs.change(changes);
  same<(IpvsError | undefined)[], typeof outcomes>(true);
  const web = { protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
  await ipvs.change([
    { command: "add-service", service: web },
    { command: "add-destination", service: web, destination: { address: "10.0.0.1" } },
    { command: "set-timeouts", timeouts: { udp: 5 } },
    { command: "flush" },
  ]);
  // @ts-expect-error an edit replaces every setting
  const service: ChangeInput = { command: "edit-service", service: web };
  // @ts-expect-error an edit replaces every setting
  const destination: ChangeInput = { command: "edit-destination", service: web, destination: { address: "10.0.0.1" } };
  // @ts-expect-error there is no such change
  const unknown: ChangeInput = { command: "add" };
  void [service, destination, unknown];
}

/** What cannot be right. */
export async function mistakes(ipvs: Ipvs): Promise<void> {
  const web = { protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
  // @ts-expect-error a service has a protocol
  await ipvs.addService({ address: "192.0.2.10", port: 80 });
  // @ts-expect-error a service has a port
  await ipvs.addService({ protocol: "tcp", address: "192.0.2.10" });
  // @ts-expect-error there is no such protocol
  await ipvs.addService({ ...web, protocol: "icmp" });
  // @ts-expect-error a port is a number
  await ipvs.addService({ ...web, port: "80" });
  // @ts-expect-error there is no such setting
  await ipvs.addService({ ...web, weight: 1 });
  // @ts-expect-error flags are 1, 2 and 3
  await ipvs.addService({ ...web, schedulerFlags: [4] });
  // @ts-expect-error a destination has an address
  await ipvs.addDestination(web, { port: 80 });
  // @ts-expect-error a destination is added to a service
  await ipvs.addDestination({ address: "10.0.0.1" });
  // @ts-expect-error there is no such forwarding method
  await ipvs.addDestination(web, { address: "10.0.0.1", forward: "nat" });
  // @ts-expect-error a timeout is a number
  await ipvs.setTimeouts({ tcp: "15m" });
  // @ts-expect-error a daemon has an interface
  await ipvs.startDaemon({ state: "master" });
  // @ts-expect-error a daemon to stop is an object
  await ipvs.stopDaemon("master", 0);
  // @ts-expect-error only open makes one
  new Ipvs();
  // @ts-expect-error what is undone may be nothing, which must not be the newest change of somebody else
  await undoChange(ipvs, (await applyState(ipvs, {})).undo);
  // @ts-expect-error a service that may be nothing must not zero all counters
  await ipvs.zero([web].find(({ port }) => port === 443));
  // @ts-expect-error nor must it drain the server in every service
  await drain(ipvs, { service: [web].find(({ port }) => port === 443), server: "10.0.0.1" });
  // @ts-expect-error what was read is not to be written
  (await ipvs.timeouts()).tcp = 1;
}

/** The inputs have every setting, and each of them may be left out or undefined. */
export function inputs(): void {
  type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined };
  same<keyof ServiceSettingsInput, keyof ServiceSettings>(true);
  same<keyof DestinationSettingsInput, keyof DestinationSettings>(true);
  same<Loose<ServiceSettings>, ServiceSettingsInput>(true);
  const key: ServiceKey = { family: "inet", fwmark: 1 };
  const input: ServiceInput = key;
  const daemon: DaemonInput = { state: "backup", interface: "eth0", syncId: undefined };
  void [input, daemon];
}

/** What comes back. */
export async function results(ipvs: Ipvs): Promise<void> {
  same<TableEntry[], Awaited<ReturnType<Ipvs["list"]>>>(true);
  same<Timeouts, Awaited<ReturnType<Ipvs["timeouts"]>>>(true);
  same<Required<DesiredState>, Awaited<ReturnType<Ipvs["save"]>>>(true);
  same<void, Awaited<ReturnType<Ipvs["addService"]>>>(true);
  for await (const connection of Ipvs.connections()) same<Connection, typeof connection>(true);
  for await (const event of Ipvs.watch({ service: { fwmark: 1 }, signal: AbortSignal.timeout(1) })) {
    same<WatchEvent, typeof event>(true);
    if (event.event === "gap") event.error.toUpperCase();
  }
  const family: Family | undefined = families[0];
  const narrow = (entry: ServiceEntry): number => (isMarkService(entry) ? entry.fwmark : entry.port);
  void [family, narrow, ipvs];
}

/** Every error that may come out of the library can be told from the others. */
export function errors(error: unknown): string | undefined {
  if (error instanceof IpvsError) return `${error.operation} ${error.errno}`;
  if (error instanceof NetlinkError || error instanceof SystemError) return error.code;
  if (error instanceof ProcFormatError) return error.file;
  if (error instanceof ProcError) return error.path;
  if (error instanceof DocumentError) return error.message;
  return undefined;
}
