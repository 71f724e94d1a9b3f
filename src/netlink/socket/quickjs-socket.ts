import * as host from "host";
import { NetlinkError, netlinkError } from "../codec/netlink-error.js";
import { readSize, type Socket, wantedReceiveBuffer, wantedSendBuffer } from "./socket.js";

/** The result of a call of the host. Throws its errno. */
function checkedSocketCall(result: number): number {
  if (result < 0) throw new NetlinkError(-result);
  return result;
}

/** Opens a netlink socket of the protocol. Throws a NetlinkError. */
export function openSocket(protocol: number): Socket {
  return new QuickjsSocket(protocol);
}

/**
 * A netlink socket of the small executable's host. Its calls block, which costs nothing: the kernel answers within the call
 * that asks.
 */
class QuickjsSocket implements Socket {
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  readonly #descriptor: number;
  readonly #received = new Uint8Array(readSize);
  #closed = false;

  constructor(protocol: number) {
    this.#descriptor = checkedSocketCall(host.openNetlink(protocol));
    host.enlargeBuffer(this.#descriptor, "receive", wantedReceiveBuffer);
    this.receiveBufferSize = checkedSocketCall(host.bufferSize(this.#descriptor, "receive"));
    // Large enough, unless somebody has made net.core.wmem_default smaller.
    if (host.bufferSize(this.#descriptor, "send") < wantedSendBuffer) {
      host.enlargeBuffer(this.#descriptor, "send", wantedSendBuffer);
    }
    this.sendBufferSize = checkedSocketCall(host.bufferSize(this.#descriptor, "send"));
  }

  async send(datagram: Uint8Array): Promise<void> {
    if (this.#closed) throw netlinkError("ECANCELED");
    checkedSocketCall(host.send(this.#descriptor, datagram));
  }

  async receive(): Promise<Uint8Array> {
    if (this.#closed) throw netlinkError("ECANCELED");
    const length = checkedSocketCall(host.receive(this.#descriptor, this.#received));
    if (length > readSize) throw netlinkError("EMSGSIZE");
    return this.#received.slice(0, length);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    host.close(this.#descriptor);
  }
}
