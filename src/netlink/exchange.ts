import type { Rows } from "./codec/fast/rows.js";
import { type Message, NLM_F_ACK, NLM_F_DUMP, NLMSG_NOOP } from "./codec/message.js";
import { type NetlinkError, netlinkError } from "./codec/netlink-error.js";

/** What became of a change: why it was refused, or undefined if the kernel made it. */
export type Outcome = NetlinkError | undefined;

/** The messages of one call to the kernel, and the kernel's answers to them. */
export interface Exchange {
  readonly kind: "batch" | "request" | "dump";
  readonly type: number;
  /** Flags that ask for answers besides errors. */
  readonly flags: number;
  readonly payloads: readonly Uint8Array[];
  /** The number of payloads that have been put into a datagram. */
  encodedCount: number;
  /** The table changed while it was dumped. */
  interrupted: boolean;
  /** Takes one message of the reply. */
  reply(message: Message): void;
  /** The kernel made the next `count` changes, and sent no answer. */
  succeed(count: number): void;
  /** Takes the end of the answer to the next message, which the kernel may refuse. Returns whether to ask again. */
  end(refusal: NetlinkError | undefined): boolean;
  /** Fails whatever has no answer yet. */
  fail(failure: NetlinkError): void;
}

/** Changes. The kernel answers only those that it refuses. */
export class Batch implements Exchange {
  readonly kind = "batch";
  readonly flags = 0;
  encodedCount = 0;
  interrupted = false;
  readonly #outcomes: Outcome[];
  /** The number of changes whose outcome is known. */
  #settled = 0;

  constructor(
    readonly type: number,
    readonly payloads: readonly Uint8Array[],
    private readonly resolve: (outcomes: Outcome[]) => void,
  ) {
    this.#outcomes = new Array<Outcome>(payloads.length).fill(undefined);
  }

  /** Changes have no reply. */
  reply(): void {}

  succeed(count: number): void {
    this.#settled += count;
    if (this.#settled === this.payloads.length) this.resolve(this.#outcomes);
  }

  end(refusal: NetlinkError | undefined): boolean {
    this.#outcomes[this.#settled] = refusal;
    this.succeed(1);
    return false;
  }

  fail(failure: NetlinkError): void {
    while (this.#settled < this.payloads.length) this.end(failure);
  }
}

const dumpAttempts = 10;

/** A query, for one reply or for a whole table. */
export class Query implements Exchange {
  readonly flags: number;
  readonly payloads: readonly Uint8Array[];
  encodedCount = 0;
  interrupted = false;
  #interruptions = 0;
  #replies: Message[] = [];

  constructor(
    readonly kind: "request" | "dump",
    readonly type: number,
    payload: Uint8Array,
    private readonly resolve: (replies: Message[]) => void,
    private readonly reject: (error: NetlinkError) => void,
  ) {
    this.flags = kind === "dump" ? NLM_F_DUMP : NLM_F_ACK;
    this.payloads = [payload];
  }

  reply(message: Message): void {
    this.#replies.push(message);
  }

  /** A query always has an answer, so this is never called. */
  succeed(): void {}

  end(refusal: NetlinkError | undefined): boolean {
    if (refusal !== undefined) {
      this.reject(refusal);
    } else if (!this.interrupted) {
      this.resolve(this.#replies);
    } else if (++this.#interruptions < dumpAttempts) {
      this.encodedCount = 0;
      this.interrupted = false;
      this.#replies = [];
      return true;
    } else {
      this.reject(netlinkError("EINTR", `the table changed during each of ${dumpAttempts} dumps`));
    }
    return false;
  }

  fail(failure: NetlinkError): void {
    this.reject(failure);
  }
}

/** A query for a whole table whose messages are taken as rows. */
export class RowQuery extends Query {
  constructor(
    type: number,
    payload: Uint8Array,
    readonly rows: Rows,
    resolve: () => void,
    reject: (error: NetlinkError) => void,
  ) {
    super("dump", type, payload, resolve, reject);
  }

  /** A message that could not be taken as a row. */
  override reply(): void {
    this.rows.miss();
  }

  override end(refusal: NetlinkError | undefined): boolean {
    const again = super.end(refusal);
    if (again) this.rows.restart();
    return again;
  }
}

/**
 * Ends a datagram whose last message is a change. The kernel acknowledges it and does nothing else. Requesting an ACK for the
 * change itself is not enough: if a handler returns EINTR (stopping a kernel thread that has not started does),
 * netlink_rcv_skb() sends neither ACK nor error, and the caller would wait forever. One object for all datagrams, since it
 * keeps nothing.
 */
export const barrier: Exchange = Object.freeze({
  kind: "request",
  type: NLMSG_NOOP,
  flags: NLM_F_ACK,
  payloads: [],
  encodedCount: 0,
  interrupted: false,
  reply() {},
  succeed() {},
  end: () => false,
  fail() {},
});
