import type { Host, NamespaceRefusal, Output, Screen } from "../../src/host/host.js";
import type { IpvsClient } from "../../src/ipvs/client.js";
import { IpvsError } from "../../src/ipvs/ipvs-error.js";
import type { NameResolver } from "../../src/names/resolver.js";
import { netlinkError } from "../../src/netlink/codec/netlink-error.js";
import type { Clock } from "../../src/platform/clock.js";
import { errnoOf } from "../../src/platform/errno.js";
import { type FileCalls, SystemError } from "../../src/platform/system-calls.js";
import { ProcFiles } from "../../src/proc/proc-files.js";
import type { NetworkClient } from "../../src/rtnetlink/client.js";
import { FakeState } from "./fake-state.js";

const mostSleeps = 100_000;

/** A clock that stands still until somebody sleeps, and then jumps to the end of the sleep. */
export class FakeClock implements Clock {
  #passed = 0;
  #sleeps = 0;

  constructor(private readonly start = Date.parse("2026-11-22T18:24:00Z")) {}

  now(): number {
    return this.start + this.#passed;
  }

  monotonic(): number {
    return this.#passed;
  }

  async sleep(duration: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    // A test whose wait has no end fails, and does not hang.
    if (++this.#sleeps > mostSleeps) throw new Error(`${mostSleeps} sleeps, and the wait is not over`);
    this.#passed += Math.max(0, duration);
    // Whatever waits for something else gets its turn, as it would in the time that passes.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The contents of a file whenever it is opened: text is a byte string; an errno's name refuses. */
export type FakeFile = string | Uint8Array | SystemError;

/** A file system that consists of the given files of one folder. */
function fakeFileCalls(folder: string, files: Readonly<Record<string, () => FakeFile>>): FileCalls {
  const open = new Map<number, Uint8Array>();
  let last = 2;
  return {
    open(path) {
      const file = path.startsWith(`${folder}/`) ? files[path.slice(folder.length + 1)]?.() : undefined;
      if (file === undefined) throw new SystemError(errnoOf("ENOENT"));
      if (file instanceof SystemError) throw file;
      open.set(++last, typeof file === "string" ? Buffer.from(file, "latin1") : file);
      return last;
    },
    read(descriptor, buffer) {
      const rest = open.get(descriptor) ?? new Uint8Array();
      const part = rest.subarray(0, buffer.length);
      buffer.set(part);
      open.set(descriptor, rest.subarray(part.length));
      return part.length;
    },
    close(descriptor) {
      open.delete(descriptor);
    },
  };
}

/** A network without anything. */
const noNetwork: NetworkClient = {
  links: async () => [],
  addresses: async () => [],
  neighbors: async () => [],
  rules: async () => [],
  route: async () => Promise.reject(netlinkError("ENETUNREACH")),
  close() {},
};

/** Knows no name at all. */
export const noNames: NameResolver = {
  hostAddress: async () => undefined,
  hostName: async () => undefined,
  hostNameInBackground: async () => undefined,
  servicePort: () => undefined,
  serviceName: () => undefined,
};

export interface FakeHostOptions {
  /** Standard input, in the chunks in which it arrives. */
  readonly stdin?: readonly string[] | undefined;
  readonly env?: Host["env"];
  /** The files of /proc/net. */
  readonly files?: Readonly<Record<string, () => FakeFile>>;
  /** Without it the kernel refuses with EPERM. */
  readonly openKernel?: Host["openKernel"];
  /** Whether and why a network namespace cannot be entered. Without it every one can. */
  readonly enterNamespace?: (path: string) => NamespaceRefusal | undefined;
  /** Without it every address is in use. */
  readonly listenHttp?: Host["listenHttp"];
  readonly resolver?: NameResolver;
  readonly clock?: Clock;
  /** The screen that standard output is, if it is a terminal. */
  readonly screen?: Partial<Screen>;
  /** The files that a user can name, as byte strings. */
  readonly userFiles?: Readonly<Record<string, string | SystemError>>;
  /** The addresses of network interfaces, by the names of these. */
  readonly interfaces?: Readonly<Record<string, readonly string[]>>;
  /** What rtnetlink reports; without it there is no network. */
  readonly network?: Partial<NetworkClient>;
  /** Its folders and its lock; hosts can share it. */
  readonly state?: FakeState;
  /** Is aborted when a signal is to interrupt the work. Without it none does. */
  readonly interrupt?: AbortSignal;
  /** The answers to questions, in order, on the terminal that the process has. Without it there is none. */
  readonly answers?: readonly boolean[];
  /** What is written to standard output is lost, which is noticed when text has to be written immediately. */
  readonly outputIsFull?: boolean;
  /** Standard error is a terminal, and its progress line is kept in `progress`. */
  readonly errorIsTerminal?: boolean;
  readonly inputIsTerminal?: boolean;
}

/** A host in memory, which keeps what was written to it. */
export interface FakeHost extends Host {
  /** What was written to standard output, as a byte string. */
  readonly output: string;
  /** The same of standard error. */
  readonly error: string;
  /** What the progress line showed. */
  readonly progress: readonly string[];
  /** The questions that were asked. */
  readonly questions: readonly string[];
}

export function makeHost(options: FakeHostOptions = {}): FakeHost {
  const written = { output: "", error: "" };
  const streamTo = (name: keyof typeof written) => ({
    write: (bytes: string | Uint8Array) => {
      written[name] += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
    },
    writeText: (text: string) => {
      written[name] += Buffer.from(text, "utf8").toString("latin1");
    },
  });
  const stderr = streamTo("error");
  const { screen, errorIsTerminal = false, inputIsTerminal = false } = options;
  const clock = options.clock ?? new FakeClock();
  const progress: string[] = [];
  const questions: string[] = [];
  const answers = [...(options.answers ?? [])];
  return {
    progress,
    questions,
    get output() {
      return written.output;
    },
    get error() {
      return written.error;
    },
    stdout: options.outputIsFull ? fullOutput : streamTo("output"),
    stderr,
    stdin: chunksOf(options.stdin ?? []),
    env: options.env ?? {},
    clock,
    resolver: options.resolver ?? noNames,
    proc: new ProcFiles(fakeFileCalls("/proc/net", { dev: () => "", ...options.files })),
    terminal: {
      isOutput: async () => screen !== undefined,
      open: async () => ({ width: 80, height: 24, draw() {}, suspend() {}, die() {}, close() {}, ...screen }),
      isInput: async () => inputIsTerminal,
      isError: async () => errorIsTerminal,
      progress: async () => ({
        show: (text) => {
          if (errorIsTerminal) progress.push(text);
        },
        clear() {},
      }),
      confirm: async (question) => {
        if (options.answers !== undefined) questions.push(question);
        return answers.shift();
      },
    },
    ...(options.state ?? new FakeState()).hostParts(
      clock,
      options.userFiles ?? {},
      options.interrupt ?? new AbortController().signal,
    ),
    keepSmall: async () => () => {},
    enterNetworkNamespace: async (path) => options.enterNamespace?.(path),
    interfaceAddresses: async (name) => options.interfaces?.[name] ?? [],
    openNetwork: async () => ({ ...noNetwork, ...options.network }),
    log: (line) => stderr.writeText(`${line}\n`),
    openKernel: options.openKernel ?? refusingKernel("EPERM"),
    listenHttp: options.listenHttp ?? (() => Promise.reject(new SystemError(errnoOf("EADDRINUSE")))),
  };
}

/** Standard output on a full disk. */
const fullOutput: Output = {
  write() {},
  writeText() {
    throw new Error("write error: No space left on device");
  },
};

/** A kernel that cannot be reached. */
export function refusingKernel(code: Parameters<typeof errnoOf>[0]): () => Promise<IpvsClient> {
  return () => Promise.reject(new IpvsError("initialize", errnoOf(code)));
}

async function* chunksOf(texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, "latin1");
}
