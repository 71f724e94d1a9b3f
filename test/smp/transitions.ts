/** The ways from one table to the next, each timed, with what the plan says that it costs the clients of a service. */
import { spawnSync } from "node:child_process";
import { applyState, diffTable, type Ipvs, type PlannedChange } from "ipvsadm";
import { renderCommandLine } from "../../src/format/text/plan/command-lines.js";
import type { Change } from "../../src/model/change.js";
import type { DesiredState } from "../../src/model/desired.js";
import { serviceIdentity } from "../../src/model/identity.js";
import { findDifference } from "../../src/plan/difference.js";
import { toSteps } from "../../src/plan/steps.js";
import { fromRoot } from "../support/paths.js";

/** A step of a chain: when it was made, on the monotonic clock, and what clients have to put up with meanwhile. */
export interface TransitionRecord {
  readonly begin: number;
  readonly end: number;
  readonly before: DesiredState;
  readonly after: DesiredState;
  /** The services whose plan has a cost of the kinds `refused` or `cut`. */
  readonly costly: ReadonlySet<string>;
  readonly changes: readonly PlannedChange[];
}

/** Makes the table what is desired. */
interface Way {
  /** Whether it returns its plan. */
  readonly isPlanned?: boolean;
  make(ipvs: Ipvs, before: DesiredState, desired: DesiredState): Promise<readonly PlannedChange[] | undefined>;
}

const anyNumber = { maxDelete: { percent: 100 } } as const;

/** @param undoFolder where apply keeps its plans */
export function waysOf(undoFolder: string): Readonly<Record<string, Way>> {
  return {
    apply: {
      isPlanned: true,
      make: async (ipvs, _before, desired) => (await applyState(ipvs, desired, { ...anyNumber, undoFolder })).changes,
    },
    "-C; -R": { make: async (_ipvs, _before, desired) => restoreWith(fromRoot("dist/standalone/ipvsadm"), desired) },
    "-C; -R of the C program": { make: async (_ipvs, _before, desired) => restoreWith("/sbin/ipvsadm", desired) },
    "delete and add": {
      async make(_ipvs, before, desired) {
        for (const line of linesOf(replacing(before, desired))) runProgram("/sbin/ipvsadm", line.split(" "), "");
        return undefined;
      },
    },
  };
}

function restoreWith(program: string, desired: DesiredState): undefined {
  const rules = linesOf(adding(desired)).map((line) => `${line}\n`);
  runProgram(program, ["-C"], "");
  runProgram(program, ["-R"], rules.join(""));
}

function linesOf(changes: readonly Change[]): string[] {
  return changes.map((change) => {
    const command = renderCommandLine(change);
    if ("obstacle" in command) throw new Error(command.obstacle);
    return command.line;
  });
}

function runProgram(program: string, args: readonly string[], input: string): void {
  const { status, stderr } = spawnSync(program, args, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}

function adding(desired: DesiredState): Change[] {
  return [...toSteps(findDifference(desired, {}, "add"), "add")].map(({ change }) => change);
}

/** What a script of single commands does: every service that differs is deleted, and added again as it is to be. */
function replacing(before: DesiredState, desired: DesiredState): Change[] {
  const textsOf = ({ services = [] }: DesiredState) => new Map(services.map((each) => [JSON.stringify(each), each]));
  const [old, next] = [textsOf(before), textsOf(desired)];
  const gone = [...old].filter(([text]) => !next.has(text)).map(([, entry]) => entry);
  const added = [...next].filter(([text]) => !old.has(text)).map(([, entry]) => entry);
  return [
    ...gone.map(({ service }): Change => ({ command: "delete-service", service })),
    ...adding({ services: added }),
  ];
}

export async function makeTransition(
  ipvs: Ipvs,
  way: Way,
  before: DesiredState,
  after: DesiredState,
): Promise<TransitionRecord> {
  const foreseen = way.isPlanned ? [] : await diffTable(ipvs, after);
  const begin = monotonicSeconds();
  const changes = (await way.make(ipvs, before, after)) ?? foreseen;
  return { begin, end: monotonicSeconds(), before, after, costly: costlyServices(changes), changes };
}

function costlyServices(changes: readonly PlannedChange[]): Set<string> {
  return new Set(
    changes.flatMap((change) => {
      const isCostly = change.costs.some(({ kind }) => kind === "refused" || kind === "cut");
      return isCostly && "service" in change ? [serviceIdentity(change.service)] : [];
    }),
  );
}

/** The clock of the clients' logs. */
export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
