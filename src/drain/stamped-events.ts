import type { EventStamp } from "../model/watch-event.js";
import type { Clock } from "../platform/clock.js";

/** Hands events on with their number and time. */
export function stampEvents<E extends object>(
  clock: Pick<Clock, "now">,
  onEvent: ((event: E & EventStamp) => void) | undefined,
): (event: E) => void {
  let seq = 0;
  return (event) => onEvent?.({ ...event, seq: seq++, time: new Date(clock.now()).toISOString() });
}
