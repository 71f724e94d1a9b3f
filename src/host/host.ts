import type { IpvsClient } from "../ipvs/client.js";
import type { NameResolver } from "../names/resolver.js";
import type { Clock } from "../platform/clock.js";
import type { HttpEndpoint, HttpHandler, HttpServer } from "../platform/network/http-server.js";
import type { LockOptions, Release } from "../platform/state/lock-file.js";
import type { StateFolder } from "../platform/state/state-folder.js";
import type { TerminalEvents } from "../platform/terminal.js";
import type { ProcFiles } from "../proc/proc-files.js";
import type { NetworkClient } from "../rtnetlink/client.js";
import type { Progress } from "./progress-line.js";

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

/** The terminals of the standard streams, and the one that controls the process, where there are any. */
export interface HostTerminal {
  /** Whether standard output is a terminal. */
  isOutput(): Promise<boolean>;
  /** Takes the terminal over until the screen is closed or the process ends. */
  open(events: TerminalEvents): Promise<Screen>;
  /** Whether standard input is a terminal. */
  isInput(): Promise<boolean>;
  /** Whether standard error is a terminal. */
  isError(): Promise<boolean>;
  /** The line on standard error that shows progress. It does nothing where that is not a terminal, or cannot clear a line. */
  progress(): Promise<Progress>;
  /**
   * Asks a yes-or-no question, even where standard streams are redirected. Undefined without a terminal. The signal ends the
   * wait, and its reason rejects.
   */
  confirm(question: string, signal?: AbortSignal): Promise<boolean | undefined>;
}

/** Files besides those of /proc. Paths and names are byte strings, as arguments are. */
export interface HostFiles {
  /**
   * The bytes of any file that a user names, as they arrive. Opening and reading block the process, and a signal that
   * `interrupt` catches. Rejects with a FileError.
   */
  read(path: string): AsyncIterable<Uint8Array>;
  /** The names of what is in a folder of the system, sorted. Rejects with a FileError. */
  list(path: string): Promise<readonly string[]>;
  /** Where a symbolic link of the system leads, as it is written. Rejects with a FileError. */
  link(path: string): Promise<string>;
  /** Gives a file that a user names a new content and mode, as a whole or not at all. Rejects with a FileError. */
  replace(path: string, mode: number, pieces: Iterable<string>): Promise<void>;
  /** A folder for state of the program's own, by its absolute path. Nothing is touched yet. */
  folder(path: string): StateFolder;
}

/** The folders for state. They and the folders below them are the program's own. */
export interface StateFolders {
  /** For state that ends with the table, at a reboot. */
  readonly run: string;
  /** For state that outlives a reboot. */
  readonly lib: string;
}

/** Why a network namespace cannot be entered. */
export interface NamespaceRefusal {
  /** The errno's name; empty where the system did not refuse. */
  readonly code: string;
  readonly reason: string;
}

/** How the kernel is reached. */
export interface KernelOptions {
  /** Whether a connection that fails is tried again after `modprobe ip_vs`, as ipvsadm does. */
  readonly loadModule: boolean;
  /**
   * Whether long replies are read in small parts, between which everything else in the process gets its turn. Replies
   * then settle in their own time, and not in the order of the requests.
   */
  readonly patient?: boolean;
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
  readonly files: HostFiles;
  readonly stateFolders: StateFolders;
  /**
   * Resolves to a function to call after each piece of work that makes much garbage, so that the process stays small. Only
   * for commands: the memory of somebody else's program is not ours to tidy.
   */
  keepSmall(): Promise<() => void>;
  /**
   * Moves the process into the network namespace of a file, whose path is a byte string. `proc` and everything below then
   * use that namespace. Resolves to the reason where it cannot be entered. Must come before anything else: on Node the
   * program starts again in the namespace, and this never settles.
   */
  enterNetworkNamespace(path: string): Promise<NamespaceRefusal | undefined>;
  /** The number of this process's network namespace, which names the folder of its state in `run`. */
  networkNamespace(): Promise<string>;
  /**
   * Milliseconds of the clock since which something keeps the namespace's file, as `ip netns add` does. The number may have been
   * another namespace's before. Undefined where nothing keeps it, and for the namespace of process 1.
   */
  networkNamespaceSince(): Promise<number | undefined>;
  /**
   * Takes the lock of the network namespace's table: every verb that changes the table takes it first. Rejects with a
   * LockError, a FileError or the signal's reason. The lock ends with the process at the latest.
   */
  lock(options: LockOptions): Promise<Release>;
  /**
   * From now on the first SIGHUP, SIGINT or SIGTERM does not end the process: it aborts the signal that is returned, with an
   * Interrupted as its reason. The next one ends the process. Every call returns the same signal.
   */
  interrupt(): Promise<AbortSignal>;
  /**
   * The addresses of a network interface in canonical text, of both families, also if it is down. None where there is no
   * such interface. The name is a byte string. Rejects with a NetlinkError.
   */
  interfaceAddresses(name: string): Promise<readonly string[]>;
  /** Connects to rtnetlink, where every user can read the kernel's network. Rejects with a NetlinkError. */
  openNetwork(): Promise<NetworkClient>;
  /** Writes one line for a person who looks for a fault. */
  log(line: string): void;
  /** Connects to the kernel's ip_vs. Rejects with an IpvsError "initialize". */
  openKernel(options: KernelOptions): Promise<IpvsClient>;
  /** Answers HTTP requests until the server is closed. Rejects with a SystemError where it cannot listen there. */
  listenHttp(endpoint: HttpEndpoint, handle: HttpHandler): Promise<HttpServer>;
}
