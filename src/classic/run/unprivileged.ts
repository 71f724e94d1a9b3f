import { exitStatus } from "../../cli/exit-status.js";
import { asUsageError, UsageError } from "../../cli/usage-error.js";
import type { Host } from "../../host/host.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import { serviceIdentity } from "../../model/identity.js";
import { errnoOf } from "../../platform/errno.js";
import { ProcError } from "../../proc/proc-error.js";
import type { ProcFiles } from "../../proc/proc-files.js";
import { readKnownTotals } from "../../proc/proc-stats.js";
import { readTableTitle } from "../../proc/table-title.js";
import { readProcSnapshot } from "../../watch/proc-snapshot.js";
import type { ListSubject, View } from "../grammar/invocation.js";
import { parseCommandLine } from "../grammar/parse.js";
import { firstBatchOf, type Parts, printDocumentParts } from "./show-json.js";

/**
 * Prints what /proc has, if the command line is a listing that accepts this and the kernel refuses to answer; returns the exit
 * status then. Undefined where the command line is to run like any other.
 */
export async function runUnprivileged(
  programName: string,
  args: readonly string[],
  host: Host,
): Promise<number | undefined> {
  const parsed = await parseCommandLine(args, { programName, resolver: host.resolver }).catch(asUsageError);
  if (parsed instanceof UsageError || parsed.command !== "list" || !parsed.unprivileged) return undefined;
  const obstacle = obstacleOf(parsed);
  if (obstacle !== undefined) {
    host.stderr.write(`${obstacle}\n`);
    return exitStatus.usage;
  }
  const proc = parsed.proc === undefined ? host.proc : host.proc.at(parsed.proc);
  if (parsed.proc === undefined && (await mayAskKernel(host))) return undefined;
  try {
    await printDocumentParts(
      { ...(await readProcParts(parsed.subject, parsed.format.sorted, proc)), source: "proc" },
      true,
      host,
    );
    return exitStatus.success;
  } catch (error) {
    if (!(error instanceof IpvsError || error instanceof ProcError)) throw error;
    host.stderr.writeText(`${error.message}\n`);
    return exitStatus.viewRefused;
  }
}

/** What /proc cannot give. */
function obstacleOf({ subject, json }: View & { readonly command: "list" }): string | undefined {
  if (subject.kind === "timeouts" || subject.kind === "daemons") {
    return `/proc has no ${subject.kind === "timeouts" ? "timeouts" : "sync daemons"}; only the kernel has them, for root`;
  }
  return json ? undefined : "/proc is listed with --json only: the columns of text have no place for what is not known";
}

/** Errors of a kernel or a sandbox that refuses this process a netlink socket or an answer. */
const refusedCodes: ReadonlySet<string> = new Set(["EPERM", "EACCES", "EAFNOSUPPORT"]);

/** Whether to run as with privileges: with the kernel, or up to its error. */
async function mayAskKernel(host: Host): Promise<boolean> {
  try {
    (await host.openKernel({ loadModule: false })).close();
    return true;
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    return !refusedCodes.has(error.code);
  }
}

async function readProcParts(subject: ListSubject, sorted: boolean, proc: ProcFiles): Promise<Omit<Parts, "source">> {
  if (subject.kind === "connections") {
    return { info: readTableTitle(proc), connections: firstBatchOf(proc) };
  }
  const { info, services } = await readProcSnapshot(proc, sorted);
  if (subject.kind !== "service") {
    const totals = readKnownTotals(proc);
    return { info, services, ...(totals && { totals }) };
  }
  const identity = serviceIdentity(subject.key);
  const found = services.filter(({ service }) => serviceIdentity(service) === identity);
  if (found.length === 0) throw new IpvsError("get service", errnoOf("ESRCH"));
  return { info, services: found };
}
