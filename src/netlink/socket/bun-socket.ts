import { lastErrno, libc } from "../../platform/libc.js";
import { HOST_LITTLE_ENDIAN } from "../codec/coders.js";
import { NetlinkError, netlinkError } from "../codec/netlink-error.js";
import type { Socket } from "./socket.js";

/** What is asked for; the kernel doubles it. */
const receiveBufferSize = 1 << 20;
/** More than any datagram of generic netlink: the kernel fills parts of a dump up to what the reader offers. */
const datagramSize = 32768;

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
/** An error has the header of the request only, not a copy of all of it. */
const NETLINK_CAP_ACK = 10;
/** An error has an explanation where the kernel has one. */
const NETLINK_EXT_ACK = 11;
/** Tells the length of the datagram even where the buffer is too short for it. */
const MSG_TRUNC = 0x20;
/** Length of struct sockaddr_nl, and where its port stands. */
const ADDRESS_LENGTH = 12;
const ADDRESS_PORT = 4;

/** The result of a call of libc. Throws its errno. */
function checked(result: number): number {
  if (result < 0) throw new NetlinkError(lastErrno());
  return result;
}

/** Opens a netlink socket of the protocol. Throws a NetlinkError. */
export function openSocket(protocol: number): Socket {
  return new BunSocket(protocol);
}

/**
 * A netlink socket of libc. Its calls block, which is no loss: the kernel answers within the call that asks. It is bound
 * by its first `send`, and sends to the kernel as long as it names nobody else.
 */
class BunSocket implements Socket {
  readonly receiveBufferSize: number;
  readonly #descriptor: number;
  readonly #received = new Uint8Array(datagramSize);
  readonly #sender = new DataView(new ArrayBuffer(ADDRESS_LENGTH));
  /** What libc reads and writes a number from and to. Int32Array also for what is unsigned: every kind of array takes a page or more of its own. */
  readonly #length = new Int32Array(1);
  #closed = false;

  constructor(protocol: number) {
    this.#descriptor = checked(libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
    this.receiveBufferSize = this.#enlargeReceiveBuffer();
    this.#requestExplanations();
  }

  /** Kernels before 4.12 know no explanations, those before 4.3 no short errors either; they do without. */
  #requestExplanations(): void {
    this.#length[0] = 1;
    for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK]) {
      libc.setsockopt(this.#descriptor, SOL_NETLINK, option, this.#length, this.#length.byteLength);
    }
  }

  /** Beyond net.core.rmem_max with CAP_NET_ADMIN, else up to it. Returns the size that it got. */
  #enlargeReceiveBuffer(): number {
    const size = new Int32Array([receiveBufferSize]);
    if (libc.setsockopt(this.#descriptor, SOL_SOCKET, SO_RCVBUFFORCE, size, size.byteLength) < 0) {
      libc.setsockopt(this.#descriptor, SOL_SOCKET, SO_RCVBUF, size, size.byteLength);
    }
    this.#length[0] = size.byteLength;
    checked(libc.getsockopt(this.#descriptor, SOL_SOCKET, SO_RCVBUF, size, this.#length));
    return size[0] ?? 0;
  }

  async send(datagram: Uint8Array): Promise<void> {
    if (this.#closed) throw netlinkError("ECANCELED");
    checked(libc.send(this.#descriptor, datagram, datagram.length, 0));
  }

  async receive(): Promise<Uint8Array> {
    for (;;) {
      if (this.#closed) throw netlinkError("ECANCELED");
      this.#length[0] = ADDRESS_LENGTH;
      const length = checked(
        libc.recvfrom(this.#descriptor, this.#received, datagramSize, MSG_TRUNC, this.#sender, this.#length),
      );
      // Port 0 is the kernel; other processes can send to this socket, too.
      if (this.#sender.getUint32(ADDRESS_PORT, HOST_LITTLE_ENDIAN) !== 0) continue;
      if (length > datagramSize) throw netlinkError("EMSGSIZE");
      return this.#received.slice(0, length);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    libc.close(this.#descriptor);
  }
}
