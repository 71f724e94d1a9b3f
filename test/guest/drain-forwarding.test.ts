/** Direct routing and tunnels: real servers that answer clients past the director, drained and deleted under traffic. */

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fromRoot } from "../support/paths.js";

// Our programs come first, as `test/lab/guest.bash` has it.
process.env.PATH = `${fromRoot("test/lab/bin")}:${process.env.PATH}`;

const run = (command: string) => execFileSync("bash", ["-ec", command], { encoding: "utf8" });
/** The one message that is awaited. */
const messageOf = async <T>(child: ChildProcess): Promise<T> => {
  const [message] = await once(child, "message", { signal: AbortSignal.timeout(60_000) });
  return message as T;
};
let cluster: ChildProcess;

before(async () => {
  const script = `
    source test/lab/guest.bash; source test/traffic/network.bash
    build_network; start_servers; echo ready; read`;
  cluster = spawn("bash", ["-ec", script], { cwd: fromRoot(""), stdio: ["pipe", "pipe", "inherit"] });
  assert.ok(cluster.stdout);
  const [text] = await once(cluster.stdout, "data");
  assert.equal(String(text), "ready\n");
  // How long the director takes a closed connection for one that still sends.
  run("ip netns exec director ipvsadm --set 900 2 300");
});

after(() => {
  run("{ ip netns pids real1; ip netns pids real2; ip netns pids client; } | xargs -r kill");
  cluster.kill();
});

for (const { name, option, virtual, server } of [
  { name: "a tunnel", option: "-i", virtual: "10.0.2.100", server: "10.0.2.11" },
  { name: "direct routing, IPv6", option: "-g", virtual: "fd00:2::100", server: "fd00:2::11" },
]) {
  test(`${name}: nobody fails, and what the director does not see is waited for`, async () => {
    const service = virtual.includes(":") ? `[${virtual}]:80` : `${virtual}:80`;
    const endpoint = (address: string) => (address.includes(":") ? `[${address}]:80` : `${address}:80`);
    const other = server.replace(/11$/, "12");
    run(`
      ip netns exec director ipvsadm -R <<END
-C
-A -t ${service} -s rr
-a -t ${service} -r ${endpoint(server)} ${option}
-a -t ${service} -r ${endpoint(other)} ${option}
END
      rm -f /run/ipvsadm/*/overrides.json`);
    const program = [process.execPath, fromRoot("build/test/support/traffic-client.js"), virtual, "80"];
    const client = spawn("ip", ["netns", "exec", "client", ...program], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const { kept } = await messageOf<{ kept: string[] }>(client);
    assert.deepEqual(kept.sort(), ["1", "2"]);
    const line = `netns exec director ipvsadm drain -t ${service} -r ${endpoint(server)} --then delete --deadline 60`;
    const drain = spawn("ip", line.split(" "), { stdio: ["ignore", "pipe", "pipe"] });
    let [output, error, isOver] = ["", "", false];
    drain.stdout.on("data", (text) => {
      output += text;
    });
    drain.stderr.on("data", (text) => {
      error += text;
    });
    const closed = once(drain, "close").then(([status]) => {
      isOver = true;
      return status;
    });
    while (!/\d active and/.test(error)) await once(drain.stderr, "data", { signal: AbortSignal.timeout(60_000) });
    await sleep(2500);
    assert.equal(isOver, false, "it waits for the connection that stays");
    const began = Date.now();
    client.send("end them");
    assert.equal(await closed, 0, error);
    assert.ok(Date.now() - began > 1500, "it waits for the connection that is closed, too");
    assert.match(error, /note: the director does not see the answers .* up to 2 s\n/);
    assert.match(output, /; deleted\n$/);
    const told = messageOf<{ servers: string[]; failures: number }>(client);
    client.send("end");
    const { servers, failures } = await told;
    assert.equal(failures, 0);
    assert.deepEqual(new Set(servers), new Set(["2"]));
  });
}
