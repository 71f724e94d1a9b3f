/** `ipvsadm connections` on a real kernel, with real connections: this machine is client, director and servers at once. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { Ipvs } from "ipvsadm";
import { runVerb } from "../../src/commands/run.js";
import { nodePlatform } from "../../src/host/node-platform.js";
import { systemHost } from "../../src/host/system-host.js";
import { fromRoot } from "../support/paths.js";

// Our programs come first, as `test/lab/guest.bash` has it.
process.env.PATH = `${fromRoot("test/lab/bin")}:${process.env.PATH}`;

const run = (command: string) => execFileSync("sh", ["-ec", command], { encoding: "utf8" });

/** Runs the command in this process, which takes much less time than one of its own. */
async function runConnections(args: string, onText = (_: string) => {}, signal?: AbortSignal) {
  let output = "";
  const write = (bytes: string | Uint8Array) => {
    const text = typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
    output += text;
    onText(text);
  };
  const host = { ...systemHost(nodePlatform), stdout: { write, writeText: write }, signal };
  const status = await runVerb(["connections", ...args.split(" ")], host);
  return { status, output };
}

const connections = async (args: string) => (await runConnections(args)).output;
const count = async (args: string) => Number(await connections(`--count ${args}`));
const close: (() => unknown)[] = [];

/** Waits for what the kernel brings about in its own time. */
async function eventually(what: string, isThere: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await isThere()); await new Promise((resolve) => setTimeout(resolve, 50))) {
    assert.ok(Date.now() < end, what);
  }
}

async function listen(address: string, port: number): Promise<void> {
  const server = createServer((socket) => {
    close.push(() => socket.destroy());
    socket.on("error", () => {}).pipe(socket);
  });
  close.push(() => server.close());
  await once(server.listen(port, address), "listening");
}

/** A connection over which something has gone to and fro, so that it is established for both. */
async function open(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port });
  close.push(() => socket.destroy());
  for (let exchange = 0; exchange < 4; exchange++) {
    socket.write("hello");
    await once(socket, "data");
  }
  return socket;
}

before(async () => {
  run(`
    modprobe -a ip_vs veth
    sysctl -qw net.ipv4.vs.expire_quiescent_template=1 net.ipv4.vs.sync_threshold='1 2'
    ip link set lo up
    ip address add 10.9.0.1/32 dev lo; ip address add 10.9.0.2/32 dev lo; ip address add 10.9.0.3/32 dev lo
    ip -6 address add 2001:db8:9::1/128 dev lo nodad; ip -6 address add 2001:db8:9::2/128 dev lo nodad
    ip netns add backup
    ip link add sync0 type veth peer name sync1 netns backup
    ip address add 10.8.0.1/24 dev sync0; ip link set sync0 up
    ip netns exec backup sh -c 'ip link set lo up; ip address add 10.8.0.2/24 dev sync1; ip link set sync1 up'
    ip netns exec backup ipvsadm --start-daemon backup --mcast-interface sync1
    ipvsadm --start-daemon master --mcast-interface sync0
    ipvsadm -A -t 10.9.0.1:80 -s rr
    ipvsadm -a -t 10.9.0.1:80 -r 10.9.0.2:8080 -m
    ipvsadm -A -t 10.9.0.1:81 -s rr -p 60
    ipvsadm -a -t 10.9.0.1:81 -r 10.9.0.2:8080 -m
    ipvsadm -A -u 10.9.0.1:53 -s rr
    ipvsadm -a -u 10.9.0.1:53 -r 10.9.0.3:5353 -m
    ipvsadm -A -t '[2001:db8:9::1]:80' -s rr
    ipvsadm -a -t '[2001:db8:9::1]:80' -r '[2001:db8:9::2]:8080' -m`);
  await listen("10.9.0.2", 8080);
  await listen("2001:db8:9::2", 8080);
});

after(() => {
  for (const each of close) each();
  run("ipvsadm -C; ipvsadm --stop-daemon master; ip netns exec backup ipvsadm --stop-daemon backup || true");
});

test("connections are found, counted, and grouped", async () => {
  await Promise.all([open("10.9.0.1", 80), open("10.9.0.1", 80), open("2001:db8:9::1", 80)]);
  const udp = createSocket("udp4");
  close.push(() => udp.close());
  udp.send("hello", 53, "10.9.0.1");
  await eventually("the datagram has a connection", async () => (await count("-u 10.9.0.1:53")) === 1);

  assert.equal(await count("-t 10.9.0.1:80 --state established"), 2);
  assert.equal(await count("-p tcp"), 3);
  assert.equal(await count("-r 10.9.0.0/30 --not-state udp"), 2);
  assert.equal(await count("--client 2001:db8:9::/48"), 1);
  assert.equal(await count("--server [2001:db8:9::2]:8080"), 1);
  assert.equal(await count("--origin sync"), 0);
  assert.match(
    await connections("-n -t [2001:db8:9::1]:80"),
    /^TCP \d\d:\d\d {2}ESTABLISHED \[2001:db8:9::\d\]:\d+ \[2001:db8:9::1\]:80 *\[2001:db8:9::2\]:8080 *own$/m,
  );
  const [title, largest, ...others] = (await connections("-n --count-by server --no-templates")).trimEnd().split("\n");
  assert.deepEqual([title, largest], ["count server", "    2 10.9.0.2:8080"]);
  assert.deepEqual(others.sort(), ["    1 10.9.0.3:5353", "    1 [2001:db8:9::2]:8080"]);
  assert.equal((await runConnections("--exists -r 10.9.0.2")).status, 0);
  assert.equal((await runConnections("--exists -r 10.9.0.9")).status, 1);

  const document = JSON.parse(await connections("--json"));
  assert.equal(document.connections.length, 4);
  assert.ok(document.connections.every(({ origin }: { origin: string }) => origin === "own"));
  // The original's listing has the same connections.
  const { length } = run("ipvsadm -Lnc").trimEnd().split("\n").slice(2);
  assert.equal(length, 4);

  const found: number[] = [];
  const filter = { service: { protocol: "tcp", address: "10.9.0.1", port: 80 }, origin: "own" } as const;
  for await (const { destination } of Ipvs.connections({ filter })) found.push(destination.port);
  assert.deepEqual(found, [8080, 8080]);
});

test("a template of a drained server is dead after the next connection", async () => {
  await open("10.9.0.1", 81);
  assert.match(await connections("-n --templates -t 10.9.0.1"), / 10\.9\.0\.1:81 .* own {4}template$/m);
  run("ipvsadm -e -t 10.9.0.1:81 -r 10.9.0.2:8080 -m -w 0");
  const refused = connect({ host: "10.9.0.1", port: 81 });
  close.push(() => refused.destroy());
  refused.on("error", () => {});
  await eventually("the template is dead", async () =>
    / 10\.9\.0\.1:65535 +10\.9\.0\.2:65535 +own {4}template, dead$/m.test(await connections("-n --templates")),
  );
  assert.equal(JSON.parse(await connections("--json --templates")).connections[0].template, "dead");
});

test("a backup has learned of connections by sync", async () => {
  const socket = await open("10.9.0.1", 80);
  await eventually("the backup has a connection", async () => {
    socket.write("more");
    return run("ip netns exec backup cat /proc/net/ip_vs_conn_sync").includes("SYNC");
  });
  const learned = JSON.parse(run("ip netns exec backup ipvsadm connections --json --origin sync")).connections;
  assert.ok(learned.length > 0);
  assert.equal(learned[0].origin, "sync");
});

test("--follow tells of a connection that comes, changes and goes", async () => {
  const end = new AbortController();
  const lines: string[] = [];
  const following = runConnections(
    "--follow --json --interval 0.1 -t 10.9.0.1:80",
    (line) => lines.push(line),
    end.signal,
  );
  const told = (event: string, port = 0) =>
    lines
      .map((line) => JSON.parse(line))
      .find((one) => one.event === event && (one.connection?.client.port ?? 0) === port);
  await eventually("it starts", async () => told("start") !== undefined);
  const socket = await open("10.9.0.1", 80);
  const { localPort } = socket;
  await eventually("it is new", async () => told("new", localPort) !== undefined);
  assert.equal(told("new", localPort).connection.origin, "own");
  socket.destroy();
  await eventually("its state changes", async () => told("state", localPort) !== undefined);
  assert.equal(told("state", localPort).changed.state.new, told("state", localPort).connection.state);
  // What ends all connections of a server.
  run("sysctl -qw net.ipv4.vs.expire_nodest_conn=1; ipvsadm -d -t 10.9.0.1:80 -r 10.9.0.2:8080");
  await eventually("it is gone", async () => told("gone", localPort) !== undefined);
  end.abort();
  assert.equal((await following).status, 0);
});
