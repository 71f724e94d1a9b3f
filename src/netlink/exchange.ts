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

/** A query, for one reply or for a whole table; or several, for which the kernel is asked one after the other. */
export class Query implements Exchange {
  readonly flags: number;
  encodedCount = 0;
  interrupted = false;
  /** The number of payloads that have their answer. */
  protected answeredCount = 0;
  #interruptions = 0;
  #replies: Message[] = [];

  constructor(
    readonly kind: "request" | "dump",
    readonly type: number,
    readonly payloads: readonly Uint8Array[],
    private readonly resolve: (replies: Message[]) => void,
    private readonly reject: (error: NetlinkError) => void,
  ) {
    this.flags = kind === "dump" ? NLM_F_DUMP : NLM_F_ACK;
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
      this.#interruptions = 0;
      if (++this.answeredCount < this.payloads.length) return true;
      this.resolve(this.#replies);
    } else if (++this.#interruptions < dumpAttempts) {
      this.encodedCount = this.answeredCount;
      this.interrupted = false;
      this.restart();
      return true;
    } else {
      this.reject(netlinkError("EINTR", `the table changed during each of ${dumpAttempts} dumps`));
    }
    return false;
  }

  /** The kernel is asked again: what it has answered does not count. */
  protected restart(): void {
    this.#replies = [];
  }

  fail(failure: NetlinkError): void {
    this.reject(failure);
  }
}

/** Queries for whole tables whose messages are taken as rows. */
export class RowQuery extends Query {
  constructor(
    type: number,
    payloads: readonly Uint8Array[],
    /** Those of each payload. */
    private readonly tables: readonly Rows[],
    resolve: () => void,
    reject: (error: NetlinkError) => void,
  ) {
    super("dump", type, payloads, resolve, reject);
  }

  /** Those of the payload that is being answered. */
  get rows(): Rows {
    return this.tables[this.answeredCount] as Rows;
  }

  /** A message that could not be taken as a row. */
  override reply(): void {
    this.rows.miss();
  }

  protected override restart(): void {
    this.rows.restart();
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
