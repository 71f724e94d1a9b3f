import { visitConnections } from "../../connections/read-batches.js";
import type { ConnectionEvent } from "../../model/selection/connection-event.js";
import type { ConnectionFilter } from "../../model/selection/connection-filter.js";
import { ProcError } from "../../proc/proc-error.js";
import type { ProcFiles } from "../../proc/proc-files.js";
import { type Pace, ticks } from "../ticks.js";
import { FollowedConnections } from "./followed-connections.js";

/**
 * What happens to the connections that fit, from reading to reading. The filter's states decide which events there are. The
 * filter must have no condition on seconds, which change all the time. Rejects with a ProcError where the first reading
 * fails; a later failure is a gap.
 */
export async function* connectionEvents(
  proc: ProcFiles,
  filter: ConnectionFilter,
  pace: Pace,
): AsyncGenerator<ConnectionEvent> {
  const followed = new FollowedConnections(filter);
  const lasting = { ...filter, states: [], notStates: [] };
  let seq = 0;
  let gap: string | undefined;
  for await (const _ of ticks(pace)) {
    const stamp = () => ({ seq: seq++, time });
    const time = new Date(pace.clock.now()).toISOString();
    try {
      for (const _ of visitConnections(proc, lasting, { origins: true, engines: false }, followed)) {
        // Reading blocks, so other work runs between two chunks.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      if (seq === 0 || !(error instanceof ProcError)) throw error;
      followed.abandon();
      if (error.message !== gap) yield { event: "gap", ...stamp(), error: error.message };
      gap = error.message;
      continue;
    }
    gap = undefined;
    const diffs = followed.finish();
    if (seq === 0) yield { event: "start", ...stamp(), interval: pace.interval, count: followed.count() };
    for (const diff of diffs) yield { ...diff, ...stamp() };
  }
}
