import type { IpvsClient } from "../ipvs/client.js";
import type { NameResolver } from "../names/resolver.js";
import type { Clock } from "../platform/clock.js";
import type { TerminalEvents } from "../platform/terminal.js";
import type { ProcFiles } from "../proc/proc-files.js";

/** A standard stream to write to. */
export interface Output {
  /** Writes bytes: an array, which is used before this returns, or a byte string (one character per byte). */
  write(bytes: string | Uint8Array): void;
  /** Writes Unicode text as UTF-8, immediately. */
  writeText(text: string): void;
}

/** The terminal taken over as a whole screen. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  /** Shows the lines from the first row on, and clears the rows below them. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back and stops the process, as Ctrl-Z does; takes the terminal again when it continues. */
  suspend(): void;
  /** Gives the terminal back and ends the process as the signal would. */
  die(signal: NodeJS.Signals): void;
  /** Gives the terminal back. */
  close(): void;
}

/** The terminal that standard output may be. */
export interface HostTerminal {
  /** Whether standard output is a terminal. */
  isOutput(): Promise<boolean>;
  /** Takes the terminal over until the screen is closed or the process ends. */
  open(events: TerminalEvents): Promise<Screen>;
}

/**
 * Everything by which a program touches the world. The real one is in `system-host.ts`; tests hand in one of their own,
 * whose clock, files and kernel they control.
 */
export interface Host {
  readonly stdout: Output;
  /** What is written here comes after everything that was written to `stdout` before. */
  readonly stderr: Output;
  /** Standard input in chunks, as they arrive. Reading blocks the process, so callers finish pending work first. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted when the work is to end. Absent where it runs until it is done or killed. */
  readonly signal?: AbortSignal | undefined;
  readonly resolver: NameResolver;
  /** The files of /proc/net. */
  readonly proc: ProcFiles;
  readonly terminal: HostTerminal;
  /** Writes one line for a person who looks for a fault. */
  log(line: string): void;
  /**
   * Connects to the kernel's ip_vs. With `loadModule`, a connection that fails is tried again after `modprobe ip_vs`, as
   * ipvsadm does. Rejects with an IpvsError "initialize".
   */
  openKernel(options: { readonly loadModule: boolean }): Promise<IpvsClient>;
}
