import { randomBytes } from "node:crypto";
import { lstat, open, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toFilePath } from "./byte-path.js";
import { asFileError, FileError } from "./file-error.js";
import { writeWhole } from "./state-folder.js";

/**
 * Writes a file beside the one that a user names, and renames it when it is whole and on the disk: a reader finds the old
 * file or the new one. The path is a byte string. Rejects with a FileError; the old file is then as it was. A device, a
 * pipe, a socket and a link are refused: the new file would take the name of /dev/null or /dev/stdout from every program.
 */
export async function replaceUserFile(path: string, mode: number, pieces: Iterable<string>): Promise<void> {
  await refuseSpecial(path);
  // Without the file's own name, which may be as long as a name can be.
  const temporary = toFilePath(join(dirname(path), `.ipvsadm-${randomBytes(6).toString("hex")}`));
  try {
    const file = await open(temporary, "wx", mode);
    try {
      // The mode that open gives is what the umask leaves of it.
      await file.chmod(mode);
      for (const piece of pieces) await writeWhole(file, Buffer.from(piece, "utf8"));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, toFilePath(path));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw asFileError(path, error);
  }
}

async function refuseSpecial(path: string): Promise<void> {
  // What refuses to be looked at refuses to be replaced too, or is not there yet.
  const found = await lstat(toFilePath(path)).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw new FileError(path, "not a file", "a file is needed, which is replaced as a whole");
}
