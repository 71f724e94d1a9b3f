import { type Message, NLM_F_ACK, NLM_F_DUMP } from "./codec/message.js";
import { NetlinkError, netlinkError } from "./codec/netlink-error.js";

/** What became of a change: why it was refused, or undefined where the kernel has done it. */
export type Outcome = NetlinkError | undefined;

/** The messages of one call on their way to the kernel, and what it answers to them. */
export interface Exchange {
  readonly kind: "execute" | "request" | "dump";
  readonly type: number;
  /** What is asked of the kernel for each message, besides its errors. */
  readonly flags: number;
  readonly payloads: readonly Uint8Array[];
  /** How many of the payloads have been put into a datagram. */
  boarded: number;
  /** The table changed while it was dumped. */
  interrupted: boolean;
  /** Takes a part of the answer. */
  reply(message: Message): void;
  /** Takes the end of the answer to the next message, with its errno or 0. Returns whether it has to be asked again. */
  end(errno: number): boolean;
  /** What is not answered yet never will be. */
  fail(failure: NetlinkError): void;
}

/** Changes, of which the kernel answers only those that it refuses. */
export class Changes implements Exchange {
  readonly kind = "execute";
  readonly flags = 0;
  boarded = 0;
  interrupted = false;
  readonly #outcomes: Outcome[] = [];

  constructor(
    readonly type: number,
    readonly payloads: readonly Uint8Array[],
    private readonly resolve: (outcomes: Outcome[]) => void,
  ) {}

  /** There is none to a change. */
  reply(): void {}

  end(errno: number): boolean {
    this.#settle(errno === 0 ? undefined : new NetlinkError(errno));
    return false;
  }

  fail(failure: NetlinkError): void {
    while (this.#outcomes.length < this.payloads.length) this.#settle(failure);
  }

  #settle(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length === this.payloads.length) this.resolve(this.#outcomes);
  }
}

const DUMP_ATTEMPTS = 10;

/** A question, for one reply or for a table. */
export class Question implements Exchange {
  readonly flags: number;
  readonly payloads: readonly Uint8Array[];
  boarded = 0;
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

  end(errno: number): boolean {
    if (errno !== 0) {
      this.reject(new NetlinkError(errno));
    } else if (!this.interrupted) {
      this.resolve(this.#replies);
    } else if (++this.#interruptions < DUMP_ATTEMPTS) {
      this.boarded = 0;
      this.interrupted = false;
      this.#replies = [];
      return true;
    } else {
      this.reject(netlinkError("EINTR", `the table changed during each of ${DUMP_ATTEMPTS} dumps`));
    }
    return false;
  }

  fail(failure: NetlinkError): void {
    this.reject(failure);
  }
}
