/** Folders of the program's own, which nobody else may have prepared or may change. */
import { lstat, mkdir, open, stat } from "node:fs/promises";
import { dirname, normalize } from "node:path";
import { renderPath, toFilePath } from "./byte-path.js";
import { asFileError, FileError } from "./file-error.js";

/** What the group or others may write. */
const OTHERS_MAY_WRITE = 0o022;
/** In a folder with this bit, such as /tmp, only its owner can rename or remove an entry. */
const STICKY = 0o1000;

/** A folder of the program's own. The program's own folders begin at the base that has it, or else at the folder itself. */
export class OwnFolder {
  readonly path: string;
  /** The program's own folders, from the outermost to the folder itself. */
  readonly #own: readonly string[];

  /** The path is an absolute one, as a byte string; throws a FileError where it is not. */
  constructor(path: string, bases: readonly string[]) {
    if (!path.startsWith("/")) throw new FileError(path, "a folder needs an absolute path");
    this.path = cleanPath(path);
    const base = bases.map(cleanPath).find((known) => isWithin(this.path, known)) ?? this.path;
    const own: string[] = [];
    for (let inner = this.path; isWithin(inner, base); inner = dirname(inner)) own.unshift(inner);
    this.#own = own;
  }

  /** Whether the folder is there. Rejects with a FileError where somebody else could have prepared it. */
  async isThere(): Promise<boolean> {
    for (const folder of this.#own) if (!(await isOwn(folder))) return false;
    await this.#checkSurroundings();
    return true;
  }

  /** Makes what is missing of the folder. Rejects as `isThere` does, and where the system refuses. */
  async make(): Promise<void> {
    if (await this.isThere()) return;
    const surroundings = this.#surroundings;
    await makeSurroundings(surroundings);
    await this.#checkSurroundings();
    for (const folder of this.#own) {
      if (await isOwn(folder)) continue;
      await makeFolder(folder);
      await syncFolder(dirname(folder));
      await isOwn(folder);
    }
  }

  /** The folder in which the outermost one of the program's own is. */
  get #surroundings(): string {
    return dirname(this.#own[0] ?? this.path);
  }

  /** Where others can write, they could have made the folder, or can put another one in its place. */
  async #checkSurroundings(): Promise<void> {
    const { uid, mode } = await refusals(this.#surroundings, stat(toFilePath(this.#surroundings)));
    if (isTrusted(uid) && ((mode & OTHERS_MAY_WRITE) === 0 || (mode & STICKY) !== 0)) return;
    throw new FileError(
      this.path,
      `${renderPath(this.#surroundings)} is ${isTrusted(uid) ? `writable by others (mode ${renderMode(mode)})` : `owned by user ${uid}`}`,
      "choose a folder that only root can change",
    );
  }
}

/** Without `//`, `..` and a slash at the end. */
function cleanPath(path: string): string {
  return normalize(path).replace(/(?<=.)\/$/, "");
}

function isWithin(path: string, base: string): boolean {
  return path === base || path.startsWith(base === "/" ? base : `${base}/`);
}

/** False where there is nothing. Rejects where there is anything but a folder of our own. */
async function isOwn(folder: string): Promise<boolean> {
  const found = await lstat(toFilePath(folder)).catch((cause: unknown) => {
    const error = asFileError(folder, cause);
    if (error.code !== "ENOENT") throw error;
  });
  if (found === undefined) return false;
  if (found.isSymbolicLink()) {
    throw new FileError(
      folder,
      "symbolic link in place of a folder",
      "remove it; the folder is made when it is needed",
    );
  }
  if (!found.isDirectory())
    throw new FileError(folder, "not a folder", "remove it; the folder is made when it is needed");
  if (!isTrusted(found.uid)) {
    const advice = "remove the folder, or give it to root if you trust what is in it";
    throw new FileError(folder, `owned by user ${found.uid}, who can change what is in it`, advice);
  }
  if (found.mode & OTHERS_MAY_WRITE) {
    const advice = `remove the folder, or run 'chmod 0700 ${renderPath(folder)}' if you trust what is in it`;
    throw new FileError(folder, `writable by others (mode ${renderMode(found.mode)})`, advice);
  }
  return true;
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

function renderMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/**
 * Makes a folder and those around it. Node's own option for that goes round for ever in /proc, where no folder can be made,
 * and calls a read-only file system "No such file or directory".
 */
async function makeSurroundings(folder: string): Promise<void> {
  if (await isPresent(folder)) return;
  const outer = dirname(folder);
  if (outer !== folder) await makeSurroundings(outer);
  await makeFolder(folder);
}

async function isPresent(path: string): Promise<boolean> {
  return stat(toFilePath(path)).then(
    () => true,
    (cause: unknown) => {
      const error = asFileError(path, cause);
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}

/** Another command may make it at the same time. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(toFilePath(folder), { mode: 0o700 }).catch((cause: unknown) => {
    const error = asFileError(folder, cause);
    if (error.code !== "EEXIST") throw error;
  });
}

/** Has the names in a folder written to the disk. Rejects with a FileError. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await refusals(folder, open(toFilePath(folder)));
  try {
    await handle.sync();
  } catch (cause) {
    const error = asFileError(folder, cause);
    // Some file systems cannot, and need not.
    if (error.code !== "EINVAL") throw error;
  } finally {
    await handle.close();
  }
}

/** The result, or the system's refusal as a FileError. */
export async function refusals<Result>(path: string, result: Promise<Result>): Promise<Result> {
  return result.catch((cause: unknown) => {
    throw asFileError(path, cause);
  });
}
