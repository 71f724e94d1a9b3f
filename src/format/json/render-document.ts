import type { Measured } from "../../model/known-table.js";
import type { ConnectionGroup } from "../../model/selection/connection-group.js";
import type { Connection, Daemon, Info, Timeouts } from "../../model/table.js";
import { connectionGroupKind, connectionKind } from "./connections/connection-kinds.js";
import { daemonKind, type documentKind, headerKind, timeoutsKind, totalsKind } from "./document.js";
import type { Style } from "./json-style.js";
import { writeEach } from "./kinds.js";
import type { JsonValue } from "./parse-json.js";
import { type Rendered, renderObject, renderValue, type Stream } from "./render-json.js";
import { type EntrySource, entryKind } from "./service-kinds.js";

/** The parts of a document; what is absent is left out. */
export interface DocumentParts {
  readonly info: Partial<Info>;
  readonly takenAt: Date;
  /** Where it comes from. Without it: connections and their numbers from /proc, everything else over netlink. */
  readonly source?: "netlink" | "proc";
  readonly services?: readonly EntrySource[];
  /** Of all services together. */
  readonly totals?: Required<Measured>;
  readonly timeouts?: Timeouts;
  readonly daemons?: readonly Daemon[];
  /** In batches, as they are read. */
  readonly connections?: Iterable<readonly Connection[]>;
  /** The same as the text of a list, in the style of the document. */
  readonly connectionText?: Iterable<string>;
  /** The number of connections. */
  readonly count?: number;
  /** Numbers of connections by groups. */
  readonly counts?: readonly ConnectionGroup[];
}

/** The text of a document in pieces; `measured`: with what the kernel measures, and not only what a restore needs. */
export function renderDocumentParts(parts: DocumentParts, measured: boolean, style: Style): Generator<string> {
  return renderObject(members(parts, measured), style);
}

/** A connection as JSON text, in the compact style. */
export function renderConnectionJson(connection: Connection): string {
  return renderValue(connectionKind.write(connection, true));
}

type Name = keyof typeof documentKind.fields;

function* members(parts: DocumentParts, measured: boolean): Generator<readonly [Name, JsonValue | Stream | Rendered]> {
  const { info, services, totals, timeouts, daemons, connections, connectionText, count, counts } = parts;
  const isOfProc = (connections ?? connectionText) !== undefined || count !== undefined || counts !== undefined;
  const source = parts.source ?? (isOfProc ? "proc" : "netlink");
  const header = { ...info, source, takenAt: parts.takenAt.toISOString() } as const;
  yield ["ipvs", headerKind.write(header, measured)];
  if (services) yield ["services", { stream: writeEach(entryKind, services, measured) }];
  if (totals && measured) yield ["totals", totalsKind.write(totals, measured)];
  if (timeouts) yield ["timeouts", timeoutsKind.write(timeouts, measured)];
  if (daemons) yield ["daemons", daemons.map((daemon) => daemonKind.write(daemon, measured))];
  if (connections) yield ["connections", { stream: writeEach(connectionKind, flattened(connections), measured) }];
  if (connectionText) yield ["connections", { rendered: connectionText }];
  if (count !== undefined) yield ["count", count];
  if (counts) yield ["counts", { stream: writeEach(connectionGroupKind, counts, measured) }];
}

function* flattened<T>(batches: Iterable<readonly T[]>): Generator<T> {
  for (const batch of batches) yield* batch;
}
