import { ProcError, ProcFormatError } from "./proc-error.js";
import { PROC_NET, type ProcFiles } from "./proc-files.js";

/** What an error means, and what to do about it, for a file of ip_vs that is not there; any other error as it is. */
export function explainReadError(error: unknown, proc: ProcFiles): unknown {
  if (error instanceof ProcFormatError) return proc.folder === PROC_NET ? error : error.in(proc.folder);
  if (!(error instanceof ProcError) || error.code !== "ENOENT") return error;
  const { path = "", code } = error;
  const reason = proc.isThere()
    ? `${path} does not exist: the kernel has no IPVS, or its module ip_vs is not loaded`
    : proc.folder === PROC_NET
      ? "/proc/net does not exist: /proc is not mounted, or is hidden from this process (as by ProcSubset=pid in a systemd unit)"
      : `${proc.folder} does not exist: there is no /proc there, or no network in it`;
  return new ProcError(reason, { cause: error, path, code });
}
