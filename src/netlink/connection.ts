import { HOST_LITTLE_ENDIAN } from "./coders.js";
import { malformed, NetlinkError, netlinkError } from "./errors.js";
import {
  decodeMessages,
  encodeMessage,
  HEADER_LENGTH,
  type Message,
  makeDatagramBuffer,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
} from "./message.js";
import type { Socket } from "./socket.js";

/**
 * Conversations with the kernel over one socket. Calls may be made without waiting for earlier ones: the kernel gets
 * their messages, and their promises settle, in the order of the calls. What the kernel refuses rejects with a
 * NetlinkError and concerns no other call. A fault of the socket (ENOBUFS: replies were lost) or of the protocol
 * (EBADMSG) leaves the fate of what is in flight unknown: it rejects every call that is not settled, and later ones.
 */
export interface Connection {
  /** A message that changes something; resolves when the kernel has done it. */
  execute(type: number, payload: Uint8Array): Promise<void>;
  /** A question; resolves to the replies. */
  request(type: number, payload: Uint8Array): Promise<Message[]>;
  /** A question for a table; resolves to all parts. Rejects with EINTR when the table changes during every attempt. */
  dump(type: number, payload: Uint8Array): Promise<Message[]>;
  /** What is not settled rejects with ECANCELED. */
  close(): void;
}

type Kind = "execute" | "request" | "dump";

/** What is asked of the kernel for a message, besides its errors. */
const WISH: Readonly<Record<Kind, number>> = { execute: 0, request: NLM_F_ACK, dump: NLM_F_DUMP };

interface Exchange {
  readonly kind: Kind;
  readonly type: number;
  readonly payload: Uint8Array;
  readonly replies: Message[];
  interruptions: number;
  interrupted: boolean;
  readonly resolve: (replies: Message[]) => void;
  readonly reject: (error: NetlinkError) => void;
}

/** Far below the send buffer of any sane system, and enough that system calls do not count. */
const DATAGRAM_SIZE = 32768;
/** What is left of a datagram beside the barrier. */
const LONGEST_FLIGHT = DATAGRAM_SIZE - HEADER_LENGTH;
const DUMP_ATTEMPTS = 10;
const NO_REPLIES: Message[] = [];

export function connect(socket: Socket): Connection {
  return new SocketConnection(socket);
}

/**
 * What the replies to a message take of the receive buffer at most. The kernel charges more than their bytes: the
 * sk_buff (256), struct skb_shared_info (320), all rounded up to a power of two; and an error carries a copy of the
 * request. A reply to a question is at most a page, the first part of a dump comes at once.
 */
function receiveCharge({ kind, payload }: Exchange): number {
  const error = 256 + 2 * (320 + HEADER_LENGTH + 4 + HEADER_LENGTH + payload.length);
  return kind === "execute" ? error : error + 8192;
}

/**
 * Ends a datagram whose last message is a change: the kernel does nothing for it but acknowledge it. To ask for the
 * acknowledgement of the change itself is not enough: netlink_rcv_skb() sends none, not even the error, when a handler
 * returns EINTR, as stopping a kernel thread that has not run yet does; who waits for it waits for ever.
 */
const barrier: Exchange = {
  kind: "request",
  type: NLMSG_NOOP,
  payload: new Uint8Array(),
  replies: NO_REPLIES,
  interruptions: 0,
  interrupted: false,
  resolve: () => {},
  reject: () => {},
};

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
  /** Index of the first exchange in #waiting that is not sent yet. */
  #next = 0;
  #flight: Exchange[] = [];
  #settled = 0;
  /** Sequence number of the first message in flight. */
  #sequence = 1;
  #running = false;
  #expectsMore = false;
  #failure: NetlinkError | undefined;

  constructor(private readonly socket: Socket) {
    this.#receiveBudget = socket.receiveBufferSize / 2;
  }

  execute(type: number, payload: Uint8Array): Promise<void> {
    return this.#enqueue("execute", type, payload) as Promise<unknown> as Promise<void>;
  }

  request(type: number, payload: Uint8Array): Promise<Message[]> {
    return this.#enqueue("request", type, payload);
  }

  dump(type: number, payload: Uint8Array): Promise<Message[]> {
    return this.#enqueue("dump", type, payload);
  }

  close(): void {
    this.#fail(netlinkError("ECANCELED", "the connection is closed"));
  }

  #enqueue(kind: Kind, type: number, payload: Uint8Array): Promise<Message[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (payload.length > LONGEST_FLIGHT - HEADER_LENGTH) return Promise.reject(netlinkError("EMSGSIZE"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        kind,
        type,
        payload,
        replies: kind === "execute" ? NO_REPLIES : [],
        interruptions: 0,
        interrupted: false,
        resolve,
        reject,
      });
      this.#schedule(kind);
    });
  }

  /**
   * Changes wait for a turn of the event loop, so that those that can be made without an answer from the kernel share a
   * datagram. Who asks waits for the answer: what is asked in one go flies at once.
   */
  #schedule(kind: Kind): void {
    if (this.#running) return;
    if (kind !== "execute") {
      Promise.resolve().then(() => this.#run());
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
        const datagram = this.#encodeFlight();
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

  /** Chooses what the next datagram carries. */
  #takeOff(): void {
    this.#sequence = (this.#sequence + this.#flight.length) >>> 0;
    this.#settled = 0;
    this.#flight = [];
    this.#board();
    if (this.#flight[this.#flight.length - 1]?.kind === "execute") this.#flight.push(barrier);
  }

  #board(): void {
    let length = 0;
    let charge = 0;
    for (let exchange = this.#waiting[this.#next]; exchange !== undefined; exchange = this.#waiting[this.#next]) {
      length += HEADER_LENGTH + exchange.payload.length + 3;
      charge += receiveCharge(exchange);
      if (this.#flight.length > 0 && (length > LONGEST_FLIGHT || charge > this.#receiveBudget)) return;
      this.#flight.push(exchange);
      this.#next++;
      // The kernel runs one dump a socket (EBUSY), and while it runs later answers would come in between.
      if (exchange.kind === "dump") return;
    }
    this.#waiting = [];
    this.#next = 0;
  }

  #encodeFlight(): Uint8Array {
    let offset = 0;
    for (const [index, exchange] of this.#flight.entries()) {
      const flags = NLM_F_REQUEST | WISH[exchange.kind];
      const sequence = (this.#sequence + index) >>> 0;
      offset = encodeMessage(this.#datagram, offset, exchange.type, flags, sequence, exchange.payload);
    }
    return this.#datagram.bytes.subarray(0, offset);
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
    } else if (exchange.kind !== "execute") {
      exchange.replies.push(message);
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
    if (errno !== 0) {
      exchange.reject(new NetlinkError(errno));
    } else if (!exchange.interrupted) {
      exchange.resolve(exchange.replies);
    } else if (++exchange.interruptions < DUMP_ATTEMPTS) {
      exchange.interrupted = false;
      exchange.replies.length = 0;
      this.#waiting.splice(this.#next, 0, exchange);
    } else {
      exchange.reject(netlinkError("EINTR", `the table changed during each of ${DUMP_ATTEMPTS} dumps`));
    }
  }

  #fail(failure: NetlinkError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    for (const exchange of this.#flight.slice(this.#settled)) exchange.reject(failure);
    for (const exchange of this.#waiting.slice(this.#next)) exchange.reject(failure);
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
