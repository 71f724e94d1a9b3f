import * as Flags from "@oclif/core/flags";
import { UsageError } from "../../cli/usage-error.js";
import type { Host } from "../../host/host.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import { errnoOf } from "../../platform/errno.js";

export const procFlag = {
  proc: Flags.string({
    summary: "Read this folder instead of /proc, and ask the kernel nothing.",
    helpValue: "FOLDER",
  }),
};

/** The host with the files of another /proc, and without the kernel, whose table is another one. Throws a UsageError. */
export function withProc(host: Host, folder: string | undefined): Host {
  if (folder === undefined) return host;
  if (!folder.startsWith("/")) throw new UsageError(`--proc takes an absolute path, not ${folder}`);
  return {
    ...host,
    proc: host.proc.at(folder),
    openKernel: () => Promise.reject(new IpvsError("initialize", errnoOf("EPERM"))),
  };
}
