/** What comes between while a server is drained on a real system: others who change the table, signals, a full disk. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, beforeEach, test } from "node:test";
import { done, run, ServedDirector, sysctl, verb } from "../support/served-director.js";

const service = "-t 10.9.0.1:80";
const drainOne = `drain ${service} -r 10.9.0.2:80`;
const heldAtZero = /^server 10\.9\.0\.2:80 of tcp 10\.9\.0\.1:80 weight 0 by drain since/;
let director: ServedDirector;
let close: (() => void)[] = [];

before(async () => {
  director = await ServedDirector.start();
});

beforeEach(async () => {
  run("rm -f /run/ipvsadm/*/overrides.json");
  for (const each of close) each();
  await director.arrange({ scheduler: "rr" });
  const both = await director.openBoth();
  close = [...both.values()].map((socket) => () => socket.destroy());
});

after(() => {
  for (const each of close) each();
  director.stop();
});

/** A drain of its own process, when it waits for the connection of its server. */
async function startDrain(args = drainOne): Promise<{ child: ChildProcess; ended: () => Promise<[number, string]> }> {
  const child = spawn("ipvsadm", args.split(" "), { stdio: ["ignore", "ignore", "pipe"] });
  let error = "";
  child.stderr.on("data", (text) => {
    error += text;
  });
  const closed = once(child, "close");
  await once(child.stderr, "data", { signal: AbortSignal.timeout(60_000) });
  const ended = async (): Promise<[number, string]> => {
    const [status] = await closed;
    return [status, error];
  };
  return { child, ended };
}

for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGKILL", null],
] as const) {
  test(`${signal} leaves the weight at 0, and what is held is known`, async () => {
    const { child, ended } = await startDrain();
    child.kill(signal);
    const [found, error] = await ended();
    assert.equal(found, status);
    if (status !== null)
      assert.match(error, /it stays at weight 0, .*\nthe same command again goes on waiting; .*: ipvsadm undrain/);
    assert.equal(await director.weightOf("10.9.0.2"), 0);
    assert.match((await done("overrides")).output, heldAtZero);
    await done("undrain --server 10.9.0.2");
    assert.equal(await director.weightOf("10.9.0.2"), 1);
    assert.equal((await done("overrides")).output, "");
  });
}

test("somebody else's weight ends it with 6, and what is still held is said", async () => {
  const { ended } = await startDrain(`${drainOne} --then delete`);
  run(`ipvsadm -e ${service} -r 10.9.0.2:80 -m -w 7`);
  const [status, error] = await ended();
  assert.equal(status, 6);
  assert.match(error, /somebody else has given a weight to .*\n.*: ipvsadm overrides --clear -t/);
  assert.equal(await director.weightOf("10.9.0.2"), 7);
  assert.match((await done("overrides")).output, /\(the table has 7\)\n$/);
});

test("somebody else's deletion of the service ends it with 0", async () => {
  const { ended } = await startDrain();
  // Else its connections would stay.
  sysctl("expire_nodest_conn", 1);
  run(`ipvsadm -D ${service}`);
  const [status, error] = await ended();
  assert.equal(status, 0);
  assert.match(error, /note: somebody else has deleted 10\.9\.0\.2:80 of tcp/);
  assert.equal((await done("overrides")).output, "");
});

test("two at once: both wait, one hold is left, and it knows the weight of before", async () => {
  const both = [verb(`${drainOne} --wait 30 --deadline 60`), verb("drain --server 10.9.0.2 --wait 30 --deadline 60")];
  await director.untilWeight("10.9.0.2", (weight) => weight === 0);
  for (const each of close) each();
  assert.deepEqual(
    (await Promise.all(both)).map(({ status }) => status),
    [0, 0],
  );
  assert.equal((await done("overrides")).output.trimEnd().split("\n").length, 1);
  await done("undrain --server 10.9.0.2");
  assert.equal(await director.weightOf("10.9.0.2"), 1);
});

test("a lock that another command holds changes nothing", async () => {
  const folder = run("echo /run/ipvsadm/$(readlink /proc/self/ns/net | tr -cd 0-9)").trim();
  const holder = spawn("flock", ["--no-fork", `${folder}/lock`, "sh", "-c", "echo held; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(holder.stdout, "data");
  const { status, error } = await verb(drainOne);
  assert.equal(status, 3);
  assert.match(error, /another command holds the lock/);
  holder.kill();
  assert.equal(await director.weightOf("10.9.0.2"), 1);
});

test("a full /run changes nothing; one that fills up later is said, and the same command mends it", async () => {
  run("mount -t tmpfs -o size=64k,mode=700 tmpfs /run/ipvsadm");
  const fill = () => run("head -c 1M /dev/zero >/run/ipvsadm/fill 2>/dev/null || true");
  const makeRoom = () => run("rm /run/ipvsadm/fill");
  try {
    fill();
    const full = await verb(drainOne);
    assert.equal(full.status, 7);
    assert.match(full.error, /No space left on device/);
    assert.equal(await director.weightOf("10.9.0.2"), 1);
    makeRoom();
    await done(`${drainOne} --no-wait`);
    await done(`drain ${service} -r 10.9.0.3:80 --no-wait --force`);
    fill();
    const undrained = await verb("undrain --server 10.9.0.2");
    assert.equal(undrained.status, 4);
    assert.match(
      undrained.error,
      /No space left on device\nthe table and what 'ipvsadm overrides' lists may not agree/,
    );
    assert.equal(await director.weightOf("10.9.0.2"), 1);
    makeRoom();
    await done("undrain --server 10.9.0.2");
    assert.match((await done("overrides")).output, /^server 10\.9\.0\.3:80 [^\n]*\n$/);
  } finally {
    run("umount /run/ipvsadm");
  }
});

test("a machine in 2,000 services is drained with one line", async (t) => {
  for (const each of close) each();
  const services = Array.from({ length: 2000 }, (_, index) => ({
    protocol: "tcp" as const,
    address: "10.9.0.1",
    port: 1000 + index,
    scheduler: "rr",
  }));
  await director.ipvs.change(
    services.flatMap((each) => [
      { command: "add-service" as const, service: each },
      ...["10.9.0.2", "10.9.0.3"].map((address) => ({
        command: "add-destination" as const,
        service: each,
        destination: { address, forward: "masq" as const },
      })),
    ]),
  );
  const begin = Date.now();
  const { output, error } = await done("drain --server 10.9.0.2 --deadline 60");
  t.diagnostic(`${Date.now() - begin} ms`);
  assert.match(output, /^2001 servers: drained after [^\n]*\n$/);
  assert.ok(error.split("\n").length <= 2, error);
  const zero = run("ipvsadm -Sn").match(/-r 10\.9\.0\.2:\d+ -m -w 0$/gm);
  assert.equal(zero?.length, 2001);
});

test("a kernel whose module goes away ends it with 7, and what is left is said", async () => {
  const { child, ended } = await startDrain();
  child.kill("SIGSTOP");
  for (const each of close) each();
  await director.ipvs.clear();
  run("rmmod ip_vs_rr; rmmod ip_vs");
  child.kill("SIGCONT");
  const [status, error] = await ended();
  run("modprobe ip_vs");
  assert.equal(status, 7, error);
  assert.match(error, /weight 0, which is held\nthe same command again goes on waiting/);
});
