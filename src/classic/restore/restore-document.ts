import { exitStatus } from "../../cli/exit-status.js";
import { DocumentError } from "../../format/json/document-error.js";
import { readDocument } from "../../format/json/read-document.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import { readTable } from "../../ipvs/read-table.js";
import type { DesiredState } from "../../model/desired.js";
import { applySteps } from "../../plan/apply.js";
import { type CurrentState, findDifference } from "../../plan/difference.js";
import { planAdditions, planSteps, type Step } from "../../plan/steps.js";

/** Whether a document is added to the table (`-R`), or the table becomes what it says (`ipvsadm-restore`). */
export type RestoreMode = "add" | "replace";

/**
 * Restores a JSON document and returns the exit status. An illegal document changes nothing. Parts that a document does not
 * have - services, timeouts or daemons - stay as they are. A refusal by the kernel is reported with its path, and the rest
 * goes on.
 */
export async function restoreDocument(
  chunks: AsyncIterable<Uint8Array>,
  mode: RestoreMode,
  withClient: (use: (client: IpvsClient) => Promise<number>) => Promise<number>,
  host: Host,
): Promise<number> {
  const desired = await readDocument(chunks).catch(asDocumentError);
  if (desired instanceof DocumentError) {
    host.stderr.write(`${desired.message}\n`);
    return exitStatus.usage;
  }
  return withClient((client) => applyDocument(desired, mode, client, host));
}

function asDocumentError(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  throw error;
}

async function applyDocument(
  desired: DesiredState,
  mode: RestoreMode,
  client: IpvsClient,
  host: Host,
): Promise<number> {
  let status: number = exitStatus.success;
  const report = (path: string, error: IpvsError) => {
    host.stderr.write(`${path}: ${error.message}\n`);
    status = exitStatus.changeRefused;
  };
  const read = await readCurrent(desired, mode, client);
  if ("error" in read) report(read.path, read.error);
  else for await (const { path, error } of applySteps(stepsFor(desired, mode, read), client)) report(path, error);
  return status;
}

function stepsFor(desired: DesiredState, mode: RestoreMode, current: CurrentState): Iterable<Step> {
  return mode === "replace"
    ? planSteps(findDifference(desired, current))
    : planAdditions(desired, current.daemons ?? []);
}

interface Unreadable {
  readonly path: string;
  readonly error: IpvsError;
}

/** Reads the parts of the table that the document is compared with. */
async function readCurrent(
  desired: DesiredState,
  mode: RestoreMode,
  client: IpvsClient,
): Promise<CurrentState | Unreadable> {
  const replaces = mode === "replace";
  const readers: readonly [part: keyof DesiredState, isNeeded: boolean, read: () => Promise<CurrentState>][] = [
    ["services", replaces, async () => ({ services: await readTable(client) })],
    ["timeouts", replaces, async () => ({ timeouts: await client.timeouts() })],
    ["daemons", true, async () => ({ daemons: await client.daemons() })],
  ];
  let current: CurrentState = {};
  for (const [part, isNeeded, read] of readers) {
    if (!isNeeded || desired[part] === undefined) continue;
    try {
      current = { ...current, ...(await read()) };
    } catch (error) {
      if (!(error instanceof IpvsError)) throw error;
      return { path: part, error };
    }
  }
  return current;
}
