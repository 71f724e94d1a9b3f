import { randomBytes } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toFilePath } from "./byte-path.js";
import { asFileError } from "./file-error.js";
import { writeWhole } from "./state-folder.js";

/**
 * Writes a file beside the one that a user names, and renames it when it is whole and on the disk: a reader finds the old
 * file or the new one. The path is a byte string. Rejects with a FileError; the old file is then as it was.
 */
export async function replaceUserFile(path: string, mode: number, pieces: Iterable<string>): Promise<void> {
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
