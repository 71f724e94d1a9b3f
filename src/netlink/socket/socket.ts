/** More than any datagram of generic netlink: the kernel fills parts of a dump up to what the reader offers. */
export const readSize = 32768;

/** Bytes of the receive buffer that are asked for. The kernel doubles the number, and may grant less. */
export const wantedReceiveBuffer = 1 << 20;

/** Bytes of the send buffer, as the kernel accounts it, below which a larger one is asked for. */
export const wantedSendBuffer = 1 << 16;

/** The small surface of a netlink socket that everything above the codec needs. */
export interface Socket {
  /** Size of the receive buffer as the kernel accounts it (getsockopt SO_RCVBUF), bytes. */
  readonly receiveBufferSize: number;
  /** Size of the send buffer, likewise: no datagram may be larger. */
  readonly sendBufferSize: number;
  /** Sends one datagram to the kernel. Rejects with a NetlinkError that carries the errno. */
  send(datagram: Uint8Array): Promise<void>;
  /** The next datagram from the kernel. Rejects with a NetlinkError (ENOBUFS: replies were lost). */
  receive(): Promise<Uint8Array>;
  /** Whatever waits in `receive` rejects with ECANCELED. */
  close(): void;
}
