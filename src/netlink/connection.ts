import {
  decodeMessages,
  encodeMessage,
  HEADER_LENGTH,
  type Message,
  makeDatagramBuffer,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
} from "./codec/message.js";
import { malformed, NetlinkError, netlinkError } from "./codec/netlink-error.js";
import { decodeDone, decodeError } from "./codec/refusal.js";
import { Batch, type Exchange, type Outcome, Query } from "./exchange.js";
import type { Socket } from "./socket/socket.js";

/**
 * Calls to the kernel over one socket. A call need not wait for earlier ones: the kernel gets the messages, and the promises
 * settle, in the order of the calls. A refusal by the kernel is a NetlinkError and concerns its own message only. After an
 * error of the socket (ENOBUFS: replies were lost) or of the protocol (EBADMSG) nobody knows which messages in flight the
 * kernel has handled: every pending call fails with that error, and so does every later one. A message that does not fit
 * into a datagram (32 KiB) is not sent: its call fails immediately with EMSGSIZE.
 */
export interface Connection {
  /**
   * Sends changes, which the kernel makes in their order, whether or not it refuses earlier ones. Resolves to the outcome of
   * each. They share one promise, because a promise for each would cost as much as everything else.
   */
  execute(type: number, payloads: readonly Uint8Array[]): Promise<Outcome[]>;
  /** Sends a query. Resolves to the replies. */
  request(type: number, payload: Uint8Array): Promise<Message[]>;
  /** Sends a query for a table. Resolves to all its parts. Rejects with EINTR if the table changes during every attempt. */
  dump(type: number, payload: Uint8Array): Promise<Message[]>;
  /** Pending calls fail with ECANCELED. */
  close(): void;
}

/** Bytes: far below the send buffer of any sane system, and enough that the cost of system calls does not matter. */
const datagramSize = 32768;
/** Bytes of a datagram for messages other than the barrier. */
const messagesSize = datagramSize - HEADER_LENGTH;
/** Bytes of the longest payload that fits. */
const longestPayload = messagesSize - HEADER_LENGTH;
const emptyPayload = new Uint8Array();

export function connect(socket: Socket): Connection {
  return new SocketConnection(socket);
}

/** Bytes of the longest explanation that the kernel gives for an error, with what belongs to it. */
const explanationSize = 128;

/**
 * An upper bound of what the replies to a message take of the receive buffer. The kernel charges more than their bytes: the
 * sk_buff (256), struct skb_shared_info (320), all rounded up to a power of two; and an error carries a copy of the
 * request, or an explanation on sockets that ask for it. A reply to a query has at most a page. Of a dump the kernel
 * sends the first part immediately.
 */
function receiveCharge(kind: Exchange["kind"], payload: Uint8Array): number {
  const attached = payload.length > explanationSize ? payload.length : explanationSize;
  const error = 256 + 2 * (320 + HEADER_LENGTH + 4 + HEADER_LENGTH + attached);
  return kind === "execute" ? error : error + 8192;
}

/**
 * The last message of a datagram that would otherwise end with a change. The kernel does nothing for it but acknowledge it.
 * Requesting an acknowledgement for the change itself is not enough. If a handler returns EINTR (stopping a kernel thread
 * that has not started does), netlink_rcv_skb() sends neither acknowledgement nor error, and the caller would wait forever.
 */
function makeBarrier(): Exchange {
  const ignore = () => {};
  return new Query("request", NLMSG_NOOP, emptyPayload, ignore, ignore);
}

/**
 * One datagram of messages is in flight at a time: the kernel handles all of them within the send call, so more would gain
 * nothing. Changes are not acknowledged one by one. A change succeeded if a later message is answered before it; and the
 * last message of a datagram is always answered.
 */
class SocketConnection implements Connection {
  /** The replies to a datagram fit into this even if every message is refused. Half, as kernels charge differently. */
  readonly #receiveBudget: number;
  readonly #datagram = makeDatagramBuffer(datagramSize);
  #pending: Exchange[] = [];
  /** Index of the first exchange in #pending with payloads that have not been sent. */
  #next = 0;
  /** The exchange of each message in flight. */
  #inFlight: Exchange[] = [];
  /** The number of messages in flight whose answers are complete. */
  #answeredCount = 0;
  /** Sequence number of the first message in flight. */
  #sequence = 1;
  /** Bytes of the datagram in flight, or of the one being filled. */
  #length = 0;
  #running = false;
  #scheduled = false;
  #failure: NetlinkError | undefined;

  constructor(private readonly socket: Socket) {
    this.#receiveBudget = socket.receiveBufferSize / 2;
  }

  execute(type: number, payloads: readonly Uint8Array[]): Promise<Outcome[]> {
    if (payloads.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => this.#enqueue(new Batch(type, payloads, resolve)));
  }

  request(type: number, payload: Uint8Array): Promise<Message[]> {
    return new Promise((resolve, reject) => this.#enqueue(new Query("request", type, payload, resolve, reject)));
  }

  dump(type: number, payload: Uint8Array): Promise<Message[]> {
    return new Promise((resolve, reject) => this.#enqueue(new Query("dump", type, payload, resolve, reject)));
  }

  close(): void {
    this.#fail(netlinkError("ECANCELED", "the connection is closed"));
  }

  #enqueue(exchange: Exchange): void {
    let failure = this.#failure;
    for (const { length } of exchange.payloads) if (length > longestPayload) failure ??= netlinkError("EMSGSIZE");
    if (failure !== undefined) {
      exchange.fail(failure);
      return;
    }
    this.#pending.push(exchange);
    this.#schedule(exchange.kind);
  }

  /**
   * Changes wait for a turn of the event loop, so that all changes of a turn share datagrams. A query's caller waits for the
   * reply anyway, so queries are sent immediately.
   */
  #schedule(kind: Exchange["kind"]): void {
    if (this.#running) return;
    if (kind !== "execute") {
      queueMicrotask(() => void this.#run());
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        void this.#run();
      });
    }
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (this.#fillDatagram(); this.#inFlight.length > 0; this.#fillDatagram()) {
        const datagram = this.#datagram.bytes.subarray(0, this.#length);
        await retryInterrupted(() => this.socket.send(datagram));
        while (this.#answeredCount < this.#inFlight.length) {
          const received = await retryInterrupted(() => this.socket.receive());
          for (const message of decodeMessages(received)) this.#handle(message);
        }
      }
    } catch (error) {
      this.#fail(error instanceof NetlinkError ? error : netlinkError("EIO", String(error)));
    }
    this.#running = false;
  }

  #fillDatagram(): void {
    this.#sequence = (this.#sequence + this.#inFlight.length) >>> 0;
    this.#answeredCount = 0;
    this.#inFlight = [];
    this.#length = 0;
    this.#appendPayloads();
    if (this.#inFlight[this.#inFlight.length - 1]?.kind === "execute") this.#appendMessage(makeBarrier(), emptyPayload);
  }

  /** Appends pending payloads, as many as the datagram and the receive buffer have room for. */
  #appendPayloads(): void {
    let charge = 0;
    for (let exchange = this.#pending[this.#next]; exchange !== undefined; exchange = this.#pending[++this.#next]) {
      const { kind, payloads } = exchange;
      for (; exchange.encodedCount < payloads.length; exchange.encodedCount++) {
        const payload = payloads[exchange.encodedCount] ?? emptyPayload;
        charge += receiveCharge(kind, payload);
        const isFull = this.#length + HEADER_LENGTH + payload.length > messagesSize || charge > this.#receiveBudget;
        if (isFull && this.#inFlight.length > 0) return;
        this.#appendMessage(exchange, payload);
      }
      // A socket has one dump at a time (EBUSY), and replies to later messages would come between its parts.
      if (kind === "dump") {
        this.#next++;
        return;
      }
    }
    this.#pending = [];
    this.#next = 0;
  }

  #appendMessage(exchange: Exchange, payload: Uint8Array): void {
    const sequence = (this.#sequence + this.#inFlight.length) >>> 0;
    const flags = NLM_F_REQUEST | exchange.flags;
    this.#length = encodeMessage(this.#datagram, this.#length, exchange.type, flags, sequence, payload);
    this.#inFlight.push(exchange);
  }

  /** Handles a message from the kernel. One that answers no message in flight is ignored. */
  #handle(message: Message): void {
    if (message.type === NLMSG_NOOP) return;
    if (message.type === NLMSG_OVERRUN) throw netlinkError("ENOBUFS");
    const index = (message.sequence - this.#sequence) >>> 0;
    const exchange = this.#inFlight[index];
    if (exchange === undefined || index < this.#answeredCount) return;
    while (this.#answeredCount < index) this.#completeUnanswered();

    if (message.flags & NLM_F_DUMP_INTR) exchange.interrupted = true;
    if (message.type === NLMSG_ERROR) {
      const refusal = decodeError(message);
      if (refusal === undefined && exchange.kind !== "request") throw malformed("an unexpected acknowledgement");
      this.#complete(exchange, refusal);
    } else if (message.type === NLMSG_DONE) {
      if (exchange.kind !== "dump") throw malformed("the end of a dump without a dump");
      this.#complete(exchange, decodeDone(message));
    } else {
      exchange.reply(message);
    }
  }

  /** Completes the next message in flight, a change: the kernel answered a later one, so it had no error to report. */
  #completeUnanswered(): void {
    const exchange = this.#inFlight[this.#answeredCount];
    if (exchange === undefined || exchange.kind !== "execute") throw malformed("an answer out of order");
    this.#complete(exchange, undefined);
  }

  #complete(exchange: Exchange, refusal: NetlinkError | undefined): void {
    this.#answeredCount++;
    if (exchange.end(refusal)) this.#pending.splice(this.#next, 0, exchange);
  }

  #fail(failure: NetlinkError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    for (const exchange of this.#inFlight.slice(this.#answeredCount)) exchange.fail(failure);
    for (const exchange of this.#pending.slice(this.#next)) exchange.fail(failure);
    this.#pending = [];
    this.#next = 0;
    this.#inFlight = [];
    this.socket.close();
  }
}

/** Makes a call again that a signal interrupted (EINTR): it had no effect. */
async function retryInterrupted<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof NetlinkError && error.code === "EINTR")) throw error;
    }
  }
}
