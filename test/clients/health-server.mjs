// health-server.mjs FOLDER ADDRESS...: HTTP servers on port 80 of each address. GET / is answered with `fine` while the
// file FOLDER/ADDRESS exists, else with status 503.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";

const [folder, ...addresses] = process.argv.slice(2);

for (const address of addresses) {
  const server = createServer((_, response) => {
    const healthy = existsSync(`${folder}/${address}`);
    response.writeHead(healthy ? 200 : 503, { "content-type": "text/plain" });
    response.end(healthy ? "fine\n" : "ill\n");
  });
  server.listen(80, address);
  await once(server, "listening");
}
console.log("ready");
