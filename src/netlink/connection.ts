import { HOST_LITTLE_ENDIAN } from "./codec/coders.js";
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
import { Changes, type Exchange, type Outcome, Question } from "./exchange.js";
import type { Socket } from "./socket/socket.js";

/**
 * Conversations with the kernel over one socket. Calls may be made without waiting for earlier ones: the kernel gets
 * their messages, and their promises settle, in the order of the calls. What the kernel refuses is a NetlinkError and
 * concerns no other message. A fault of the socket (ENOBUFS: replies were lost) or of the protocol (EBADMSG) leaves the
 * fate of what is in flight unknown: whatever is not settled gets it as its error, and so do later calls.
 */
export interface Connection {
  /**
   * Messages that change something, done in their order, whatever becomes of those before; resolves to the outcome of
   * each. Many share a promise, since a promise for each would take as long as the rest of it.
   */
  execute(type: number, payloads: readonly Uint8Array[]): Promise<Outcome[]>;
  /** A question; resolves to the replies. */
  request(type: number, payload: Uint8Array): Promise<Message[]>;
  /** A question for a table; resolves to all parts. Rejects with EINTR when the table changes during every attempt. */
  dump(type: number, payload: Uint8Array): Promise<Message[]>;
  /** What is not settled gets ECANCELED. */
  close(): void;
}

/** Far below the send buffer of any sane system, and enough that system calls do not count. */
const DATAGRAM_SIZE = 32768;
/** What is left of a datagram beside the barrier. */
const LONGEST_FLIGHT = DATAGRAM_SIZE - HEADER_LENGTH;
/** The payload of the longest message that fits. */
const LONGEST_PAYLOAD = LONGEST_FLIGHT - HEADER_LENGTH;
const EMPTY_PAYLOAD = new Uint8Array();

export function connect(socket: Socket): Connection {
  return new SocketConnection(socket);
}

/**
 * What the replies to a message take of the receive buffer at most. The kernel charges more than their bytes: the
 * sk_buff (256), struct skb_shared_info (320), all rounded up to a power of two; and an error carries a copy of the
 * request. A reply to a question is at most a page, the first part of a dump comes at once.
 */
function receiveCharge(kind: Exchange["kind"], payload: Uint8Array): number {
  const error = 256 + 2 * (320 + HEADER_LENGTH + 4 + HEADER_LENGTH + payload.length);
  return kind === "execute" ? error : error + 8192;
}

/**
 * Ends a datagram whose last message is a change: the kernel does nothing for it but acknowledge it. To ask for the
 * acknowledgement of the change itself is not enough: netlink_rcv_skb() sends none, not even the error, when a handler
 * returns EINTR, as stopping a kernel thread that has not run yet does; who waits for it waits for ever.
 */
const barrier: Exchange = new Question(
  "request",
  NLMSG_NOOP,
  EMPTY_PAYLOAD,
  () => {},
  () => {},
);

/**
 * One datagram of messages is in flight at a time: the kernel works through all of them within the send call, so more
 * would gain nothing. Changes are not acknowledged one by one; an error, or an answer to a later message, tells what
 * became of them, and the last message of a datagram always gets an answer.
 */
class SocketConnection implements Connection {
  /** A datagram's replies fit into this, even if every message is refused. Half, since the charges vary by kernel. */
  readonly #receiveBudget: number;
  readonly #datagram = makeDatagramBuffer(DATAGRAM_SIZE);
  #waiting: Exchange[] = [];
  /** Index of the first exchange in #waiting that is not sent, or not all of it. */
  #next = 0;
  /** Whose each message in flight is. */
  #flight: Exchange[] = [];
  /** Bytes of the datagram that is in flight, or being filled. */
  #length = 0;
  #settled = 0;
  /** Sequence number of the first message in flight. */
  #sequence = 1;
  #running = false;
  #expectsMore = false;
  #failure: NetlinkError | undefined;

  constructor(private readonly socket: Socket) {
    this.#receiveBudget = socket.receiveBufferSize / 2;
  }

  execute(type: number, payloads: readonly Uint8Array[]): Promise<Outcome[]> {
    if (payloads.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => this.#enqueue(new Changes(type, payloads, resolve)));
  }

  request(type: number, payload: Uint8Array): Promise<Message[]> {
    return new Promise((resolve, reject) => this.#enqueue(new Question("request", type, payload, resolve, reject)));
  }

  dump(type: number, payload: Uint8Array): Promise<Message[]> {
    return new Promise((resolve, reject) => this.#enqueue(new Question("dump", type, payload, resolve, reject)));
  }

  close(): void {
    this.#fail(netlinkError("ECANCELED", "the connection is closed"));
  }

  #enqueue(exchange: Exchange): void {
    let failure = this.#failure;
    for (const { length } of exchange.payloads) if (length > LONGEST_PAYLOAD) failure ??= netlinkError("EMSGSIZE");
    if (failure !== undefined) {
      exchange.fail(failure);
      return;
    }
    this.#waiting.push(exchange);
    this.#schedule(exchange.kind);
  }

  /**
   * Changes wait for a turn of the event loop, so that those that can be made without an answer from the kernel share a
   * datagram. Who asks waits for the answer: what is asked in one go flies at once.
   */
  #schedule(kind: Exchange["kind"]): void {
    if (this.#running) return;
    if (kind !== "execute") {
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
      for (this.#takeOff(); this.#flight.length > 0; this.#takeOff()) {
        const datagram = this.#datagram.bytes.subarray(0, this.#length);
        await uninterrupted(() => this.socket.send(datagram));
        while (this.#settled < this.#flight.length) {
          const received = await uninterrupted(() => this.socket.receive());
          for (const message of decodeMessages(received)) this.#settle(message);
        }
      }
    } catch (error) {
      this.#fail(error instanceof NetlinkError ? error : netlinkError("EIO", String(error)));
    }
    this.#running = false;
  }

  /** Fills the next datagram. */
  #takeOff(): void {
    this.#sequence = (this.#sequence + this.#flight.length) >>> 0;
    this.#settled = 0;
    this.#flight = [];
    this.#length = 0;
    this.#board();
    if (this.#flight[this.#flight.length - 1]?.kind === "execute") this.#encode(barrier, EMPTY_PAYLOAD);
  }

  #board(): void {
    let charge = 0;
    for (let exchange = this.#waiting[this.#next]; exchange !== undefined; exchange = this.#waiting[++this.#next]) {
      const { kind, payloads } = exchange;
      for (let payload = payloads[exchange.boarded]; payload !== undefined; payload = payloads[++exchange.boarded]) {
        charge += receiveCharge(kind, payload);
        const isFull = this.#length + HEADER_LENGTH + payload.length > LONGEST_FLIGHT || charge > this.#receiveBudget;
        if (isFull && this.#flight.length > 0) return;
        this.#encode(exchange, payload);
      }
      // The kernel runs one dump a socket (EBUSY), and while it runs later answers would come in between.
      if (kind === "dump") {
        this.#next++;
        return;
      }
    }
    this.#waiting = [];
    this.#next = 0;
  }

  #encode(exchange: Exchange, payload: Uint8Array): void {
    const sequence = (this.#sequence + this.#flight.length) >>> 0;
    const flags = NLM_F_REQUEST | exchange.flags;
    this.#length = encodeMessage(this.#datagram, this.#length, exchange.type, flags, sequence, payload);
    this.#flight.push(exchange);
  }

  /** What a message from the kernel means for the exchanges in flight. One that is for none of them is ignored. */
  #settle(message: Message): void {
    if (message.type === NLMSG_NOOP) return;
    if (message.type === NLMSG_OVERRUN) throw netlinkError("ENOBUFS");
    const index = (message.sequence - this.#sequence) >>> 0;
    const exchange = this.#flight[index];
    if (exchange === undefined || index < this.#settled) return;
    while (this.#settled < index) this.#settleSilent();

    if (message.flags & NLM_F_DUMP_INTR) exchange.interrupted = true;
    if (message.type === NLMSG_ERROR) {
      if (message.payload.byteLength < 4) throw malformed("an error message without an errno");
      const errno = -message.payload.getInt32(0, HOST_LITTLE_ENDIAN);
      if (errno < 0 || (errno === 0 && exchange.kind !== "request")) throw malformed("an unexpected acknowledgement");
      this.#complete(exchange, errno);
    } else if (message.type === NLMSG_DONE) {
      if (exchange.kind !== "dump") throw malformed("the end of a dump that was not asked for");
      const errno = message.payload.byteLength < 4 ? 0 : -message.payload.getInt32(0, HOST_LITTLE_ENDIAN);
      this.#complete(exchange, errno > 0 ? errno : 0);
    } else {
      exchange.reply(message);
    }
  }

  /** The kernel answers a later message, so the next one in flight is done: it had no error to report. */
  #settleSilent(): void {
    const exchange = this.#flight[this.#settled];
    if (exchange === undefined || exchange.kind !== "execute") throw malformed("an answer out of order");
    this.#complete(exchange, 0);
  }

  #complete(exchange: Exchange, errno: number): void {
    this.#settled++;
    if (exchange.end(errno)) this.#waiting.splice(this.#next, 0, exchange);
  }

  #fail(failure: NetlinkError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    for (const exchange of this.#flight.slice(this.#settled)) exchange.fail(failure);
    for (const exchange of this.#waiting.slice(this.#next)) exchange.fail(failure);
    this.#waiting = [];
    this.#next = 0;
    this.#flight = [];
    this.socket.close();
  }
}

/** A call that a signal interrupted (EINTR) had no effect yet: it is made again. */
async function uninterrupted<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof NetlinkError && error.code === "EINTR")) throw error;
    }
  }
}
