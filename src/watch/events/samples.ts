import { destinationKeyOf, serviceKeyOf } from "../../model/identity.js";
import type { ObjectSample } from "../../model/watch-event.js";
import type { DetailsChoice, Measurement } from "../reading/details.js";
import type { Reading } from "../reading/reader.js";
import type { WatchedTable } from "../reading/watched-table.js";

/** The objects, besides the director, of which samples can be taken. */
export const sampleSubjects = ["services", "servers"] as const;
/** The objects, besides the director, of which samples are taken. */
export type SampleSubject = (typeof sampleSubjects)[number];

/** The choice of details with what samples need. */
export function chooseForSamples(choice: DetailsChoice, table: WatchedTable, of: SampleSubject): DetailsChoice {
  if (of === "services") return { ...choice, everyService: true };
  return { ...choice, everyService: true, keys: Array.from(table.values(), ({ key }) => key) };
}

/** The samples of a reading: the director first, then services or servers, in the kernel's order. */
export function* takeSamples({ table, totals, measurements }: Reading, of: SampleSubject): Generator<ObjectSample> {
  yield { object: "director", ...totals };
  for (const [identity, { key, destinations }] of table) {
    const service = serviceKeyOf(key);
    if (of === "services") {
      yield { object: "service", service, ...statisticsOf(measurements.get(identity)) };
      continue;
    }
    for (const [name, destination] of destinations) {
      yield {
        object: "destination",
        service,
        destination: destinationKeyOf(destination.key),
        // See toKnownDestination.
        activeConnections: destination.activeConnections >>> 0,
        inactiveConnections: destination.inactiveConnections >>> 0,
        ...measurements.get(`${identity} ${name}`),
      };
    }
  }
}

function statisticsOf(measurement: Measurement | undefined): Pick<Measurement, "counters" | "rates"> | undefined {
  return measurement && { counters: measurement.counters, rates: measurement.rates };
}
