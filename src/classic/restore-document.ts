import type { Change } from "../ipvs/change.js";
import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/errors.js";
import type { Daemon } from "../ipvs/model.js";
import { DocumentError } from "../json/errors.js";
import type { Configuration } from "../json/from-document.js";
import { readDocument } from "../json/parse-document.js";
import type { Effects } from "./effects.js";
import { exitStatus } from "./exit-status.js";
import { mostChanges } from "./most-changes.js";

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
  effects: Effects,
): Promise<number> {
  const configuration = await readDocument(pieces).catch(asDocumentError);
  if (configuration instanceof DocumentError) {
    effects.error(`${configuration.message}\n`);
    return exitStatus.documentFault;
  }
  return withClient((client) => settle(carryOut(configuration, mode, client, effects), "daemons", effects));
}

function asDocumentError(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  throw error;
}

/**
 * The changes in their order. Daemons stop before servers are added and start after: the kernel takes no server of another
 * family than its service's while one runs. A daemon that runs as the document wants it is left running.
 */
function* planSteps(configuration: Configuration, mode: RestoreMode, running: readonly Daemon[]): Generator<Step> {
  const { services, timeouts, daemons = [] } = configuration;
  if (services && mode === "replace") yield { path: "services", change: { command: "flush" } };
  const unwanted = running.filter((one) => !daemons.some((wanted) => isAs(one, wanted)));
  if (mode === "replace") {
    for (const { state, syncId } of unwanted) {
      yield { path: "daemons", change: { command: "stop-daemon", state, syncId } };
    }
  }
  if (timeouts) yield { path: "timeouts", change: { command: "set", timeouts } };
  for (const [index, { service, destinations }] of (services ?? []).entries()) {
    const path = `services[${index}]`;
    yield { path, change: { command: "add-service", service } };
    for (const [position, destination] of destinations.entries()) {
      yield { path: `${path}.destinations[${position}]`, change: { command: "add-server", service, destination } };
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
async function carryOut(
  configuration: Configuration,
  mode: RestoreMode,
  client: IpvsClient,
  effects: Effects,
): Promise<number> {
  const running = configuration.daemons ? await client.daemons() : [];
  let steps: Step[] = [];
  let status: number = exitStatus.success;
  const make = async () => {
    const outcomes = await client.change(steps.map(({ change }) => change));
    for (const [index, { path }] of steps.entries()) {
      const refusal = outcomes[index];
      if (refusal !== undefined) status = refuse(refusal, path, effects);
    }
    steps = [];
  };
  for (const step of planSteps(configuration, mode, running)) {
    steps.push(step);
    if (steps.length >= mostChanges) await make();
  }
  await make();
  return status;
}

/** The exit status of something that concerns a part of the document, a refusal printed. */
async function settle(running: Promise<number>, path: string, effects: Effects): Promise<number> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    return refuse(error, path, effects);
  }
}

function refuse(error: IpvsError, path: string, effects: Effects): number {
  effects.error(`${path}: ${error.message}\n`);
  return exitStatus.changeRefused;
}
