/** Which connections had to succeed, and what became of them. */
import { inspect } from "node:util";
import type { DesiredState } from "../../src/model/desired.js";
import { serviceIdentity } from "../../src/model/identity.js";
import { servesEveryClient } from "./service-chain.js";
import type { TransitionRecord } from "./transitions.js";

/** A connection of a client, on the clock of the transitions. */
export interface Attempt {
  readonly service: string;
  readonly begin: number;
  readonly end: number;
  readonly outcome: string;
}

export interface Verdict {
  readonly connections: number;
  /** Those that had to succeed. */
  readonly judged: number;
  /** Those of them that met a change of the table. */
  readonly during: number;
  /** The transitions that at least one of these met. */
  readonly transitions: number;
  /** How many of those that had to succeed came to which end. */
  readonly failures: ReadonlyMap<string, number>;
  readonly examples: readonly string[];
}

const mostExamples = 20;

/** The lines of prober.pl, whose service was at `address`. */
export function parseAttempts(text: string, address: string): Attempt[] {
  const host = address.includes(":") ? `[${address}]` : address;
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [begin = "", end = "", port = "", outcome = ""] = line.split(" ");
      return { service: `tcp ${host}:${port}`, begin: Number(begin), end: Number(end), outcome };
    });
}

/**
 * A connection has to succeed where its service is in every table that it met and serves every client there, and no
 * transition that it met costs clients of the service something.
 */
export function judge(attempts: readonly Attempt[], records: readonly TransitionRecord[]): Verdict {
  const serving = new Map<DesiredState, Set<string>>();
  const servedBy = (state: DesiredState): Set<string> => {
    const known = serving.get(state) ?? servedServices(state);
    serving.set(state, known);
    return known;
  };
  const failures = new Map<string, number>();
  const examples: string[] = [];
  const met = new Set<TransitionRecord>();
  let [judged, during] = [0, 0];
  for (const attempt of attempts) {
    const { service, outcome } = attempt;
    const meant = meetings(attempt, records);
    if (meant === undefined) continue;
    if (!meant.states.every((state) => servedBy(state).has(service))) continue;
    if (meant.records.some(({ costly }) => costly.has(service))) continue;
    judged++;
    if (meant.records.length > 0) during++;
    for (const record of meant.records) met.add(record);
    if (outcome === "ok") continue;
    failures.set(outcome, (failures.get(outcome) ?? 0) + 1);
    if (examples.length < mostExamples) examples.push(describe(attempt, meant.records, records));
  }
  return { connections: attempts.length, judged, during, transitions: met.size, failures, examples };
}

/** The transitions that a connection met, and all tables that it met; undefined where it began before the first one. */
function meetings({ begin, end }: Attempt, records: readonly TransitionRecord[]) {
  const [first] = records;
  if (first === undefined || begin < first.begin) return undefined;
  let next = firstIndex(records, (record) => record.end >= begin);
  const met: TransitionRecord[] = [];
  const states: DesiredState[] = next > 0 ? [stateAfter(records, next - 1)] : [];
  for (; next < records.length; next++) {
    const record = records[next];
    if (record === undefined || record.begin > end) break;
    met.push(record);
    states.push(record.before, record.after);
  }
  return { records: met, states };
}

function stateAfter(records: readonly TransitionRecord[], index: number): DesiredState {
  const record = records[index];
  if (record === undefined) throw new RangeError(`no transition ${index}`);
  return record.after;
}

/** The first index for which something holds that holds for all after it, by halving. */
function firstIndex<T>(values: readonly T[], holds: (value: T) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && holds(value)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function servedServices({ services = [] }: DesiredState): Set<string> {
  return new Set(services.filter(servesEveryClient).map(({ service }) => serviceIdentity(service)));
}

function describe(attempt: Attempt, met: readonly TransitionRecord[], records: readonly TransitionRecord[]): string {
  const { service, begin, end, outcome } = attempt;
  const lines = [`${service}: ${outcome} after ${(1000 * (end - begin)).toFixed(1)} ms`];
  for (const record of met) {
    const when = `${(1000 * (begin - record.begin)).toFixed(1)} ms after the begin of transition ${records.indexOf(record)}`;
    lines.push(`  ${when}, which took ${(1000 * (record.end - record.begin)).toFixed(1)} ms`);
    for (const change of record.changes) {
      if ("service" in change && serviceIdentity(change.service) === service)
        lines.push(`    ${inspect(change, { breakLength: Infinity, depth: 4 })}`);
    }
  }
  return lines.join("\n");
}
