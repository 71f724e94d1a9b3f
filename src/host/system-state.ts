import { systemClock } from "../platform/clock.js";
import type { StateFolder } from "../platform/state/state-folder.js";
import type { Host, StateFolders } from "./host.js";
import type { Platform } from "./platform.js";

/** What a host has for verbs that change the table. Each part is loaded on first use, so that other starts do not pay for it. */
export function systemState(
  platform: Platform,
  stateFolders: StateFolders,
): Pick<Host, "files" | "stateFolders" | "networkNamespace" | "networkNamespaceSince" | "lock" | "interrupt"> {
  const { calls } = platform;
  const bases = Object.values(stateFolders);
  const networkNamespace = async () => (await import("../platform/state/network-namespace.js")).readNetworkNamespace();
  let interrupt: AbortSignal | undefined;
  return {
    stateFolders,
    files: {
      async *read(path) {
        const { readUserFile } = await import("../platform/state/user-file.js");
        yield* readUserFile(calls, path);
      },
      list: async (path) => (await import("../platform/state/system-folder.js")).listFolder(path),
      link: async (path) => (await import("../platform/state/system-folder.js")).readLink(path),
      async replace(path, mode, pieces) {
        const { replaceUserFile } = await import("../platform/state/replace-file.js");
        return replaceUserFile(path, mode, pieces);
      },
      folder: (path) => lazyFolder(path, bases),
    },
    networkNamespace,
    networkNamespaceSince: async () => (await import("../platform/state/network-namespace.js")).readNamespaceSince(),
    async lock(options) {
      const { lockFolder } = await import("../platform/state/lock-file.js");
      const path = `${stateFolders.run}/${await networkNamespace()}`;
      return lockFolder({ path, bases, clock: systemClock, tryFlock: await platform.loadFlock() }, options);
    },
    async interrupt() {
      const { catchInterrupts } = await import("../platform/signals.js");
      interrupt ??= catchInterrupts(calls);
      return interrupt;
    },
  };
}

function lazyFolder(path: string, bases: readonly string[]): StateFolder {
  const load = async () => {
    const { SystemStateFolder } = await import("../platform/state/state-folder.js");
    return new SystemStateFolder(path, bases);
  };
  return {
    list: async () => (await load()).list(),
    read: async (name) => (await load()).read(name),
    write: async (name, chunks) => (await load()).write(name, chunks),
    remove: async (name) => (await load()).remove(name),
  };
}
