import type { HostNames, ServiceNames } from "../names/resolver.js";
import type { Socket } from "../netlink/socket/socket.js";
import type { TryFlock } from "../platform/state/lock-file.js";
import type { SystemCalls } from "../platform/system-calls.js";

/** What differs between the runtimes: the way to the operating system. */
export interface Platform {
  readonly calls: SystemCalls;
  /** Opens a netlink socket of the protocol. Throws or rejects with a NetlinkError. */
  openSocket(protocol: number): Socket | Promise<Socket>;
  /** Loads the look-ups of hosts. */
  loadHosts(): Promise<HostNames>;
  /** Loads the call that locks a file. */
  loadFlock(): Promise<TryFlock>;
  /**
   * Moves the process into the network namespace of a file, whose path is a byte string. Sockets, /proc/net, /proc/sys/net and
   * programs that are started then use that namespace. On Node the program starts again in it, and this never settles.
   * Rejects with a SystemError, or with an Error that has the reason. Nothing may be open or written before.
   */
  enterNetworkNamespace(path: string): Promise<void>;
  /** Loads what keeps the process small. Absent where nothing runs long enough. */
  loadMemoryKeeper?(): Promise<() => () => void>;
  /** Services by libc. Absent where it cannot be asked: then /etc/services is read. */
  readonly services?: ServiceNames;
  /** The socket, with a line in the log for each message. Absent where nobody asked for that. */
  trace?(socket: Socket, log: (line: string) => void): Socket;
}
