import type { HostFiles } from "../host/host.js";
import { renderPath } from "../platform/state/byte-path.js";
import { FileError } from "../platform/state/file-error.js";
import type { BootSetting } from "./facts.js";
import { watchedPrograms } from "./sources.js";

/** The text of a file, as a byte string. Rejects with a FileError. */
export async function readFileText(files: HostFiles, path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.read(path)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}

/** The value, or undefined where the file, or the process that it is about, is gone. */
async function unlessGone<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof FileError && (error.code === "ENOENT" || error.code === "ESRCH")) return undefined;
    throw error;
  }
}

/** Those of the watched programs that run in this network namespace. Rejects with a FileError. */
export async function readPrograms(files: HostFiles): Promise<ReadonlySet<string>> {
  const own = await files.link("/proc/self/ns/net");
  const found = new Set<string>();
  for (const process of await files.list("/proc")) {
    if (!/^\d+$/.test(process)) continue;
    const text = await unlessGone(readFileText(files, `/proc/${process}/comm`));
    // A Perl program adds to its name what it is doing.
    const name = text?.trim().split(" ")[0] ?? "";
    if (!watchedPrograms.includes(name) || found.has(name)) continue;
    if ((await unlessGone(files.link(`/proc/${process}/ns/net`))) === own) found.add(name);
  }
  return found;
}

/** The folders of sysctl.d: a file in an earlier one replaces those of the same name in later ones. */
const bootFolders = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

/** What is set at boot, by the path of the setting. Undefined in any network namespace but the first. Rejects with a FileError. */
export async function readBoot(files: HostFiles): Promise<ReadonlyMap<string, BootSetting> | undefined> {
  if ((await files.link("/proc/1/ns/net")) !== (await files.link("/proc/self/ns/net"))) return undefined;
  const paths = new Map<string, string>();
  for (const folder of bootFolders) {
    for (const name of (await unlessGone(files.list(folder))) ?? []) {
      if (name.endsWith(".conf") && !paths.has(name)) paths.set(name, `${folder}/${name}`);
    }
  }
  const settings = new Map<string, BootSetting>();
  for (const [, file] of Array.from(paths).sort(([first], [second]) => (first < second ? -1 : 1))) {
    const text = await unlessGone(readFileText(files, file));
    for (const [path, value] of bootLines(text ?? "")) {
      const now = path.startsWith("/proc/sys/net/") ? await unlessGone(readFileText(files, path)) : undefined;
      settings.set(path, { value, file: renderPath(file), now });
    }
  }
  return settings;
}

/** The settings of a file by their paths; patterns of names are left out. */
function* bootLines(text: string): Iterable<readonly [string, string]> {
  for (const line of text.split("\n")) {
    const [, name, value] = /^\s*-?\s*([^#;=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined || /[*?[]/.test(name)) continue;
    // The first separator says which of the two separates, and the other one is part of a name.
    const isDotted = /^[^./]*\./.test(name);
    const path = isDotted ? name.replace(/[./]/g, (character) => (character === "." ? "/" : ".")) : name;
    yield [`/proc/sys/${path}`, value];
  }
}
