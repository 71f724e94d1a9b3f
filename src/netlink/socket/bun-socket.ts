import { lastErrno, libc } from "../../platform/libc.js";
import { HOST_LITTLE_ENDIAN } from "../codec/coders.js";
import { NetlinkError, netlinkError } from "../codec/netlink-error.js";
import { readSize, type Socket, wantedReceiveBuffer, wantedSendBuffer } from "./socket.js";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
/** An error has the header of the request only, not a copy of all of it. */
const NETLINK_CAP_ACK = 10;
/** An error has an explanation where the kernel has one. */
const NETLINK_EXT_ACK = 11;
/** Makes recvfrom return the length of the datagram even where the buffer is too short for it. */
const MSG_TRUNC = 0x20;
/** Length of struct sockaddr_nl, and where its port stands. */
const ADDRESS_LENGTH = 12;
const ADDRESS_PORT = 4;

/** The result of a call of libc. Throws its errno. */
function checkedResult(result: number): number {
  if (result < 0) throw new NetlinkError(lastErrno());
  return result;
}

/** Opens a netlink socket of the protocol. Throws a NetlinkError. */
export function openSocket(protocol: number): Socket {
  return new BunSocket(protocol);
}

/**
 * A netlink socket of libc. Its calls block, which costs nothing: the kernel answers within the call that asks. The first
 * `send` binds it. Without an address, `send` goes to the kernel.
 */
class BunSocket implements Socket {
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  readonly #descriptor: number;
  readonly #received = new Uint8Array(readSize);
  readonly #sender = new DataView(new ArrayBuffer(ADDRESS_LENGTH));
  /** Where libc reads and writes numbers. Int32Array for unsigned ones too: every kind of array takes a page of its own. */
  readonly #length = new Int32Array(1);
  readonly #value = new Int32Array(1);
  #closed = false;

  constructor(protocol: number) {
    this.#descriptor = checkedResult(libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
    this.#enlarge(SO_RCVBUF, SO_RCVBUFFORCE, wantedReceiveBuffer);
    this.receiveBufferSize = this.#option(SO_RCVBUF);
    // Large enough, unless somebody has made net.core.wmem_default smaller.
    if (this.#option(SO_SNDBUF) < wantedSendBuffer) this.#enlarge(SO_SNDBUF, SO_SNDBUFFORCE, wantedSendBuffer);
    this.sendBufferSize = this.#option(SO_SNDBUF);
    // Kernels before 4.12 know no explanations, those before 4.3 no short errors either. They do without.
    for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK]) this.#set(SOL_NETLINK, option, 1);
  }

  /** Enlarges a buffer: with CAP_NET_ADMIN beyond what net.core allows, otherwise up to that. */
  #enlarge(option: number, force: number, size: number): void {
    if (this.#set(SOL_SOCKET, force, size) < 0) this.#set(SOL_SOCKET, option, size);
  }

  /** Sets an option and returns the result of libc. */
  #set(level: number, option: number, value: number): number {
    this.#value[0] = value;
    return libc.setsockopt(this.#descriptor, level, option, this.#value, this.#value.byteLength);
  }

  #option(option: number): number {
    this.#length[0] = this.#value.byteLength;
    checkedResult(libc.getsockopt(this.#descriptor, SOL_SOCKET, option, this.#value, this.#length));
    return this.#value[0] ?? 0;
  }

  async send(datagram: Uint8Array): Promise<void> {
    if (this.#closed) throw netlinkError("ECANCELED");
    checkedResult(libc.send(this.#descriptor, datagram, datagram.length, 0));
  }

  async receive(): Promise<Uint8Array> {
    for (;;) {
      if (this.#closed) throw netlinkError("ECANCELED");
      this.#length[0] = ADDRESS_LENGTH;
      const length = checkedResult(
        libc.recvfrom(this.#descriptor, this.#received, readSize, MSG_TRUNC, this.#sender, this.#length),
      );
      // Port 0 is the kernel; other processes can send to this socket, too.
      if (this.#sender.getUint32(ADDRESS_PORT, HOST_LITTLE_ENDIAN) !== 0) continue;
      if (length > readSize) throw netlinkError("EMSGSIZE");
      return this.#received.slice(0, length);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    libc.close(this.#descriptor);
  }
}
