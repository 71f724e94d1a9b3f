import { constants } from "node:fs";
import { type FileHandle, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { toFilePath } from "./byte-path.js";
import { asFileError, FileError } from "./file-error.js";
import { OwnFolder, refusals, syncFolder } from "./own-folder.js";

/** A folder for state of the program's own. Its files have names of `[A-Za-z0-9._-]+` that begin with no dot. */
export interface StateFolder {
  /** The names of its files, sorted; none where there is no folder. Rejects with a FileError. */
  list(): Promise<string[]>;
  /** The bytes of a file, or undefined where there is none. Rejects with a FileError. */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Writes a file of mode 0600 as UTF-8, in a folder that is made (0700) where it is missing. The file is there whole and on
   * the disk when this resolves. Where it rejects, with a FileError or the error of the chunks, the file is as it was.
   */
  write(name: string, chunks: Iterable<string>): Promise<void>;
  /** Removes a file, where there is one. Rejects with a FileError. */
  remove(name: string): Promise<void>;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Characters that are gathered for one write. */
const gatheredLength = 256 * 1024;

/** Milliseconds after which an unfinished file is abandoned: its writer was killed. */
const abandonedAfter = 60 * 60 * 1000;

/** A folder of the system. Whatever may have been prepared by somebody else is refused, and no link is followed. */
export class SystemStateFolder implements StateFolder {
  readonly #folder: OwnFolder;

  /** The path is an absolute one, as a byte string; of the bases, see OwnFolder. Throws a FileError. */
  constructor(path: string, bases: readonly string[]) {
    this.#folder = new OwnFolder(path, bases);
  }

  async list(): Promise<string[]> {
    if (!(await this.#folder.isThere())) return [];
    return (await this.#entries()).filter(isStateName).sort();
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(name);
    if (!(await this.#folder.isThere())) return undefined;
    // Not blocking, since a FIFO would wait for a writer.
    const handle = await openFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (handle === undefined) return undefined;
    try {
      if (!(await handle.stat()).isFile()) throw new FileError(path, "not a regular file");
      return await refusals(path, handle.readFile());
    } finally {
      await handle.close();
    }
  }

  async write(name: string, chunks: Iterable<string>): Promise<void> {
    const path = this.#pathOf(name);
    await this.#folder.make();
    await this.#removeAbandoned();
    const suffix = `${process.pid}-${Math.random().toString(36).slice(2)}`;
    const unfinished = toFilePath(`${this.#folder.path}/.${name}.${suffix}`);
    const handle = await refusals(path, open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
    try {
      try {
        for (const piece of encodePieces(chunks)) await refusals(path, writeWhole(handle, piece));
        await refusals(path, handle.sync());
      } finally {
        await refusals(path, handle.close());
      }
      await refusals(path, rename(unfinished, toFilePath(path)));
    } catch (error) {
      await unlink(unfinished).catch(() => {});
      throw error;
    }
    await syncFolder(this.#folder.path);
  }

  async remove(name: string): Promise<void> {
    const path = this.#pathOf(name);
    if (!(await this.#folder.isThere())) return;
    await unlink(toFilePath(path)).catch((cause: unknown) => {
      const error = asFileError(path, cause);
      if (error.code !== "ENOENT") throw error;
    });
  }

  #pathOf(name: string): string {
    if (!isStateName(name)) throw new RangeError(`not the name of a state file: ${JSON.stringify(name)}`);
    return `${this.#folder.path}/${name}`;
  }

  #entries(): Promise<string[]> {
    return refusals(this.#folder.path, readdir(toFilePath(this.#folder.path), { encoding: "latin1" }));
  }

  /** Removes what writers that were killed have left. */
  async #removeAbandoned(): Promise<void> {
    for (const entry of await this.#entries()) {
      if (!entry.startsWith(".")) continue;
      const path = toFilePath(`${this.#folder.path}/${entry}`);
      // Another process may do the same.
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() && Date.now() - found.mtimeMs > abandonedAfter) await unlink(path).catch(() => {});
    }
  }
}

export function isStateName(name: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name);
}

/** Undefined where there is no such file. Rejects with a FileError. */
async function openFile(path: string, flags: number): Promise<FileHandle | undefined> {
  try {
    return await open(toFilePath(path), flags);
  } catch (cause) {
    const error = asFileError(path, cause);
    if (error.code === "ENOENT") return undefined;
    if (error.code === "ELOOP") throw new FileError(path, "symbolic link in place of a file", "remove it");
    throw error;
  }
}

/** One write can be a short one, as on a disk that is nearly full. */
export async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray((await handle.write(rest)).bytesWritten);
}

function* encodePieces(chunks: Iterable<string>): Generator<Uint8Array> {
  let text = "";
  for (const chunk of chunks) {
    text += chunk;
    if (text.length < gatheredLength) continue;
    yield Buffer.from(text, "utf8");
    text = "";
  }
  if (text !== "") yield Buffer.from(text, "utf8");
}
