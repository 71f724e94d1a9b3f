import { type Rows, takeRows } from "./codec/fast/rows.js";
import {
  type DatagramBuffer,
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
import { Batch, barrier, type Exchange, type Outcome, Query, RowQuery } from "./exchange.js";
import type { Socket } from "./socket/socket.js";

/**
 * Requests and replies over one socket. Calls may be made without waiting for earlier ones: the kernel gets their messages,
 * and their promises settle, in the order of the calls. A refusal by the kernel is a NetlinkError and concerns no other
 * message. A failure of the socket (ENOBUFS: replies were lost) or of the protocol (EBADMSG) leaves the fate of the
 * messages in flight unknown: it becomes the error of every call that has not settled, and of all later ones.
 */
export interface NetlinkConnection {
  /**
   * Sends changes. The kernel makes them in order, and goes on after one that it refuses. Resolves to the outcome of each.
   * They share a promise, because a promise per change would take as long as everything else.
   */
  execute(type: number, payloads: readonly Uint8Array[]): Promise<Outcome[]>;
  /** Sends a query; resolves to the replies. */
  request(type: number, payload: Uint8Array): Promise<Message[]>;
  /** Queries a table; resolves to all of its messages. Rejects with EINTR if the table changes during every attempt. */
  dump(type: number, payload: Uint8Array): Promise<Message[]>;
  /**
   * Queries tables one after the other, and hands the messages of each to its rows as they come; settles as `dump` does.
   * They share a promise, because a promise per table would take as long as a small table.
   */
  dumpRows(type: number, payloads: readonly Uint8Array[], tables: readonly Rows[]): Promise<void>;
  /** Calls that have not settled reject with ECANCELED. */
  close(): void;
}

/** Large enough that system calls take a small part of the time. */
const largestDatagram = 32768;
/** A datagram may fill the send buffer except for this (netlink_sendmsg: `len > sk_sndbuf - 32` is EMSGSIZE). */
const sendBufferReserve = 32;
const emptyPayload = new Uint8Array();

export function connect(socket: Socket): NetlinkConnection {
  return new SocketConnection(socket);
}

/** Bytes of the longest explanation of an error, with the attributes around it (NETLINK_MAX_FMTMSG_LEN is 80). */
const explanationSize = 128;

/**
 * The largest part of the receive buffer that the replies to a message can take. The kernel charges more than their bytes:
 * the sk_buff (256) and struct skb_shared_info (320), rounded up to a power of two. An error carries a copy of the request,
 * or an explanation on sockets that request one. The reply to a query is at most a page, and the first part of a dump comes
 * immediately.
 */
function receiveCharge(kind: Exchange["kind"], payload: Uint8Array): number {
  const attached = payload.length > explanationSize ? payload.length : explanationSize;
  const error = 256 + 2 * (320 + HEADER_LENGTH + 4 + HEADER_LENGTH + attached);
  return kind === "batch" ? error : error + 8192;
}

/**
 * One datagram of messages is in flight at a time. The kernel handles all of them within the send call, so more would gain
 * nothing. Changes are not acknowledged one by one: an error, or the answer to a later message, settles them, and the last
 * message of a datagram always gets an answer.
 */
class SocketConnection implements NetlinkConnection {
  /** The replies to a datagram fit into this even if every message is refused. Half, since charges vary by kernel. */
  readonly #receiveBudget: number;
  /** The messages of a datagram, without the barrier, fit into this. */
  readonly #sendBudget: number;
  readonly #datagram: DatagramBuffer;
  #waiting: Exchange[] = [];
  /** Index of the first exchange in #waiting that is not completely sent. */
  #next = 0;
  /** The exchange of each message in flight. */
  #inFlight: Exchange[] = [];
  /** Bytes in the datagram. */
  #length = 0;
  /** The number of messages in flight that have their answer. */
  #settled = 0;
  /** Sequence number of the first message in flight. */
  #sequence = 1;
  #running = false;
  #expectsMore = false;
  #failure: NetlinkError | undefined;

  constructor(private readonly socket: Socket) {
    const size = Math.min(largestDatagram, socket.sendBufferSize - sendBufferReserve);
    this.#datagram = makeDatagramBuffer(size);
    this.#sendBudget = size - HEADER_LENGTH;
    this.#receiveBudget = socket.receiveBufferSize / 2;
  }

  execute(type: number, payloads: readonly Uint8Array[]): Promise<Outcome[]> {
    if (payloads.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => this.#enqueue(new Batch(type, payloads, resolve)));
  }

  request(type: number, payload: Uint8Array): Promise<Message[]> {
    return new Promise((resolve, reject) => this.#enqueue(new Query("request", type, [payload], resolve, reject)));
  }

  dump(type: number, payload: Uint8Array): Promise<Message[]> {
    return new Promise((resolve, reject) => this.#enqueue(new Query("dump", type, [payload], resolve, reject)));
  }

  dumpRows(type: number, payloads: readonly Uint8Array[], tables: readonly Rows[]): Promise<void> {
    if (payloads.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#enqueue(new RowQuery(type, payloads, tables, resolve, reject)));
  }

  close(): void {
    this.#fail(netlinkError("ECANCELED", "the connection is closed"));
  }

  #enqueue(exchange: Exchange): void {
    let failure = this.#failure;
    for (const { length } of exchange.payloads) {
      if (HEADER_LENGTH + length > this.#sendBudget) failure ??= netlinkError("EMSGSIZE");
    }
    if (failure !== undefined) {
      exchange.fail(failure);
      return;
    }
    this.#waiting.push(exchange);
    this.#schedule(exchange.kind);
  }

  /**
   * Changes wait for a turn of the event loop, so that changes that are made without waiting for an answer share a
   * datagram. A query's caller waits for the reply anyway, so queries are sent immediately.
   */
  #schedule(kind: Exchange["kind"]): void {
    if (this.#running) return;
    if (kind !== "batch") {
      queueMicrotask(() => void this.#run());
    } else if (!this.#expectsMore) {
      this.#expectsMore = true;
      setImmediate(() => {
        this.#expectsMore = false;
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
        await uninterrupted(() => this.socket.send(datagram));
        while (this.#settled < this.#inFlight.length) {
          const received = await uninterrupted(() => this.socket.receive());
          const taken = this.#takeRows(received);
          for (const message of decodeMessages(taken === 0 ? received : received.subarray(taken)))
            this.#handle(message);
        }
      }
    } catch (error) {
      this.#fail(error instanceof NetlinkError ? error : netlinkError("EIO", String(error)));
    }
    this.#running = false;
  }

  #fillDatagram(): void {
    this.#sequence = (this.#sequence + this.#inFlight.length) >>> 0;
    this.#settled = 0;
    this.#inFlight = [];
    this.#length = 0;
    this.#appendPayloads();
    if (this.#inFlight[this.#inFlight.length - 1]?.kind === "batch") this.#append(barrier, emptyPayload);
  }

  /** Appends as many waiting messages as the two buffers allow, and at least one. */
  #appendPayloads(): void {
    let charge = 0;
    for (let exchange = this.#waiting[this.#next]; exchange !== undefined; exchange = this.#waiting[++this.#next]) {
      const { kind, payloads } = exchange;
      for (
        let payload = payloads[exchange.encodedCount];
        payload !== undefined;
        payload = payloads[++exchange.encodedCount]
      ) {
        charge += receiveCharge(kind, payload);
        const isFull = this.#length + HEADER_LENGTH + payload.length > this.#sendBudget || charge > this.#receiveBudget;
        if (isFull && this.#inFlight.length > 0) return;
        this.#append(exchange, payload);
        // The kernel runs one dump per socket (EBUSY), and answers to later messages would arrive in its middle.
        if (kind === "dump") {
          exchange.encodedCount++;
          this.#next++;
          return;
        }
      }
    }
    this.#waiting = [];
    this.#next = 0;
  }

  #append(exchange: Exchange, payload: Uint8Array): void {
    const sequence = (this.#sequence + this.#inFlight.length) >>> 0;
    const flags = NLM_F_REQUEST | exchange.flags;
    this.#length = encodeMessage(this.#datagram, this.#length, exchange.type, flags, sequence, payload);
    this.#inFlight.push(exchange);
  }

  /** Hands the rows at the beginning of a datagram to their query; returns their length in bytes. */
  #takeRows(datagram: Uint8Array): number {
    // A dump is the last in flight.
    const index = this.#inFlight.length - 1;
    const exchange = this.#inFlight[index];
    if (!(exchange instanceof RowQuery)) return 0;
    const taken = takeRows(datagram, exchange.type, (this.#sequence + index) >>> 0, exchange.rows);
    while (taken > 0 && this.#settled < index) this.#completeSilent(index);
    return taken;
  }

  /** Hands a message from the kernel to its exchange. Ignores one that belongs to no message in flight. */
  #handle(message: Message): void {
    if (message.type === NLMSG_NOOP) return;
    if (message.type === NLMSG_OVERRUN) throw netlinkError("ENOBUFS");
    const index = (message.sequence - this.#sequence) >>> 0;
    const exchange = this.#inFlight[index];
    if (exchange === undefined || index < this.#settled) return;
    while (this.#settled < index) this.#completeSilent(index);

    if (message.flags & NLM_F_DUMP_INTR && exchange.kind === "dump") exchange.interrupted = true;
    if (message.type === NLMSG_ERROR) {
      const refusal = decodeError(message);
      if (refusal === undefined && exchange.kind !== "request") throw malformed("an unexpected acknowledgement");
      this.#complete(exchange, refusal);
    } else if (message.type === NLMSG_DONE) {
      if (exchange.kind !== "dump") throw malformed("the end of a dump that was not requested");
      this.#complete(exchange, decodeDone(message));
    } else {
      exchange.reply(message);
    }
  }

  /** The kernel answered a later message, so it made the next changes in flight, of one batch, without an error. */
  #completeSilent(answered: number): void {
    const first = this.#settled;
    const exchange = this.#inFlight[first];
    if (exchange === undefined || exchange.kind !== "batch") throw malformed("an answer out of order");
    let next = first + 1;
    while (next < answered && this.#inFlight[next] === exchange) next++;
    this.#settled = next;
    exchange.succeed(next - first);
  }

  #complete(exchange: Exchange, refusal: NetlinkError | undefined): void {
    this.#settled++;
    if (exchange.end(refusal)) this.#waiting.splice(this.#next, 0, exchange);
  }

  #fail(failure: NetlinkError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    for (const exchange of this.#inFlight.slice(this.#settled)) exchange.fail(failure);
    for (const exchange of this.#waiting.slice(this.#next)) exchange.fail(failure);
    this.#waiting = [];
    this.#next = 0;
    this.#inFlight = [];
    this.socket.close();
  }
}

/** Repeats a call that a signal interrupted (EINTR); it had no effect. */
async function uninterrupted<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof NetlinkError && error.code === "EINTR")) throw error;
    }
  }
}
