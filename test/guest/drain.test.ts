/** Servers that are drained and deleted under real traffic: this machine is clients, director and servers at once. */

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Clients, done, run, ServedDirector, sysctl, until, verb } from "../support/served-director.js";

const service = "-t 10.9.0.1:80";
const drainOne = `drain ${service} -r 10.9.0.2:80`;
let director: ServedDirector;

before(async () => {
  director = await ServedDirector.start();
});

beforeEach(() => {
  run("rm -f /run/ipvsadm/*/overrides.json");
  sysctl("expire_quiescent_template", 0);
});

after(() => director.stop());

const end = (sockets: ReadonlyMap<string, Socket>) => {
  for (const socket of sockets.values()) socket.destroy();
};

test("short and long TCP connections: nobody fails while a server is drained and deleted", async () => {
  await director.arrange({ scheduler: "rr" });
  const clients = new Clients(director, 4);
  const both = await director.openBoth();
  let isOver = false;
  const drained = done(`${drainOne} --then delete --deadline 60`).then((result) => {
    isOver = true;
    return result;
  });
  await sleep(1500);
  assert.equal(isOver, false, "it waits for the long connection");
  both.get("10.9.0.2")?.end();
  assert.match((await drained).output, /; deleted\n$/);
  assert.deepEqual(await clients.look(), new Set(["10.9.0.3"]));
  await clients.stop();
  assert.equal(clients.failures, 0);
  assert.equal(await director.weightOf("10.9.0.2"), undefined);
  end(both);
});

test("the deadline leaves a client with a connection for many requests alone, and names it", async () => {
  await director.arrange({ scheduler: "rr" });
  const both = await director.openBoth("10.9.1.7");
  const socket = both.get("10.9.0.2");
  assert.ok(socket);
  let [requests, answers] = [0, 0];
  const ask = () => {
    requests++;
    socket.write("next");
  };
  let timer = setTimeout(ask);
  socket.on("data", () => {
    answers++;
    timer = setTimeout(ask, 50);
  });
  const { status, error } = await verb(`${drainOne} --deadline 1s`);
  assert.equal(status, 5);
  assert.match(error, / 10\.9\.1\.7: 1 connection\n$/);
  const before = answers;
  while (answers < before + 3) await once(socket, "data", { signal: AbortSignal.timeout(60_000) });
  clearTimeout(timer);
  assert.equal(answers, requests);
  // The same command again goes on waiting, until the client ends.
  const drained = done(`${drainOne} --then delete --deadline 60`);
  socket.end();
  assert.match((await drained).output, /; deleted\n$/);
  assert.equal((await director.open("10.9.1.7")).server, "10.9.0.3");
  end(both);
});

test("persistent clients: the sysctl decides whether they stay, and the verb says so; nobody fails", async () => {
  for (const value of [0, 1]) {
    sysctl("expire_quiescent_template", value);
    await director.arrange({ scheduler: "rr", timeout: 60 });
    const { socket, server } = await director.open("10.9.1.9");
    socket.end();
    const clients = new Clients(director, 3);
    const drained = verb(`drain ${service} -r ${server}:80 --deadline 60`);
    await director.untilWeight(server, (weight) => weight === 0);
    const next = await director.open("10.9.1.9");
    next.socket.end();
    assert.equal(next.server === server, value === 0);
    await clients.stop();
    const { status, error } = await drained;
    assert.equal(status, 0, error);
    assert.equal(/persistence: .* the longest lasts \d+ s more; to stop that: sysctl -w/.test(error), value === 0);
    // Deleting it moves the client, whatever the sysctl says.
    await done(`drain ${service} -r ${server}:80 --then delete --deadline 60`);
    const last = await director.open("10.9.1.9");
    assert.notEqual(last.server, server);
    last.socket.destroy();
    assert.equal(clients.failures, 0);
  }
});

test("UDP clients that keep their port: moved without loss, or refused", async (t) => {
  for (const value of [1, 0]) {
    await director.arrange({ scheduler: "rr", protocol: "udp" });
    sysctl("expire_nodest_conn", value);
    const client = createSocket("udp4");
    t.after(() => client.close());
    let answers = 0;
    let name = "";
    client.on("message", (text) => {
      answers++;
      name = String(text);
    });
    const send = () => client.send("hello", 80, "10.9.0.1");
    send();
    await once(client, "message");
    const drained = name;
    const line = `drain -u 10.9.0.1:80 -r ${drained}:80`;
    let sent = 1;
    const timer = setInterval(() => {
      sent++;
      send();
    }, 20);
    t.after(() => clearInterval(timer));
    const late = await verb(`${line} --deadline 1s`);
    assert.equal(late.status, 5);
    assert.match(late.error, /UDP: a client that keeps its port stays/);
    const atOnce = await verb(`${line} --then delete --no-wait`);
    assert.equal(atOnce.status, value === 1 ? 0 : 3);
    if (value === 0) await done(`${line} --then delete --no-wait --force`);
    const sentBefore = sent;
    await until("it has sent more", () => sent >= sentBefore + 20);
    clearInterval(timer);
    if (value === 1) {
      await until("everything is answered", () => answers === sent);
      assert.notEqual(name, drained);
    } else {
      await sleep(200);
      assert.ok(sent - answers > 10, `what was warned of: ${sent - answers} of ${sent} lost`);
    }
  }
});

test("sh, mh and dh: refused, safe with the fallback flag, and what is refused would hurt", async () => {
  for (const scheduler of ["sh", "mh", "dh"]) {
    await director.arrange({ scheduler });
    // dh gives all clients of an address to one server.
    const { server, socket } = await director.open();
    socket.destroy();
    const line = `drain ${service} -r ${server}:80`;
    assert.equal((await verb(line)).status, 3);
    if (scheduler === "dh") assert.equal((await verb(`${line} --with-fallback`)).status, 3);
    else {
      const clients = new Clients(director, 8);
      const both = await clients.look();
      assert.equal(both.size, 2);
      await done(`${line} --with-fallback --then delete --deadline 60`);
      assert.deepEqual([server, ...(await clients.look())].sort(), [...both].sort());
      await clients.stop();
      assert.equal(clients.failures, 0, scheduler);
      await director.arrange({ scheduler });
    }
    const hurt = new Clients(director, 8);
    await hurt.look();
    assert.equal(hurt.failures, 0, scheduler);
    await done(`${line} --force --no-wait`);
    await until(`a client of ${scheduler} is refused`, () => hurt.failures > 0);
    await hurt.stop();
  }
});

test("upper thresholds: it is said that the other server is nearly full, and then clients are refused", async () => {
  await director.arrange({ scheduler: "rr" }, { upperThreshold: 2 });
  const first = await director.openBoth();
  const drained = await done(`${drainOne} --no-wait`);
  assert.match(
    drained.error,
    /thresholds: the other servers of .* up to 2 connections, and there are 2: others are refused/,
  );
  // The last one for which there is room.
  const { server, socket } = await director.open();
  assert.equal(server, "10.9.0.3");
  await assert.rejects(director.open());
  await done("undrain --server 10.9.0.2");
  assert.equal((await director.open()).server, "10.9.0.2");
  socket.destroy();
  end(first);
});

test("half-open connections count as active, so that --until established waits for them", async () => {
  // Whoever is behind this link answers nothing.
  run(`
    modprobe veth
    ip link add hole0 type veth peer name hole1
    ip address add 10.9.2.1/24 dev hole0; ip link set hole0 up; ip link set hole1 up
    ip neighbor add 10.9.2.2 lladdr 02:00:00:00:00:01 dev hole0 nud permanent`);
  await director.arrange({ scheduler: "rr" });
  const web = { protocol: "tcp", address: "10.9.0.1", port: 80 } as const;
  await director.ipvs.addDestination(web, { address: "10.9.2.2", forward: "masq", weight: 100 });
  const line = `drain ${service} -r 10.9.2.2:80 --until established`;
  const opening = Array.from({ length: 3 }, () =>
    connect({ host: "10.9.0.1", port: 80, localAddress: "10.9.1.1" }).on("error", () => {}),
  );
  const count = async () => (await done("connections -n -r 10.9.2.2 --state syn_recv --count")).output;
  await until("a connection is half open", async () => (await count()) !== "0\n");
  const { status, error } = await verb(`${line} --deadline 1s`);
  assert.equal(status, 5);
  assert.match(error, /the deadline has passed, and [1-3] active and 0 inactive connections are left/);
  for (const socket of opening) socket.destroy();
});

test("wlc: a server that comes back at once gets most new connections", async () => {
  await director.arrange({ scheduler: "wlc" }, { weight: 10 });
  await done(`${drainOne} --no-wait`);
  // Connections that stay are what wlc counts.
  const kept = await Promise.all(Array.from({ length: 40 }, () => director.open()));
  await done(`undrain ${service} -r 10.9.0.2:80`);
  const fresh: Awaited<ReturnType<ServedDirector["open"]>>[] = [];
  while (fresh.length < 20) fresh.push(await director.open());
  for (const { socket } of [...kept, ...fresh]) socket.destroy();
  const share = fresh.filter(({ server }) => server === "10.9.0.2").length / fresh.length;
  assert.ok(share >= 0.9, `at once: ${share}`);
});

test("wlc: with --over, at no time it has more connections than a weight that grows with time gives it", async (t) => {
  const over = 6;
  await director.arrange({ scheduler: "wlc" }, { weight: 100 });
  await done(`${drainOne} --no-wait`);
  // All stay open, so that what wlc compares depends on nothing but the weight: neither on the pace of clients nor on stalls.
  const opened = await Promise.all(Array.from({ length: 40 }, () => director.open()));
  const begin = performance.now();
  let isOver = false;
  const undrained = done(`undrain --server 10.9.0.2 --over ${over}s --json`).finally(() => {
    isOver = true;
  });
  const counts = { "10.9.0.2": 0, "10.9.0.3": opened.length };
  while (!isOver) {
    const one = await director.open();
    const seconds = (performance.now() - begin) / 1000;
    const weight = Math.min(10 + (90 * seconds) / over, 100);
    if (one.server === "10.9.0.2") {
      const due = (counts["10.9.0.3"] * (weight + 1)) / 100;
      assert.ok(counts["10.9.0.2"] <= due, `${counts["10.9.0.2"]} after ${seconds} s, and at most ${due} are due`);
    }
    counts[one.server as keyof typeof counts]++;
    opened.push(one);
    await sleep(30);
  }
  for (const { socket } of opened) socket.destroy();
  assert.ok(counts["10.9.0.2"] > 0);
  t.diagnostic(`${counts["10.9.0.2"]} of ${opened.length} connections`);
  const weights = (await undrained).output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === "step")
    .map(({ servers: [{ weight }] }) => weight);
  assert.deepEqual([weights[0], weights.at(-1)], [10, 100]);
});
