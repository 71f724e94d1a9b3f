import { type Message, NLM_F_ACK, NLM_F_DUMP } from "./codec/message.js";
import { type NetlinkError, netlinkError } from "./codec/netlink-error.js";

/** The result of a change: the kernel's refusal, or undefined if the kernel made the change. */
export type Outcome = NetlinkError | undefined;

/** The messages of one call on their way to the kernel, and what the kernel answers. */
export interface Exchange {
  readonly kind: "execute" | "request" | "dump";
  readonly type: number;
  /** What each message asks for besides its errors. */
  readonly flags: number;
  readonly payloads: readonly Uint8Array[];
  /** The number of payloads that have been put into a datagram. */
  encodedCount: number;
  /** The table changed while it was dumped. */
  interrupted: boolean;
  /** Takes a part of the answer. */
  reply(message: Message): void;
  /** Ends the answer to the next message, which the kernel may refuse. Returns whether the call has to be made again. */
  end(refusal: NetlinkError | undefined): boolean;
  /** Ends the call: nothing more will be answered. */
  fail(failure: NetlinkError): void;
}

/** Changes. The kernel answers only those that it refuses. */
export class Batch implements Exchange {
  readonly kind = "execute";
  readonly flags = 0;
  encodedCount = 0;
  interrupted = false;
  readonly #outcomes: Outcome[] = [];

  constructor(
    readonly type: number,
    readonly payloads: readonly Uint8Array[],
    private readonly resolve: (outcomes: Outcome[]) => void,
  ) {}

  /** Changes have no reply. */
  reply(): void {}

  end(refusal: NetlinkError | undefined): boolean {
    this.#add(refusal);
    return false;
  }

  fail(failure: NetlinkError): void {
    while (this.#outcomes.length < this.payloads.length) this.#add(failure);
  }

  #add(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length === this.payloads.length) this.resolve(this.#outcomes);
  }
}

const dumpAttempts = 10;

/** A query, for one reply or for a table. */
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
