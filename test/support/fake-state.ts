import type { Host } from "../../src/host/host.js";
import type { Clock } from "../../src/platform/clock.js";
import { errnoOf } from "../../src/platform/errno.js";
import { FileError } from "../../src/platform/state/file-error.js";
import { LockError } from "../../src/platform/state/lock-error.js";
import type { LockOptions, Release } from "../../src/platform/state/lock-file.js";
import { isStateName, type StateFolder } from "../../src/platform/state/state-folder.js";
import { SystemError } from "../../src/platform/system-calls.js";

/** What fake hosts keep and lock, in memory. Hosts that share it are processes of one system. */
export class FakeState {
  /** Folders by path, and in them the text of their files by name. */
  readonly folders = new Map<string, Map<string, string>>();
  /** The files of users that were replaced, by path. */
  readonly replaced = new Map<string, { readonly mode: number; readonly text: string }>();
  /** What the next `write` of any folder, or the next `replace`, is refused with. */
  refusal: SystemError | undefined;
  namespaceSince: number | undefined;
  #holder: { readonly command: string; readonly since: number } | undefined;
  readonly #process = 1234;

  folder(path: string): StateFolder {
    const checkPath = () => {
      if (!path.startsWith("/")) throw new FileError(path, "a folder needs an absolute path");
    };
    const checked = (name: string): void => {
      checkPath();
      if (!isStateName(name)) throw new RangeError(`not the name of a state file: ${JSON.stringify(name)}`);
    };
    return {
      list: async () => {
        checkPath();
        return [...(this.folders.get(path)?.keys() ?? [])].sort();
      },
      read: async (name) => {
        checked(name);
        const text = this.folders.get(path)?.get(name);
        return text === undefined ? undefined : Buffer.from(text, "utf8");
      },
      write: async (name, chunks) => {
        checked(name);
        const text = [...chunks].join("");
        const { refusal } = this;
        this.refusal = undefined;
        if (refusal !== undefined) throw new FileError(`${path}/${name}`, refusal);
        this.folders.set(path, (this.folders.get(path) ?? new Map()).set(name, text));
      },
      remove: async (name) => {
        checked(name);
        this.folders.get(path)?.delete(name);
      },
    };
  }

  async lock(clock: Clock, { command, wait = 0, signal }: LockOptions): Promise<Release> {
    signal?.throwIfAborted();
    const end = clock.monotonic() + wait * 1000;
    while (this.#holder !== undefined) {
      const left = end - clock.monotonic();
      if (left <= 0) {
        const held = Math.round((clock.now() - this.#holder.since) / 1000);
        throw new LockError({ command: this.#holder.command, process: this.#process, held }, wait);
      }
      await clock.sleep(Math.min(100, left), signal);
      signal?.throwIfAborted();
    }
    const holder = { command, since: clock.now() };
    this.#holder = holder;
    return () => {
      if (this.#holder === holder) this.#holder = undefined;
    };
  }

  /** What a host has of it. A user's files are text as a byte string, or the refusal. */
  hostParts(
    clock: Clock,
    userFiles: Readonly<Record<string, string | SystemError>>,
    interrupt: AbortSignal,
  ): Pick<Host, "files" | "stateFolders" | "networkNamespace" | "networkNamespaceSince" | "lock" | "interrupt"> {
    return {
      files: {
        async *read(path) {
          const content = userFiles[path] ?? new SystemError(errnoOf("ENOENT"));
          if (content instanceof SystemError) throw new FileError(path, content);
          if (content !== "") yield Buffer.from(content, "latin1");
        },
        list: async (path) => {
          const names = Object.keys(userFiles)
            .filter((file) => file.startsWith(`${path}/`))
            .map((file) => file.slice(path.length + 1).replace(/\/.*/, ""));
          if (names.length === 0) throw new FileError(path, new SystemError(errnoOf("ENOENT")));
          return [...new Set(names)].sort();
        },
        link: async (path) => {
          const content = userFiles[path] ?? new SystemError(errnoOf("ENOENT"));
          if (content instanceof SystemError) throw new FileError(path, content);
          return content;
        },
        replace: async (path, mode, pieces) => {
          const { refusal } = this;
          this.refusal = undefined;
          if (refusal !== undefined) throw new FileError(path, refusal);
          this.replaced.set(path, { mode, text: [...pieces].join("") });
        },
        folder: (path) => this.folder(path),
      },
      stateFolders: { run: "/run/ipvsadm", lib: "/var/lib/ipvsadm" },
      networkNamespace: async () => "4026531840",
      networkNamespaceSince: async () => this.namespaceSince,
      lock: (options) => this.lock(clock, options),
      interrupt: async () => interrupt,
    };
  }
}
