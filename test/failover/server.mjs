// server.mjs: sends every client on port 80 a hundred bytes twenty times a second for five seconds. Prints `ready`.
import { createServer } from "node:net";
import { pieces } from "./pieces.mjs";

createServer((socket) => {
  let sent = 0;
  const timer = setInterval(() => {
    if (++sent < pieces.count) socket.write("x".repeat(pieces.size));
    else socket.end("x".repeat(pieces.size));
  }, pieces.pause);
  socket.on("error", () => {});
  socket.on("close", () => clearInterval(timer));
}).listen(80, () => console.log("ready"));
