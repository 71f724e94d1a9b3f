import type { IpvsClient } from "../ipvs/client.js";
import type { NameResolver } from "../names/names.js";

/** Everything by which an ipvsadm command touches the world. Texts are byte strings: one character a byte. */
export interface Effects {
  /** Writes to standard output. Bytes are used before it returns. */
  output(text: string | Uint8Array): void;
  /** Writes to standard error. */
  error(text: string): void;
  /** Standard input, in the pieces in which it comes. */
  readonly input: AsyncIterable<Uint8Array>;
  /** A connection to the kernel's ip_vs, its module loaded where needed. Rejects with an IpvsError of "initialize". */
  openClient(): Promise<IpvsClient>;
  /** The text of /proc/net/ip_vs. Throws the system's error. */
  readTable(): string;
  /** The text of /proc/net/ip_vs_conn, in pieces. Throws the system's error. */
  readConnections(): Iterable<Uint8Array>;
  readonly resolver: NameResolver;
  /** What standard output is, if it is a terminal. */
  terminal(): Promise<{ readonly colour: boolean } | undefined>;
  now(): Date;
}
