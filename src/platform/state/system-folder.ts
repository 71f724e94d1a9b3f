/** What is in folders of the system. Paths and names are byte strings. */
import { readdir, readlink } from "node:fs/promises";
import { toFilePath } from "./byte-path.js";
import { refusals } from "./own-folder.js";

/** The names of what is in a folder, sorted. Rejects with a FileError. */
export async function listFolder(path: string): Promise<string[]> {
  return (await refusals(path, readdir(toFilePath(path), { encoding: "latin1" }))).sort();
}

/** Where a symbolic link leads, as it is written. Rejects with a FileError. */
export function readLink(path: string): Promise<string> {
  return refusals(path, readlink(toFilePath(path), { encoding: "latin1" }));
}
