/** The small surface of a netlink socket that everything above the codec needs. */
export interface Socket {
  /** Sends one datagram to the kernel. Rejects with a NetlinkError that carries the errno. */
  send(datagram: Uint8Array): Promise<void>;
  /** The next datagram from the kernel. Rejects with a NetlinkError (ENOBUFS: replies were lost). */
  receive(): Promise<Uint8Array>;
  close(): void;
}
