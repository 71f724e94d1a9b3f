// server.mjs NUMBER ADDRESS...: answers each TCP connection and each UDP datagram to ports 80 and 81 with its number.
// A TCP connection stays open until the client ends it. UDP listens on each address by itself, so that an answer comes
// from the address that was asked.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

const [number, ...addresses] = process.argv.slice(2);

for (const port of [80, 81]) {
  const server = createServer((connection) => {
    connection.on("error", () => connection.destroy());
    connection.resume();
    connection.write(number);
  });
  server.listen(port, "::");
  await once(server, "listening");
  for (const address of addresses) {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.on("message", (_, client) => socket.send(number, client.port, client.address));
    socket.bind(port, address);
    await once(socket, "listening");
  }
}
console.log("ready");
