import type { PassingEvent, SampleEvent, WatchEvent } from "../../model/watch-event.js";
import { chooseForEvents } from "../reading/detail-policy.js";
import type { ChooseDetails, Reading, TableReader } from "../reading/reader.js";
import type { WatchedTable } from "../reading/watched-table.js";
import { type Pace, ticks } from "../ticks.js";
import { chooseForSamples, type SampleSubject, takeSamples } from "./samples.js";
import { takeSnapshot } from "./snapshot.js";
import { diffTables } from "./table-diff.js";

export interface EventOptions extends Pace {
  /** The snapshot is sorted as listings are; else it has the kernel's order. */
  readonly sorted: boolean;
  /** The objects whose samples follow the changes of each reading; without it there are no samples. */
  readonly samples?: SampleSubject | undefined;
}

/** Services whose thresholds, tunnels and flags are read again in each reading, in turn. */
const refreshBudget = 250;

export function watchEvents(
  reader: Pick<TableReader, "read">,
  options: EventOptions & { readonly samples?: undefined },
): AsyncGenerator<PassingEvent>;
export function watchEvents(
  reader: Pick<TableReader, "read">,
  options: EventOptions,
): AsyncGenerator<PassingEvent | SampleEvent>;
/** What happens to the table, from reading to reading: deletions first, as a flush comes before a restore. */
export async function* watchEvents(
  reader: Pick<TableReader, "read">,
  options: EventOptions,
): AsyncGenerator<PassingEvent | SampleEvent> {
  const { samples } = options;
  const chooseForChanges = chooseForEvents(refreshBudget);
  const choose: ChooseDetails = (table, before) => {
    const choice = chooseForChanges(table, before);
    return samples === undefined ? choice : chooseForSamples(choice, table, samples);
  };
  let seq = 0;
  let last: WatchedTable | undefined;
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
    if (last === undefined) {
      const { version, connectionTableSize, source } = reading;
      const services = takeSnapshot(reading, options.sorted);
      yield { event: "snapshot", seq: seq++, time, info: { version, connectionTableSize }, source, services };
    } else {
      for (const diff of diffTables(last, reading.table)) yield { ...diff, seq: seq++, time };
    }
    if (samples !== undefined) {
      for (const sample of takeSamples(reading, samples)) yield { event: "sample", seq: seq++, time, ...sample };
    }
    last = reading.table;
  }
}

export function wholeEvents(events: AsyncIterable<PassingEvent>): AsyncGenerator<WatchEvent>;
export function wholeEvents(
  events: AsyncIterable<PassingEvent | SampleEvent>,
): AsyncGenerator<WatchEvent | SampleEvent>;
/** The events with snapshots that can be kept. */
export async function* wholeEvents(
  events: AsyncIterable<PassingEvent | SampleEvent>,
): AsyncGenerator<WatchEvent | SampleEvent> {
  for await (const event of events) {
    yield event.event === "snapshot" ? { ...event, services: [...event.services] } : event;
  }
}
