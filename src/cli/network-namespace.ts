import { decodeUtf8, encodeLatin1 } from "../bytes/bytes.js";
import type { Host } from "../host/host.js";
import { exitStatus } from "./exit-status.js";
import { UsageError } from "./usage-error.js";
import { VerbError } from "./verb-error.js";

/** Where `ip netns` keeps the namespaces that have names. */
const namesFolder = "/run/netns";

/** The longest name of a file. */
const longestFileName = 255;

/** A network namespace that a user names. */
interface NamespaceTarget {
  /** The file that stands for it. */
  readonly path: string;
  /** What to do where there is no such file. */
  readonly ifMissing: string;
}

/**
 * A network namespace as --netns names it: a name of `ip netns`, the absolute path of a file, or `pid:N` for that of a
 * process. Throws a UsageError for anything else. Texts are byte strings.
 */
export function parseNetworkNamespace(text: string): NamespaceTarget {
  if (text.includes("\0")) throw new UsageError("--netns: a name cannot contain a NUL byte");
  if (text.startsWith("/")) return { path: text, ifMissing: "give the file of an existing network namespace" };
  if (text.startsWith("pid:")) {
    const [, process] = /^pid:([1-9]\d{0,9})$/.exec(text) ?? [];
    if (process === undefined) throw new UsageError(`--netns ${shorten(text)}: pid: takes the number of a process`);
    return { path: `/proc/${process}/ns/net`, ifMissing: `there is no process ${process}` };
  }
  if (text === "" || text === "." || text === ".." || text.includes("/")) {
    throw new UsageError(
      `--netns ${shorten(text)}: not a network namespace; give a name of 'ip netns list', an absolute path or pid:NUMBER`,
    );
  }
  if (text.length > longestFileName) {
    throw new UsageError(`--netns ${shorten(text)}: a name has at most ${longestFileName} bytes`);
  }
  return { path: `${namesFolder}/${text}`, ifMissing: "'ip netns list' lists the names" };
}

/**
 * Moves the process into the network namespace that a user names, before anything else is done. Rejects with a UsageError, or
 * with a VerbError that says why it cannot be entered.
 */
export async function joinNetworkNamespace(text: string, host: Pick<Host, "enterNetworkNamespace">): Promise<void> {
  const { path, ifMissing } = parseNetworkNamespace(text);
  const refusal = await host.enterNetworkNamespace(path);
  if (refusal === undefined) return;
  const { code, reason } = refusal;
  const names = decodeUtf8(encodeLatin1(`--netns ${shorten(text)}: ${shorten(path)}`));
  const lines = [`${names}: ${reasons[code] ?? reason}`];
  const advice = code === "ENOENT" ? ifMissing : advices[code];
  if (advice !== undefined) lines.push(advice);
  throw new VerbError(lines.join("\n"), exitStatus.unreachable);
}

/** By the errno's name. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such network namespace",
  EINVAL: "not a network namespace",
  EPERM: "no permission to enter this network namespace",
  EACCES: "no permission to open this network namespace",
};

const asRoot = "run it as root; in a container, CAP_SYS_ADMIN over that namespace is needed";

const advices: Readonly<Record<string, string>> = {
  EINVAL: "'ip netns list' has those with names, and every process has its own in /proc/PID/ns/net",
  EPERM: asRoot,
  EACCES: asRoot,
};

/** What a message repeats of a text that may be long. */
function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
