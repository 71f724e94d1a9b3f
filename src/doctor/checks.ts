import type { Check } from "./check.js";
import { claimChecks } from "./checks/claims.js";
import { conntrackChecks } from "./checks/conntrack.js";
import { dropChecks } from "./checks/drops.js";
import { liveChecks } from "./checks/live.js";
import { machineChecks } from "./checks/machine.js";
import { plannedChecks } from "./checks/planned.js";
import { reachChecks } from "./checks/reach.js";
import { realServerChecks } from "./checks/real-server.js";
import { settingChecks } from "./checks/settings.js";
import { syncChecks } from "./checks/sync.js";
import { tableChecks } from "./checks/table.js";
import { tunnelChecks } from "./checks/tunnel-overhead.js";

/** Everything that is examined, in the order of the findings: first what goes wrong now. */
export const checks: readonly Check[] = [
  ...liveChecks,
  ...dropChecks,
  ...tableChecks,
  ...plannedChecks,
  ...reachChecks,
  ...claimChecks,
  ...settingChecks,
  ...conntrackChecks,
  ...syncChecks,
  ...machineChecks,
  ...realServerChecks,
  ...tunnelChecks,
];

export const checkIds: readonly string[] = checks.map(({ id }) => id);
