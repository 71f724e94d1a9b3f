import { decodeMessages, type Message } from "../../src/netlink/codec/message.js";
import type { NetlinkError } from "../../src/netlink/codec/netlink-error.js";
import { netlinkError } from "../../src/netlink/codec/netlink-error.js";
import type { Socket } from "../../src/netlink/socket/socket.js";

/** What a kernel answers to a datagram: datagrams, or errors of the socket, in their order. */
export type Answer = (messages: readonly Message[], datagram: Uint8Array) => Iterable<Uint8Array | NetlinkError>;

/** A socket for tests: real bytes to and from a kernel that is a function. */
export class FakeSocket implements Socket {
  /** What was sent, a copy of each datagram. */
  readonly sent: Uint8Array[] = [];
  closed = false;
  readonly #arrived: (Uint8Array | NetlinkError)[] = [];
  #waiter: (() => void) | undefined;

  constructor(
    private readonly answer: Answer,
    readonly receiveBufferSize = 212992,
    readonly sendBufferSize = 212992,
  ) {}

  async send(datagram: Uint8Array): Promise<void> {
    const copy = datagram.slice();
    this.sent.push(copy);
    this.arrive(...this.answer(decodeMessages(copy), copy));
  }

  /** Hands datagrams or errors to the reader, unasked. */
  arrive(...arrivals: (Uint8Array | NetlinkError)[]): void {
    this.#arrived.push(...arrivals);
    this.#waiter?.();
  }

  async receive(): Promise<Uint8Array> {
    while (this.#arrived.length === 0) {
      if (this.closed) throw netlinkError("ECANCELED");
      await this.wait();
    }
    const first = this.#arrived.shift();
    if (first instanceof Uint8Array) return first;
    throw first;
  }

  close(): void {
    this.closed = true;
    this.#waiter?.();
  }

  /** Waits until something arrives, or the socket is closed. */
  protected wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiter = resolve;
    });
  }
}

/** A socket on which nobody waits for ever: where a kernel would never answer, it fails with ETIMEDOUT. */
export class ImpatientSocket extends FakeSocket {
  protected override wait(): Promise<void> {
    return Promise.reject(netlinkError("ETIMEDOUT"));
  }
}
