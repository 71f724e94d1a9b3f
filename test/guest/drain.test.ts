/** Servers that are drained and deleted under real traffic: this machine is clients, director and servers at once. */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Ipvs } from "ipvsadm";
import { runVerb } from "../../src/commands/run.js";
import { nodePlatform } from "../../src/host/node-platform.js";
import { systemHost } from "../../src/host/system-host.js";
import { fromRoot } from "../support/paths.js";

// Our programs come first, as `test/lab/guest.bash` has it.
process.env.PATH = `${fromRoot("test/lab/bin")}:${process.env.PATH}`;

const run = (command: string) => execFileSync("sh", ["-ec", command], { encoding: "utf8" });
const sysctl = (name: string, value: number) => run(`sysctl -qw net.ipv4.vs.${name}=${value}`);
const close: (() => unknown)[] = [];
let ipvs: Ipvs;
const service = "-t 10.9.0.1:80";
const drainOne = `drain ${service} -r 10.9.0.2:80`;

// One for all verbs, since each one would catch signals for itself.
const system = systemHost(nodePlatform);

/** Runs a verb in this process, which takes much less time than one of its own. */
async function verb(args: string) {
  const written = { output: "", error: "" };
  const streamTo = (name: keyof typeof written) => {
    const write = (bytes: string | Uint8Array) => {
      written[name] += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
    };
    return { write, writeText: write };
  };
  const host = { ...system, stdout: streamTo("output"), stderr: streamTo("error") };
  const status = await runVerb(args.split(" "), host);
  return { status, ...written };
}

async function done(args: string) {
  const result = await verb(args);
  assert.deepEqual([result.status, args], [0, args], result.error);
  return result;
}

/** Answers connections and datagrams with a name. */
async function serve(address: string): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => {}).write(address);
    socket.resume();
  });
  close.push(() => server.close());
  await once(server.listen(80, address), "listening");
  const udp = createSocket("udp4");
  udp.on("message", (_, { port, address: client }) => udp.send(address, port, client));
  close.push(() => udp.close());
  udp.bind(80, address);
  await once(udp, "listening");
}

/** Opens a connection and returns the name of its server with it. Rejects where it is refused, reset or not answered. */
async function open(localAddress = "10.9.1.1"): Promise<{ readonly socket: Socket; readonly server: string }> {
  const socket = connect({ host: "10.9.0.1", port: 80, localAddress });
  close.push(() => socket.destroy());
  const [name] = await once(socket, "data", { signal: AbortSignal.timeout(2000) }).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  return { socket: socket.on("error", () => {}), server: String(name) };
}

/** Clients that open connections one after the other, each for a moment, from addresses of their own, until they are stopped. */
class Clients {
  readonly servers: string[] = [];
  failures = 0;
  #isStopped = false;
  readonly #work: Promise<unknown>;

  constructor(count: number) {
    this.#work = Promise.all(Array.from({ length: count }, (_, index) => this.#go(`10.9.1.${index + 1}`)));
  }

  async #go(address: string): Promise<void> {
    while (!this.#isStopped) {
      try {
        const { socket, server } = await open(address);
        this.servers.push(server);
        socket.end();
        await once(socket, "close");
      } catch {
        this.failures++;
      }
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }
}

type ServiceOptions = Partial<Extract<Parameters<Ipvs["addService"]>[0], { readonly address: string }>>;

const key = { protocol: "tcp", address: "10.9.0.1", port: 80 } as const;

/** A service with both servers, in an empty table without connections: those of a deleted server would come back with it. */
async function arrange(options: ServiceOptions, weight = 1): Promise<void> {
  sysctl("expire_nodest_conn", 1);
  await ipvs.clear();
  for (const end = Date.now() + 10_000; readFileSync("/proc/net/ip_vs_conn", "latin1").split("\n").length > 2; ) {
    assert.ok(Date.now() < end, "connections of deleted servers end");
    await sleep(20);
  }
  sysctl("expire_nodest_conn", 0);
  const web = { ...key, ...options };
  await ipvs.addService(web);
  for (const address of ["10.9.0.2", "10.9.0.3"]) await ipvs.addDestination(web, { address, forward: "masq", weight });
}

/** The weight of a server; undefined where it is not there. */
async function weightOf(address: string): Promise<number | undefined> {
  const [entry] = await ipvs.list();
  return entry?.destinations.find((server) => server.address === address)?.weight;
}

/** Waits until a server has another weight, or none. */
async function untilWeight(address: string, isThere: (weight: number | undefined) => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isThere(await weightOf(address)); await sleep(20)) {
    assert.ok(Date.now() < end, `the weight of ${address}`);
  }
}

before(async () => {
  run(`
    modprobe ip_vs
    ip link set lo up
    ip address add 10.9.0.1/32 dev lo; ip address add 10.9.0.2/32 dev lo; ip address add 10.9.0.3/32 dev lo
    ip address add 10.9.1.1/24 dev lo`);
  ipvs = await Ipvs.open();
  await serve("10.9.0.2");
  await serve("10.9.0.3");
});

beforeEach(() => {
  run("rm -f /run/ipvsadm/*/overrides.json");
  sysctl("expire_quiescent_template", 0);
});

after(async () => {
  for (const each of close) each();
  await ipvs.clear();
  ipvs.close();
});

test("short and long TCP connections: nobody fails while a server is drained and deleted", async () => {
  await arrange({ scheduler: "rr" });
  const clients = new Clients(4);
  const both = await Promise.all([open(), open()]);
  const long = both.find(({ server }) => server === "10.9.0.2");
  assert.ok(long);
  let isOver = false;
  const drained = done(`${drainOne} --then delete --deadline 30`).then((result) => {
    isOver = true;
    return result;
  });
  await sleep(1500);
  assert.equal(isOver, false, "it waits for the long connection");
  long.socket.end();
  assert.match((await drained).output, /; deleted\n$/);
  clients.servers.length = 0;
  await sleep(300);
  await clients.stop();
  assert.equal(clients.failures, 0);
  assert.deepEqual(new Set(clients.servers), new Set(["10.9.0.3"]));
  assert.equal(await weightOf("10.9.0.2"), undefined);
  for (const { socket } of both) socket.destroy();
});

test("the deadline leaves a connection alone, and names its client", async () => {
  await arrange({ scheduler: "rr" });
  const both = await Promise.all([open("10.9.1.7"), open("10.9.1.7")]);
  const { status, error } = await verb(`${drainOne} --deadline 1s`);
  assert.equal(status, 5);
  assert.match(error, / 10\.9\.1\.7: 1 connection\n$/);
  const long = both.find(({ server }) => server === "10.9.0.2")?.socket;
  assert.ok(long?.writable && !long.destroyed);
  await done("undrain --server 10.9.0.2");
  for (const { socket } of both) socket.destroy();
});

test("persistent clients: the sysctl decides whether they stay, and the verb says so", async () => {
  for (const value of [0, 1]) {
    sysctl("expire_quiescent_template", value);
    await arrange({ scheduler: "rr", timeout: 60 });
    const { socket, server } = await open();
    socket.end();
    const drained = verb(`drain ${service} -r ${server}:80 --deadline 20`);
    await untilWeight(server, (weight) => weight === 0);
    const next = await open();
    next.socket.end();
    assert.equal(next.server === server, value === 0);
    const { status, error } = await drained;
    assert.equal(status, 0, error);
    assert.equal(/persistence: .* the longest lasts \d+ s more; to stop that: sysctl -w/.test(error), value === 0);
    // Deleting it moves the client, whatever the sysctl says.
    await done(`drain ${service} -r ${server}:80 --then delete --deadline 20`);
    const last = await open();
    assert.notEqual(last.server, server);
    last.socket.destroy();
  }
});

test("UDP clients that keep their port: moved without loss, or refused", async () => {
  for (const value of [1, 0]) {
    await arrange({ scheduler: "rr", protocol: "udp" });
    sysctl("expire_nodest_conn", value);
    const client = createSocket("udp4");
    let answers = 0;
    let name = "";
    client.on("message", (text) => {
      answers++;
      name = String(text);
    });
    const send = () => client.send("hello", 80, "10.9.0.1");
    send();
    await once(client, "message");
    const line = `drain -u 10.9.0.1:80 -r ${name}:80`;
    let sent = 1;
    const timer = setInterval(() => {
      sent++;
      send();
    }, 20);
    await sleep(200);
    const late = await verb(`${line} --deadline 1s`);
    assert.equal(late.status, 5);
    assert.match(late.error, /UDP: a client that keeps its port stays/);
    const atOnce = await verb(`${line} --then delete --no-wait`);
    assert.equal(atOnce.status, value === 1 ? 0 : 3);
    if (value === 0) await done(`${line} --then delete --no-wait --force`);
    await sleep(500);
    clearInterval(timer);
    await sleep(200);
    client.close();
    const lost = sent - answers;
    if (value === 1) assert.equal(lost, 0);
    else assert.ok(lost > 10, `what was warned of: ${lost} of ${sent} lost`);
  }
});

test("sh and mh: refused, safe with the fallback flag, and what is refused would hurt", async () => {
  for (const scheduler of ["sh", "mh"]) {
    await arrange({ scheduler });
    assert.equal((await verb(drainOne)).status, 3);
    const clients = new Clients(8);
    await sleep(300);
    assert.equal(new Set(clients.servers).size, 2);
    await done(`${drainOne} --with-fallback --then delete --deadline 20`);
    clients.servers.length = 0;
    await sleep(300);
    await clients.stop();
    assert.equal(clients.failures, 0, scheduler);
    assert.deepEqual(new Set(clients.servers), new Set(["10.9.0.3"]));

    await arrange({ scheduler });
    const hurt = new Clients(8);
    await sleep(200);
    await done(`${drainOne} --force --no-wait`);
    await sleep(300);
    await hurt.stop();
    assert.ok(hurt.failures > 0, scheduler);
  }
});

test("wlc: a server that comes back at once gets most new connections, and its share with --over", async () => {
  const share = async (undrain: string): Promise<number> => {
    await arrange({ scheduler: "wlc" }, 10);
    await done(`${drainOne} --no-wait`);
    // Connections that stay are what wlc counts.
    const kept = await Promise.all(Array.from({ length: 40 }, () => open()));
    const ramp = verb(undrain);
    await untilWeight("10.9.0.2", (weight) => weight !== 0);
    const fresh: Awaited<ReturnType<typeof open>>[] = [];
    while (fresh.length < 20) fresh.push(await open());
    for (const { socket } of [...kept, ...fresh]) socket.destroy();
    assert.equal((await ramp).status, 0);
    return fresh.filter(({ server }) => server === "10.9.0.2").length / fresh.length;
  };
  const atOnce = await share(`undrain ${service} -r 10.9.0.2:80`);
  const ramped = await share(`undrain ${service} -r 10.9.0.2:80 --over 4s`);
  assert.ok(atOnce >= 0.9, `at once: ${atOnce}`);
  assert.ok(ramped <= 0.5, `with --over: ${ramped}`);
});

test("what is killed while it waits stays at 0 and is known", async () => {
  await arrange({ scheduler: "rr" });
  const both = await Promise.all([open(), open()]);
  const child = spawn("ipvsadm", drainOne.split(" "), { stdio: "ignore" });
  await untilWeight("10.9.0.2", (weight) => weight === 0);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.match(
    (await done("overrides")).output,
    /^server 10\.9\.0\.2:80 of tcp 10\.9\.0\.1:80 weight 0 by drain since/,
  );
  for (const { socket } of both) socket.destroy();
  await done("undrain --server 10.9.0.2");
  assert.equal(await weightOf("10.9.0.2"), 1);
});
