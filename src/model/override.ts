/** Who holds the weight of a server against what a file says, and why. */
import { destinationIdentity, serviceIdentity } from "./identity.js";
import type { DestinationKey, ServiceKey } from "./table.js";

/** Why a weight is held. */
export const overrideKinds = ["drain", "ramp", "hold"] as const;
/** `drain`: the server is taken out. `ramp`: its weight is on the way to another. `hold`: somebody wants it so. */
export type OverrideKind = (typeof overrideKinds)[number];

/** A weight that stays as it is whatever a file says, until it is given back. */
export interface Override {
  readonly service: ServiceKey;
  readonly destination: DestinationKey;
  /** The weight that the server has meanwhile. */
  readonly weight: number;
  readonly kind: OverrideKind;
  /** UTC, RFC 3339. */
  readonly since: string;
  readonly reason?: string | undefined;
  /** The weight that undrain gives back. */
  readonly previousWeight: number;
  /** The service was given the fallback flag of its scheduler, which undrain takes away. */
  readonly addedFallback?: boolean | undefined;
}

/** The server of a service, of which there is at most one override. */
export type OverrideKey = Pick<Override, "service" | "destination">;

/** The text that stands for a server of a service, one for one. */
export function overrideIdentity({ service, destination }: OverrideKey): string {
  return `${serviceIdentity(service)} ${destinationIdentity(destination)}`;
}
