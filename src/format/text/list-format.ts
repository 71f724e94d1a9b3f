/** The views of a listing that exclude each other, in the order of their precedence when several are asked for. */
export type ListView = "stats" | "rate" | "thresholds" | "persistent-conn" | "tun-info" | "plain";

/** How a listing is shown. */
export interface ListFormat {
  readonly view: ListView;
  /** All digits instead of K, M, G, T. */
  readonly exact: boolean;
  /** Addresses and ports as numbers instead of names. */
  readonly numeric: boolean;
  /** Sorted as ipvsadm sorts, or in the kernel's order. */
  readonly sorted: boolean;
  /** --persistent-conn was given: with connections it adds the persistence engine's name and data. */
  readonly persistentConnections: boolean;
}
