import { RawNetlinkSocket } from "netlink/dist/raw.js";
import { NetlinkError, netlinkError } from "../codec/netlink-error.js";
import { type Socket, wantedReceiveBuffer, wantedSendBuffer } from "./socket.js";

/**
 * The kernel fills no reply, and no part of a dump, beyond a page or 8 KiB (NLMSG_GOODSIZE), unless a reader offers
 * more. The addon allocates a buffer per datagram, so larger ones would cost more than they save.
 */
const messageBufferSize = 8192;

/** Errors of the addon have a positive errno. */
function toNetlinkError(error: unknown): NetlinkError {
  if (error instanceof Error && "errno" in error && typeof error.errno === "number") {
    return new NetlinkError(error.errno, { detail: error.message });
  }
  return netlinkError("EIO", String(error));
}

/** Opens a netlink socket of the protocol. Throws a NetlinkError. */
export function openSocket(protocol: number): Socket {
  return new NodeSocket(protocol);
}

/**
 * A netlink socket of the npm package `netlink`. The addon cannot set NETLINK_EXT_ACK, so the kernel explains no error. It
 * keeps the event loop alive while someone waits for a datagram.
 * Nothing of the program runs within the addon's callbacks (setImmediate): an exception there would abort the process,
 * and after close() the addon goes on using what it has freed.
 */
class NodeSocket implements Socket {
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  readonly #raw: RawNetlinkSocket;
  /** Datagrams and errors that came while nobody waited. */
  #arrived: (Uint8Array | NetlinkError)[] = [];
  #waiter: { resolve: (datagram: Uint8Array) => void; reject: (error: NetlinkError) => void } | undefined;
  #closed = false;

  constructor(protocol: number) {
    try {
      this.#raw = new RawNetlinkSocket(protocol, {
        messagePeeking: false,
        msgBufferSize: messageBufferSize,
        recvBufferSize: wantedReceiveBuffer,
        sendBufferSize: 0,
      });
    } catch (error) {
      throw toNetlinkError(error);
    }
    this.receiveBufferSize = this.#raw.getRecvBufferSize();
    // Large enough, unless somebody has made net.core.wmem_default smaller.
    if (this.#raw.getSendBufferSize() < wantedSendBuffer) this.#raw.setSendBufferSize(wantedSendBuffer);
    this.sendBufferSize = this.#raw.getSendBufferSize();
    this.#raw.unref();
    // Port 0 is the kernel; other processes can send to this socket, too.
    this.#raw.on("message", (datagram, { port }) => port === 0 && this.#arrive(datagram));
    this.#raw.on("truncatedMessage", (_, { port }) => port === 0 && this.#arrive(netlinkError("EMSGSIZE")));
    this.#raw.on("error", (error) => this.#arrive(toNetlinkError(error)));
  }

  send(datagram: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw netlinkError("ECANCELED");
      this.#raw.send(datagram, {}, (error) => {
        setImmediate(() => (error ? reject(toNetlinkError(error)) : resolve()));
      });
    });
  }

  receive(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw netlinkError("ECANCELED");
      this.#waiter = { resolve, reject };
      if (this.#arrived.length > 0) this.#deliver();
      else this.#raw.ref();
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#arrived = [netlinkError("ECANCELED")];
    this.#deliver();
    this.#raw.close();
  }

  #arrive(arrival: Uint8Array | NetlinkError): void {
    this.#arrived.push(arrival);
    if (this.#arrived.length === 1 && this.#waiter !== undefined) setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    this.#waiter = undefined;
    if (!this.#closed) this.#raw.unref();
    const arrival = this.#arrived.shift();
    if (arrival instanceof Uint8Array) waiter.resolve(arrival);
    else waiter.reject(arrival ?? netlinkError("EIO"));
  }
}
