/** The small surface of a netlink socket that everything above the codec needs. */
export interface Socket {
  /** Size of the receive buffer as the kernel accounts it (getsockopt SO_RCVBUF), bytes. */
  readonly receiveBufferSize: number;
  /** Sends one datagram to the kernel. Rejects with a NetlinkError that carries the errno. */
  send(datagram: Uint8Array): Promise<void>;
  /** The next datagram from the kernel. Rejects with a NetlinkError (ENOBUFS: replies were lost). */
  receive(): Promise<Uint8Array>;
  /** Whatever waits in `receive` rejects with ECANCELED. */
  close(): void;
}
