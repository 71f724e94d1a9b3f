import type { JsonObject, JsonValue } from "../../format/json/parse-json.js";
import { renderValue } from "../../format/json/render-json.js";
import { chooseForEvents } from "../reading/detail-policy.js";
import type { Reading, TableReader } from "../reading/reader.js";
import { type Pace, ticks } from "../ticks.js";
import {
  destinationChanges,
  destinationKeyJson,
  type FieldChange,
  serviceChanges,
  serviceKeyJson,
  tableJson,
} from "./event-json.js";
import { diffTables, type TableChange } from "./table-diff.js";

interface Event {
  /** Counts the events of one watcher, from 0. */
  readonly seq: number;
  /** When the reading began that told it: UTC, RFC 3339 with milliseconds. */
  readonly time: string;
}

/** The whole table, once, as the first event after which there is a reading. */
export interface SnapshotEvent extends Event {
  readonly event: "snapshot";
  readonly ipvs: JsonObject;
  readonly services: readonly JsonObject[];
}

/** What happened to one service or one server. */
export interface ChangeEvent extends Event {
  readonly event: "add" | "change" | "delete";
  readonly object: "service" | "destination";
  /** The key of the service. */
  readonly service: JsonObject;
  /** The key of the server. */
  readonly destination?: JsonObject;
  /** The fields that changed; of what was added, all that are known. */
  readonly changed?: Readonly<Record<string, FieldChange>>;
}

/** A reading failed: what happens is not known until the next event. Told once for each reason. */
export interface GapEvent extends Event {
  readonly event: "gap";
  readonly error: string;
}

export type WatchEvent = SnapshotEvent | ChangeEvent | GapEvent;

export interface EventOptions extends Pace {
  /** The snapshot is sorted as listings are; else it has the kernel's order. */
  readonly sorted: boolean;
}

/** Services whose thresholds, tunnels and flags are read again in each reading, in turn. */
const refreshBudget = 250;

/** What happens to the table, from reading to reading, in the order of a flush before a restore: what goes, then what comes. */
export async function* watchEvents(
  reader: Pick<TableReader, "read">,
  options: EventOptions,
): AsyncGenerator<WatchEvent> {
  const choose = chooseForEvents(refreshBudget);
  let seq = 0;
  let last: Reading | undefined;
  let gap: string | undefined;
  for await (const _ of ticks(options)) {
    let reading: Reading;
    try {
      reading = await reader.read(choose);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text !== gap)
        yield { event: "gap", seq: seq++, time: new Date(options.clock.now()).toISOString(), error: text };
      gap = text;
      continue;
    }
    gap = undefined;
    const time = new Date(reading.takenAt).toISOString();
    if (last === undefined)
      yield {
        event: "snapshot",
        seq: seq++,
        time,
        ipvs: header(reading, time),
        services: tableJson(reading, options.sorted),
      };
    else for (const change of diffTables(last.table, reading.table)) yield { seq: seq++, time, ...toEvent(change) };
    last = reading;
  }
}

/** An event as a line of JSON. */
export function renderEvent({ event, seq, time, ...rest }: WatchEvent): string {
  return `${renderValue({ event, seq, time, ...rest } as unknown as JsonValue)}\n`;
}

function header({ version, connectionTableSize, source }: Reading, time: string): JsonObject {
  return { schema: 1, version, conn_tab_size: connectionTableSize, source, taken_at: time };
}

function toEvent(change: TableChange): Omit<ChangeEvent, "seq" | "time"> {
  switch (change.kind) {
    case "delete": {
      const { service, destination } = change;
      return { event: "delete", ...subject(service, destination) };
    }
    case "add": {
      const { service, destination } = change;
      const changed = destination ? destinationChanges(undefined, destination) : serviceChanges(undefined, service);
      return { event: "add", ...subject(service.key, destination?.key), changed };
    }
    case "change":
      return change.object === "service"
        ? { event: "change", ...subject(change.after.key), changed: serviceChanges(change.before, change.after) }
        : {
            event: "change",
            ...subject(change.service, change.after.key),
            changed: destinationChanges(change.before, change.after),
          };
  }
}

function subject(
  service: Parameters<typeof serviceKeyJson>[0],
  destination?: Parameters<typeof destinationKeyJson>[0],
): Pick<ChangeEvent, "object" | "service" | "destination"> {
  if (destination === undefined) return { object: "service", service: serviceKeyJson(service) };
  return { object: "destination", service: serviceKeyJson(service), destination: destinationKeyJson(destination) };
}
