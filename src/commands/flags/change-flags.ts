import * as Flags from "@oclif/core/flags";
import { UsageError } from "../../cli/usage-error.js";
import { longestWait, parseShortTime } from "./durations.js";

/** The flags of every verb that changes the table. */
export const changeFlags = {
  "dry-run": Flags.boolean({ summary: "Show what would be changed, and change nothing." }),
  wait: Flags.string({
    summary: "Wait up to TIME for another command that changes the table: 30s, 5m, or seconds.",
    helpValue: "TIME",
    default: "0",
  }),
  "undo-folder": Flags.string({
    summary: "Keep what `ipvsadm undo` needs in FOLDER instead of /var/lib/ipvsadm/undo.",
    helpValue: "FOLDER",
  }),
  json: Flags.boolean({ summary: "Print one JSON document." }),
};

/** Throws a UsageError for a relative path: an undo from another current folder would not find it. */
export function checkUndoFolder(path: string | undefined): void {
  if (path === undefined || path.startsWith("/")) return;
  throw new UsageError(`--undo-folder takes an absolute path, not ${path}`);
}

/** Seconds to wait, up to `longestWait`. Throws a UsageError. */
export function parseWait(text: string): number {
  const seconds = parseShortTime(text);
  if (seconds <= parseShortTime(longestWait)) return seconds;
  throw new UsageError(`--wait takes a time such as 30s or 5m, up to ${longestWait}, not ${JSON.stringify(text)}`);
}
