/** Weights of servers that are held, whatever a file says, and why. */
import { destinationIdentity, serviceIdentity } from "./identity.js";
import type { DestinationKey, ServiceKey } from "./table.js";

/** Why a weight is held. */
export const overrideKinds = ["drain", "ramp", "hold"] as const;
/** `drain`: the server is taken out. `ramp`: its weight is changing step by step. `hold`: somebody requested it. */
export type OverrideKind = (typeof overrideKinds)[number];

/** A weight that stays as it is whatever a file says, until it is given back. */
export interface Override {
  readonly service: ServiceKey;
  readonly destination: DestinationKey;
  /** The weight that the server has in the meantime. */
  readonly weight: number;
  readonly kind: OverrideKind;
  /** UTC, RFC 3339. */
  readonly since: string;
  readonly reason?: string | undefined;
  /** The weight that undrain gives back. */
  readonly previousWeight: number;
  /** Whether the service got the fallback flag of its scheduler, which undrain removes. */
  readonly addedFallback?: boolean | undefined;
}

/** Identifies an override: there is at most one per server of a service. */
export type OverrideKey = Pick<Override, "service" | "destination">;

/** The text that stands for the key, one for one. */
export function overrideIdentity({ service, destination }: OverrideKey): string {
  return `${serviceIdentity(service)} ${destinationIdentity(destination)}`;
}
