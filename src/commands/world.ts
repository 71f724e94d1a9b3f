import type { IpvsClient } from "../ipvs/client.js";
import type { NameResolver } from "../names/names.js";

/** Everything by which a command touches the world, besides the terminal. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes Unicode text to standard output, at once. */
  output(text: string): void;
  error(text: string): void;
  /** A connection to ip_vs; its module is not loaded. Rejects with an IpvsError. */
  openClient(): Promise<IpvsClient>;
  readonly resolver: NameResolver;
}
