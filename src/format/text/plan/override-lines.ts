import { destinationIdentity, serviceIdentity } from "../../../model/identity.js";
import type { Override, OverrideKind } from "../../../model/override.js";

const words: Readonly<Record<OverrideKind, string>> = { drain: "by drain", ramp: "by ramp", hold: "held" };

/** An override as one line: `server 10.0.0.2:80 of tcp 192.0.2.10:80 weight 0 by drain since 2026-11-26T03:45:12Z`. */
export function describeOverride(override: Override): string {
  const { service, destination } = override;
  return `server ${destinationIdentity(destination)} of ${serviceIdentity(service)} ${describeHold(override)}`;
}

/** Who holds which weight since when: `weight 0 by drain since 2026-11-26T03:45:12Z`. */
function describeHold({ weight, kind, since, reason }: Override): string {
  const why = reason === undefined ? "" : `: ${reason}`;
  return `weight ${weight} ${words[kind]} since ${since.replace(/\.\d+Z$/, "Z")}${why}`;
}
