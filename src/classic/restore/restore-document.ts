import { exitStatus } from "../../cli/exit-status.js";
import { DocumentError } from "../../format/json/document-error.js";
import { readDocument } from "../../format/json/read-document.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { IpvsError, type Operation } from "../../ipvs/ipvs-error.js";
import { readState } from "../../ipvs/read-table.js";
import type { DesiredState } from "../../model/desired.js";
import { applySteps } from "../../plan/apply.js";
import { findDifference, type PlanMode, partsToRead } from "../../plan/difference.js";
import { toSteps } from "../../plan/steps.js";

/**
 * Restores a JSON document and returns the exit status: on top of what there is (`add`: -R), or in place of it (`replace`:
 * ipvsadm-restore), where only what differs is changed. A faulty document changes nothing. Services, timeouts or daemons
 * that a document does not have stay as they are. A refusal by the kernel is reported with its place, and the rest goes on.
 */
export async function restoreDocument(
  pieces: AsyncIterable<Uint8Array>,
  mode: PlanMode,
  withClient: (use: (client: IpvsClient) => Promise<number>) => Promise<number>,
  host: Host,
): Promise<number> {
  const desired = await readDocument(pieces).catch(asDocumentError);
  if (desired instanceof DocumentError) {
    host.stderr.write(`${desired.message}\n`);
    return exitStatus.usage;
  }
  return withClient((client) => change(client, desired, mode, host));
}

function asDocumentError(error: unknown): DocumentError {
  if (error instanceof DocumentError) return error;
  throw error;
}

async function change(client: IpvsClient, desired: DesiredState, mode: PlanMode, host: Host): Promise<number> {
  let status: number = exitStatus.success;
  const refuse = (path: string, { message }: IpvsError) => {
    host.stderr.write(`${path}: ${message}\n`);
    status = exitStatus.changeRefused;
  };
  try {
    const current = await readState(client, partsToRead(desired, mode));
    const steps = toSteps(findDifference(desired, current, mode), mode);
    for await (const { path, error } of applySteps(steps, client)) refuse(path, error);
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    refuse(partRead[error.operation] ?? "services", error);
  }
  return status;
}

/** The part of the document that an operation reads; any other reads the services. */
const partRead: Partial<Record<Operation, keyof DesiredState>> = {
  "get timeouts": "timeouts",
  "get daemons": "daemons",
};
