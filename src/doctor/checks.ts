import type { Check } from "./check.js";
import { conntrackChecks } from "./checks/conntrack.js";
import { liveChecks } from "./checks/live.js";
import { plannedChecks } from "./checks/planned.js";
import { reachChecks } from "./checks/reach.js";
import { realServerChecks } from "./checks/real-server.js";
import { settingChecks } from "./checks/settings.js";
import { syncChecks } from "./checks/sync.js";
import { tableChecks } from "./checks/table.js";

/** Everything that is examined, in the order of the findings: first what goes wrong now. */
export const checks: readonly Check[] = [
  ...liveChecks,
  ...tableChecks,
  ...plannedChecks,
  ...reachChecks,
  ...settingChecks,
  ...conntrackChecks,
  ...syncChecks,
  ...realServerChecks,
];

export const checkIds: readonly string[] = checks.map(({ id }) => id);
