import type { Host } from "../host/host.js";
import type { DesiredState } from "../model/desired.js";
import type { Check } from "./check.js";
import type { Subject } from "./facts.js";
import type { Finding } from "./finding.js";
import { judge } from "./judge.js";
import { look } from "./look.js";

/** How an examination is made. */
export interface ExaminationOptions {
  readonly checks: readonly Check[];
  readonly subject: Subject;
  /** A table to examine in place of the kernel's. */
  readonly planned?: DesiredState | undefined;
  /** Seconds between two looks, from which growing counters are known. Without it there is one look. */
  readonly watch?: number | undefined;
}

/** Examines the machine, and changes nothing. The findings are in the order of the checks. */
export async function examine(host: Host, { checks, subject, planned, watch }: ExaminationOptions): Promise<Finding[]> {
  const first = await look(host, checks, subject, planned);
  if (watch === undefined) return judge(first, checks);
  await host.clock.sleep(1000 * watch, host.signal);
  return judge({ ...(await look(host, checks, subject, planned)), earlier: first }, checks);
}
