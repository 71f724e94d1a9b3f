/** When a drained server has no connection that matters: decided from readings, without a clock of its own. */

/** What has to be over, as DrainCondition describes it. */
export const drainConditions = ["quiet", "established", "empty"] as const;
/**
 * What has to be over before a server counts as drained. `quiet`: every connection that can still carry data. `established`:
 * every one that is established or being opened. `empty`: every one, also those that only wait for their end.
 */
export type DrainCondition = (typeof drainConditions)[number];

/** What can become of servers that are not drained at the deadline. */
export const deadlineActions = ["keep", "delete", "undrain"] as const;
/** What becomes of servers that are not drained at the deadline: they stay at weight 0, go, or get their weight again. */
export type DeadlineAction = (typeof deadlineActions)[number];

/** States in which a connection carries nothing any more; the last two are those of SCTP. */
export const lifelessStates: readonly string[] = ["TIME_WAIT", "CLOSE", "NONE", "REJECTED", "CLOSED"];

/** A server at one moment. */
export interface ServerReading {
  /** As messages name it. */
  readonly name: string;
  /** Undefined where it does not exist any more. */
  readonly weight: number | undefined;
  /** Connections that are established or, in Linux 6.1, being opened. */
  readonly active: number;
  readonly inactive: number;
  /** Its connections have no states, so only their number counts. */
  readonly isUdp: boolean;
  /** It has no connections: each packet is scheduled for itself. */
  readonly isOnePacket: boolean;
}

/** All servers at one moment. */
export interface DrainReading {
  readonly servers: readonly ServerReading[];
  /** Their connections that are not in a lifeless state; undefined where they were not counted. */
  readonly living: number | undefined;
}

/** The connections that are left. */
export interface ConnectionsLeft {
  readonly active: number;
  readonly inactive: number;
  readonly living: number | undefined;
}

/** What follows from a reading. */
export type WaitStep = ConnectionsLeft &
  (
    | { readonly step: "wait" }
    /** The same, but `living` would decide: it costs a look at every connection. */
    | { readonly step: "look" }
    | { readonly step: "end"; readonly end: "drained" | "deadline" }
    /** Somebody has given these servers a weight. */
    | { readonly step: "end"; readonly end: "raised"; readonly raised: readonly string[] }
  );

/** What to do after a reading, `elapsed` milliseconds after the start. `deadline` is in milliseconds too. */
export function nextWaitStep(
  { servers, living }: DrainReading,
  until: DrainCondition,
  elapsed: number,
  deadline: number | undefined,
): WaitStep {
  const existing = servers.filter(({ weight, isOnePacket }) => weight !== undefined && !isOnePacket);
  const left = {
    active: existing.reduce((sum, { active }) => sum + active, 0),
    inactive: existing.reduce((sum, { inactive }) => sum + inactive, 0),
    living,
  };
  const raised = servers.filter(({ weight }) => weight !== undefined && weight > 0).map(({ name }) => name);
  if (raised.length > 0) return { step: "end", end: "raised", raised, ...left };
  const verdict = isOver(existing, left, until);
  if (verdict === true) return { step: "end", end: "drained", ...left };
  if (verdict === undefined) return { step: "look", ...left };
  return deadline !== undefined && elapsed >= deadline
    ? { step: "end", end: "deadline", ...left }
    : { step: "wait", ...left };
}

/** Undefined where it depends on `living`, which was not counted. */
function isOver(
  servers: readonly ServerReading[],
  { active, inactive, living }: ConnectionsLeft,
  until: DrainCondition,
): boolean | undefined {
  if (active + inactive === 0) return true;
  if (until === "empty" || active > 0) return false;
  if (until === "established") return !servers.some((server) => server.isUdp && server.inactive > 0);
  return living === undefined ? undefined : living === 0;
}
