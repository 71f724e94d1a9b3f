/** More than any datagram of generic netlink: the kernel fills parts of a dump up to what the reader offers. */
export const readSize = 32768;

/** The size of the receive buffer to request, bytes. The kernel doubles it, and may grant less. */
export const wantedReceiveBuffer = 1 << 20;

/** The size of the send buffer, as the kernel accounts it, below which a larger one is requested; bytes. */
export const wantedSendBuffer = 1 << 16;

/** What a connection needs of a netlink socket. */
export interface Socket {
  /** Size of the receive buffer as the kernel accounts it (getsockopt SO_RCVBUF), bytes. */
  readonly receiveBufferSize: number;
  /** Size of the send buffer, likewise: no datagram may be larger. */
  readonly sendBufferSize: number;
  /** Sends one datagram to the kernel. Rejects with a NetlinkError that carries the errno. */
  send(datagram: Uint8Array): Promise<void>;
  /** The next datagram from the kernel. Rejects with a NetlinkError (ENOBUFS: replies were lost). */
  receive(): Promise<Uint8Array>;
  /** A pending `receive` rejects with ECANCELED. */
  close(): void;
}
