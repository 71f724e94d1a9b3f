// downloads.mjs COUNT ADDRESS...: COUNT downloads at once, from the addresses in turn. Prints `ready` when all have begun, and at
// the end how many there were, how many were lost, and the longest silence in milliseconds of one that was not. A download is
// lost if it ends early, or receives nothing for 15 seconds.
import { connect } from "node:net";
import { pieces } from "./pieces.mjs";

const [count, ...addresses] = process.argv.slice(2);
const wholeSize = pieces.count * pieces.size;
let begun = 0;

function download(address) {
  return new Promise((resolve) => {
    let [received, silence, last] = [0, 0, performance.now()];
    const socket = connect(80, address);
    socket.setTimeout(15_000, () => socket.destroy());
    socket.on("data", (piece) => {
      if (received === 0 && ++begun === Number(count)) console.log("ready");
      received += piece.length;
      silence = Math.max(silence, performance.now() - last);
      last = performance.now();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve({ isWhole: received === wholeSize, silence }));
  });
}

const results = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => download(addresses[index % addresses.length])),
);
const whole = results.filter(({ isWhole }) => isWhole);
console.log(results.length, results.length - whole.length, Math.round(Math.max(0, ...whole.map((one) => one.silence))));
