import type { Daemon, DaemonState, Destination, DestinationKey, Service, ServiceKey, Timeouts } from "../ipvs/model.js";
import type { ListFormat } from "../output/format.js";

/** What a list command shows: the whole table, one service, connections, timeouts or sync daemons. */
export type ListSubject =
  | { readonly kind: "table" }
  | { readonly kind: "service"; readonly key: ServiceKey }
  | { readonly kind: "connections" }
  | { readonly kind: "timeouts" }
  | { readonly kind: "daemons" };

/** A command that changes the kernel's table. */
export type Change =
  | { readonly command: "add-service" | "edit-service"; readonly service: Service }
  | { readonly command: "delete-service"; readonly service: ServiceKey }
  | { readonly command: "add-server" | "edit-server"; readonly service: ServiceKey; readonly destination: Destination }
  | { readonly command: "delete-server"; readonly service: ServiceKey; readonly destination: DestinationKey }
  | { readonly command: "flush" }
  | { readonly command: "zero"; readonly service?: ServiceKey }
  | { readonly command: "set"; readonly timeouts: Timeouts }
  | { readonly command: "start-daemon"; readonly daemon: Daemon }
  | { readonly command: "stop-daemon"; readonly state: DaemonState; readonly syncId: number };

/** A command that shows the kernel's table. */
export type View =
  | { readonly command: "list"; readonly subject: ListSubject; readonly format: ListFormat; readonly json: boolean }
  | { readonly command: "save"; readonly numeric: boolean; readonly json: boolean };

/** One parsed, legal and complete ipvsadm command line. */
export type Invocation =
  | Change
  | View
  | { readonly command: "restore" }
  | { readonly command: "help" }
  | { readonly command: "version" };
