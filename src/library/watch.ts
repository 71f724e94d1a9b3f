import { nodePlatform } from "../host/node-platform.js";
import { systemHost } from "../host/system-host.js";
import { completeServiceKey } from "../model/input/service-input.js";
import type { SampleEvent, WatchEvent } from "../model/watch-event.js";
import { watchEvents, wholeEvents } from "../watch/events/watch-events.js";
import { TableReader } from "../watch/reading/reader.js";
import type { SampledWatchOptions, WatchOptions } from "./options.js";

/** See Ipvs.watch. */
export async function* watchTable({
  interval = 1,
  service,
  signal,
  samples,
}: WatchOptions & { readonly samples?: SampledWatchOptions["samples"] | undefined } = {}): AsyncGenerator<
  WatchEvent | SampleEvent
> {
  if (!(interval > 0)) throw new RangeError(`interval must be more than 0 seconds, not ${interval}`);
  const host = systemHost(nodePlatform);
  const reader = new TableReader(host, service && completeServiceKey(service));
  const count = Number.POSITIVE_INFINITY;
  try {
    yield* wholeEvents(watchEvents(reader, { clock: host.clock, interval, count, sorted: true, signal, samples }));
  } finally {
    reader.close();
  }
}
