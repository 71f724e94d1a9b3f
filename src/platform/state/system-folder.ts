import { readdir, readlink } from "node:fs/promises";
import { refusals } from "./own-folder.js";

/** The names of what is in a folder, sorted. Rejects with a FileError. */
export async function listFolder(path: string): Promise<string[]> {
  return (await refusals(path, readdir(path))).sort();
}

/** Where a symbolic link leads, as it is written. Rejects with a FileError. */
export function readLink(path: string): Promise<string> {
  return refusals(path, readlink(path));
}
