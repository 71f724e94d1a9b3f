/**
 * traffic-client ADDRESS PORT: clients in a network namespace of their own. Opens two connections that stay, sends their
 * servers as `{ kept }`, and then opens one connection after the other, each for a moment. On the first message it ends the
 * two. On the second it ends after one more connection, and sends `{ servers, failures }` of those since the first.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [host = "", port = ""] = process.argv.slice(2);

async function open(): Promise<{ readonly socket: Socket; readonly server: string }> {
  const socket = connect({ host, port: Number(port) });
  try {
    const [name] = await once(socket, "data", { signal: AbortSignal.timeout(30_000) });
    return { socket: socket.on("error", () => {}), server: String(name) };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

const kept = await Promise.all([open(), open()]);
process.send?.({ kept: kept.map(({ server }) => server) });
let isOver = false;
let servers: string[] = [];
let failures = 0;
process.once("message", () => {
  for (const { socket } of kept) socket.end();
  servers = [];
  process.once("message", () => {
    isOver = true;
  });
});
while (!isOver || servers.length + failures === 0) {
  try {
    const { socket, server } = await open();
    servers.push(server);
    socket.end();
    await once(socket, "close");
  } catch {
    failures++;
  }
  await sleep(20);
}
process.send?.({ servers, failures }, () => process.disconnect());
