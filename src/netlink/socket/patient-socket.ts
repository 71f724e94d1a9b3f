import { letOthersRun } from "../../platform/clock.js";
import type { Socket } from "./socket.js";

/** Milliseconds for which everything else may wait. */
const longestStretch = 10;

/**
 * The socket, with turns of the event loop between datagrams. Where receiving blocks until the kernel has answered, and
 * that is immediately, a long dump would otherwise hold up everything else in the process.
 */
export function patientSocket(socket: Socket): Socket {
  let lastTurn = 0;
  return {
    receiveBufferSize: socket.receiveBufferSize,
    sendBufferSize: socket.sendBufferSize,
    send: (datagram) => socket.send(datagram),
    async receive() {
      const datagram = await socket.receive();
      if (performance.now() - lastTurn >= longestStretch) {
        await letOthersRun();
        lastTurn = performance.now();
      }
      return datagram;
    },
    close: () => socket.close(),
  };
}
