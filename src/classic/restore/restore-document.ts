import { exitStatus } from "../../cli/exit-status.js";
import { DocumentError } from "../../format/json/document-error.js";
import { readDocument } from "../../format/json/read-document.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import type { Change } from "../../model/change.js";
import type { DesiredState } from "../../model/desired.js";
import type { Daemon } from "../../model/table.js";
import { batchSize } from "./batch-size.js";

/** Whether a document comes on top of what there is (-R), or in place of it (ipvsadm-restore). */
export type RestoreMode = "add" | "replace";

/** A change and the part of the document that it is for. */
interface Step {
  readonly path: string;
  readonly change: Change;
}

/**
 * Restores a JSON document and returns the exit status. A faulty document changes nothing. What a document does not tell
 * of - services, timeouts or daemons - stays as it is. A refusal by the kernel is told with its place, and the rest goes on.
 */
export async function restoreDocument(
  pieces: AsyncIterable<Uint8Array>,
  mode: RestoreMode,
  withClient: (use: (client: IpvsClient) => Promise<number>) => Promise<number>,
  host: Host,
): Promise<number> {
  const desired = await readDocument(pieces).catch(asDocumentError);
  if (desired instanceof DocumentError) {
    host.stderr.write(`${desired.message}\n`);
    return exitStatus.usage;
  }
  return withClient((client) => settle(carryOut(desired, mode, client, host), "daemons", host));
}

function asDocumentError(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  throw error;
}

/**
 * The changes in their order. Daemons stop before servers are added and start after: the kernel takes no server of another
 * family than its service's while one runs. A daemon that runs as the document wants it is left running.
 */
function* planSteps(desired: DesiredState, mode: RestoreMode, running: readonly Daemon[]): Generator<Step> {
  const { services, timeouts, daemons = [] } = desired;
  if (services && mode === "replace") yield { path: "services", change: { command: "flush" } };
  const unwanted = running.filter((one) => !daemons.some((wanted) => isAs(one, wanted)));
  if (mode === "replace") {
    for (const { state, syncId } of unwanted) {
      yield { path: "daemons", change: { command: "stop-daemon", state, syncId } };
    }
  }
  if (timeouts) yield { path: "timeouts", change: { command: "set-timeouts", timeouts } };
  for (const [index, { service, destinations }] of (services ?? []).entries()) {
    const path = `services[${index}]`;
    yield { path, change: { command: "add-service", service } };
    for (const [position, destination] of destinations.entries()) {
      yield { path: `${path}.destinations[${position}]`, change: { command: "add-destination", service, destination } };
    }
  }
  for (const [index, daemon] of daemons.entries()) {
    if (running.some((one) => isAs(one, daemon))) continue;
    yield { path: `daemons[${index}]`, change: { command: "start-daemon", daemon } };
  }
}

/** Whether a daemon runs as another one would be started; what that leaves to the kernel may be anything. */
function isAs(running: Daemon, wanted: Daemon): boolean {
  return Object.entries(wanted).every(([name, value]) => running[name as keyof Daemon] === value);
}

/** Makes the changes, and prints refusals in their order. */
async function carryOut(desired: DesiredState, mode: RestoreMode, client: IpvsClient, host: Host): Promise<number> {
  const running = desired.daemons ? await client.daemons() : [];
  let steps: Step[] = [];
  let status: number = exitStatus.success;
  const make = async () => {
    const outcomes = await client.change(steps.map(({ change }) => change));
    for (const [index, { path }] of steps.entries()) {
      const refusal = outcomes[index];
      if (refusal !== undefined) status = refuse(refusal, path, host);
    }
    steps = [];
  };
  for (const step of planSteps(desired, mode, running)) {
    steps.push(step);
    if (steps.length >= batchSize) await make();
  }
  await make();
  return status;
}

/** The exit status of something that concerns a part of the document, a refusal printed. */
async function settle(running: Promise<number>, path: string, host: Host): Promise<number> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    return refuse(error, path, host);
  }
}

function refuse(error: IpvsError, path: string, host: Host): number {
  host.stderr.write(`${path}: ${error.message}\n`);
  return exitStatus.changeRefused;
}
