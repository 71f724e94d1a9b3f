import type { Connection, Daemon, Info, TableEntry, Timeouts } from "../../model/table.js";
import { connection, daemon, header, service, timeouts } from "./document.js";
import type { Style } from "./json-style.js";
import type { JsonValue } from "./parse-json.js";
import { renderObject, type Stream } from "./render-json.js";
import { toJsonConnection, toJsonDaemon, toJsonService, toJsonTimeouts } from "./to-document.js";

/** What a document is to hold; what is absent is left out. */
export interface DocumentParts {
  readonly info: Info;
  readonly takenAt: Date;
  readonly services?: readonly TableEntry[];
  readonly timeouts?: Timeouts;
  readonly daemons?: readonly Daemon[];
  /** In batches, as they are read. */
  readonly connections?: Iterable<readonly Connection[]>;
}

/** The text of a document in pieces; `measured`: with what the kernel measures, and not only what a restore needs. */
export function renderDocumentParts(parts: DocumentParts, measured: boolean, style: Style): Generator<string> {
  return renderObject(members(parts, measured), style);
}

function* members(parts: DocumentParts, measured: boolean): Generator<readonly [string, JsonValue | Stream]> {
  const { info, services, daemons, connections } = parts;
  const ipvs = {
    schema: 1,
    version: info.version,
    conn_tab_size: info.connectionTableSize,
    source: connections ? "proc" : "netlink",
    taken_at: parts.takenAt.toISOString(),
  } as const;
  yield ["ipvs", header.write(ipvs, measured)];
  if (services) {
    yield ["services", { stream: mapped(services, (entry) => service.write(toJsonService(entry), measured)) }];
  }
  if (parts.timeouts) yield ["timeouts", timeouts.write(toJsonTimeouts(parts.timeouts), measured)];
  if (daemons) yield ["daemons", daemons.map((each) => daemon.write(toJsonDaemon(each), measured))];
  if (connections) {
    yield [
      "connections",
      { stream: mapped(flattened(connections), (each) => connection.write(toJsonConnection(each), measured)) },
    ];
  }
}

function* mapped<A, B>(values: Iterable<A>, transform: (value: A) => B): Generator<B> {
  for (const value of values) yield transform(value);
}

function* flattened<T>(batches: Iterable<readonly T[]>): Generator<T> {
  for (const batch of batches) yield* batch;
}
