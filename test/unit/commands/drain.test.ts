import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { IpvsError } from "../../../src/ipvs/ipvs-error.js";
import type { Destination, DestinationEntry, ServiceKey } from "../../../src/model/table.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { Interrupted } from "../../../src/platform/signals.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { Director } from "../../support/director.js";
import { FakeClock, type FakeHostOptions } from "../../support/fake-host.js";
import { FakeKernel, type FakeKernelOptions } from "../../support/fake-kernel.js";
import { fromRoot } from "../../support/paths.js";
import { connectionsTitle } from "../../support/random-connections.js";

const web = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
const dns = { family: "inet", protocol: "udp", address: "192.0.2.10", port: 53 } as const;
const server = (last: number, weight: number, port = 80) => ({
  family: "inet",
  address: `10.0.0.${last}`,
  port,
  forward: "masq",
  weight,
});
const both = [server(1, 2), server(2, 3)];
const drainOne = "drain -t 192.0.2.10:80 -r 10.0.0.1";

/** A kernel whose servers have connections, as somebody sets them. */
class BusyKernel extends FakeKernel {
  /** Active and inactive ones of the server 10.0.0.1. */
  connections: readonly [active: number, inactive: number] = [0, 0];

  override async destinations(key: ServiceKey): Promise<DestinationEntry[]> {
    const listed = await super.destinations(key);
    const [activeConnections, inactiveConnections] = this.connections;
    return listed.map((one) => (one.address === "10.0.0.1" ? { ...one, activeConnections, inactiveConnections } : one));
  }

  setWeight(service: ServiceKey, address: string, weight: number): void {
    const found = this.entries()
      .flatMap(({ destinations }) => destinations)
      .find((one) => one.address === address);
    assert.ok(found);
    const destination: Destination = { ...found, weight };
    this.changeAside({ command: "edit-destination", service, destination });
  }
}

/** A clock at which something happens before the sleep that ends at its second. */
class EventfulClock extends FakeClock {
  constructor(private readonly events: Readonly<Record<number, () => void>>) {
    super();
  }

  override async sleep(duration: number, signal?: AbortSignal): Promise<void> {
    const before = this.monotonic() / 1000;
    await super.sleep(duration, signal);
    for (const [second, happen] of Object.entries(this.events)) {
      if (Number(second) > before && Number(second) <= this.monotonic() / 1000) happen();
    }
  }
}

interface Scene {
  readonly service?: object;
  readonly destinations?: readonly object[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly kernel?: FakeKernelOptions;
}

/** A director with one service, and the sysctls of its kernel. */
async function arrange({ service = {}, destinations = both, sysctls = {}, kernel: options = {} }: Scene = {}) {
  const kernel = new BusyKernel(options);
  const director = new Director({}, kernel);
  const services = [{ ...web, scheduler: "wrr", ...service, destinations }];
  const { status, error } = await director.run("apply", { stdin: [JSON.stringify({ ipvs: { schema: 1 }, services })] });
  assert.deepEqual([status, error], [0, ""]);
  const userFiles = Object.fromEntries(
    Object.entries(sysctls).map(([name, text]) => [`/proc/sys/net/ipv4/vs/${name}`, `${text}\n`]),
  );
  const run = (line: string, more: FakeHostOptions = {}) => director.run(line, { userFiles, ...more });
  return { kernel, director, run };
}

const rows = (...lines: readonly string[]) => ({
  ip_vs_conn: () => connectionsTitle + lines.map((line) => `${line}\n`).join(""),
});
const row = (client: string, state: string, seconds = 60, ends = "C000020A 0050 0A000001 0050") =>
  `TCP ${client} 8B2C ${ends} ${state.padEnd(11)} ${String(seconds).padStart(7)}`;

test("a server without connections is drained at once, and undrain brings it back", async () => {
  const { director, run } = await arrange();
  const { status, output, error } = await run(drainOne);
  assert.deepEqual([status, error], [0, ""]);
  assert.equal(
    output,
    "10.0.0.1:80 of tcp 192.0.2.10:80: drained after 0 s, 0 active and 0 inactive connections; to bring it back: " +
      "ipvsadm undrain -t 192.0.2.10:80 -r 10.0.0.1\n",
  );
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x3"]);
  assert.match((await run("overrides")).output, /^server 10\.0\.0\.1:80 of .* weight 0 by drain since /);
  const back = await run("undrain -t 192.0.2.10:80 -r 10.0.0.1");
  assert.deepEqual([back.status, back.output], [0, "10.0.0.1:80 of tcp 192.0.2.10:80: weight 2\n"]);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"]);
  assert.equal((await run("overrides")).output, "");
});

test("it waits while a connection can carry data, and not for TIME_WAIT", async () => {
  const { kernel, run } = await arrange();
  kernel.connections = [1, 1];
  let lines = [row("C0A80101", "ESTABLISHED"), row("C0A80102", "TIME_WAIT")];
  const clock = new EventfulClock({
    5: () => {
      kernel.connections = [0, 2];
      lines = [row("C0A80101", "FIN_WAIT"), row("C0A80102", "TIME_WAIT")];
    },
    25: () => {
      lines = [row("C0A80101", "TIME_WAIT"), row("C0A80102", "TIME_WAIT")];
    },
  });
  const { status, output, error } = await run(drainOne, {
    clock,
    files: { ip_vs_conn: () => rows(...lines).ip_vs_conn() },
  });
  assert.equal(status, 0);
  assert.match(output, /drained after 25 s, 0 active and 2 inactive connections \(0 can still carry data\);/);
  assert.match(
    error,
    /1 active and 1 inactive connections\n.*0 active and 2 inactive connections \(1 can still carry data\)/,
  );
});

test("the connections of other servers and services do not count", async () => {
  const { kernel, run } = await arrange();
  kernel.connections = [0, 1];
  const files = rows(
    row("C0A80101", "FIN_WAIT", 60, "C000020A 0050 0A000002 0050"),
    row("C0A80101", "FIN_WAIT", 60, "C000020A 0051 0A000001 0050"),
    row("C0A80101", "NONE", 60, "C000020A 0050 0A000001 0050"),
    row("C0A80101", "CLOSED", 60, "C000020A 0050 0A000001 0050"),
    row("C0A80101", "REJECTED", 60, "C000020A 0050 0A000001 0050"),
  );
  assert.equal((await run(drainOne, { files })).status, 0);
});

test("--until decides what has to be over", async () => {
  const { kernel, run } = await arrange();
  kernel.connections = [0, 1];
  const files = rows(row("C0A80101", "TIME_WAIT"));
  const established = await run(`${drainOne} --until established`, { files: rows(row("C0A80101", "FIN_WAIT")) });
  assert.match(established.output, /drained after 0 s/);
  const clock = new EventfulClock({
    9: () => {
      kernel.connections = [0, 0];
    },
  });
  assert.match((await run(`${drainOne} --until empty`, { clock, files })).output, /drained after 9 s/);
});

test("where connections cannot be read, all of them count", async () => {
  const { kernel, run } = await arrange();
  kernel.connections = [0, 1];
  const { status, error } = await run(`${drainOne} --deadline 3`);
  assert.equal(status, 5);
  assert.match(error, /the deadline has passed/);
});

test("at the deadline the server stays at 0, and the clients are named", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [2, 0];
  const files = rows(row("C0A80101", "ESTABLISHED"), row("C0A80101", "ESTABLISHED"), row("C0A80102", "ESTABLISHED"));
  const { status, output, error } = await run(`${drainOne} --deadline 2m`, { files });
  assert.equal(status, 5);
  assert.equal(output, "");
  assert.match(
    error,
    /the deadline has passed, and 2 active and 0 inactive connections are left; it stays at weight 0\n/,
  );
  assert.match(error, / 192\.168\.1\.1: 2 connections\n.* 192\.168\.1\.2: 1 connection\n$/);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x3"]);
});

test("--at-deadline deletes or undrains", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [2, 0];
  const undrained = await run(`${drainOne} --deadline 5s --at-deadline undrain`);
  assert.equal(undrained.status, 5);
  assert.match(undrained.error, /it has its weight again\n/);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"]);
  assert.equal((await run("overrides")).output, "");
  const deleted = await run(`${drainOne} --deadline 5s --at-deadline delete`);
  assert.equal(deleted.status, 5);
  assert.match(deleted.error, /it is deleted all the same\n/);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.2 x3"]);
});

test("--then delete deletes in the end, and the override goes with the server", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [1, 0];
  const clock = new EventfulClock({
    3: () => {
      assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x3"]);
      kernel.connections = [0, 0];
    },
  });
  const { status, output } = await run(`${drainOne} --then delete`, { clock });
  assert.equal(status, 0);
  assert.match(output, /drained after 3 s, .*; deleted\n$/);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.2 x3"]);
  assert.equal(director.state.folders.get("/run/ipvsadm/4026531840")?.get("overrides.json"), undefined);
  assert.equal((await run("undo")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x3"]);
});

test("somebody who raises the weight ends it with 6", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [1, 0];
  const clock = new EventfulClock({ 3: () => kernel.setWeight(web, "10.0.0.1", 7) });
  const { status, error } = await run(`${drainOne} --then delete`, { clock });
  assert.equal(status, 6);
  assert.match(
    error,
    /somebody else has given a weight to 10\.0\.0\.1:80 of tcp 192\.0\.2\.10:80\n.*apply' would make it 0 again; .* --clear -t 192/,
  );
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x7, 10.0.0.2 x3"]);
  assert.match((await run("overrides")).output, /weight 0 by drain since .* \(the table has 7\)\n$/);
});

test("somebody who deletes the server, or its service, finishes it", async () => {
  for (const deletion of [
    { command: "delete-destination", service: web, destination: { family: "inet", address: "10.0.0.1", port: 80 } },
    { command: "delete-service", service: web },
  ] as const) {
    const { kernel, run } = await arrange();
    kernel.connections = [1, 0];
    const clock = new EventfulClock({ 3: () => void kernel.changeAside(deletion) });
    const { status, error } = await run(`${drainOne} --then delete`, { clock });
    assert.equal(status, 0, deletion.command);
    assert.match(error, /note: somebody else has deleted 10\.0\.0\.1:80 of tcp/);
  }
});

test("interrupted, it stays at 0; the same command again goes on, and undrain still knows the weight", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [1, 0];
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const controller = new AbortController();
    const clock = new EventfulClock({ 3: () => controller.abort(new Interrupted(signal)) });
    const { status, error } = await run(drainOne, { clock, interrupt: controller.signal });
    assert.equal(status, signal === "SIGINT" ? 130 : 143);
    assert.match(
      error,
      /interrupted after 3 s; it stays at weight 0, and 1 active .* are left\n.*again goes on waiting/,
    );
    assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x3"]);
  }
  kernel.connections = [0, 0];
  assert.equal((await run(drainOne)).status, 0);
  assert.equal((await run("undrain --server 10.0.0.1")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"]);
});

test("it does not hold the lock while it waits, and two drains of a server end both", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [1, 0];
  let other: Promise<{ readonly status: number }> | undefined;
  const clock = new EventfulClock({
    3: () => {
      other = director.run("drain --server 10.0.0.1 --reason other");
      kernel.connections = [0, 0];
    },
  });
  assert.equal((await run(drainOne, { clock })).status, 0);
  assert.equal((await other)?.status, 0);
  assert.match((await run("overrides")).output, /weight 0 by drain since .*: other\n$/);
  assert.equal((await run("undrain --server 10.0.0.1")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"]);
});

test("the last server of a service is refused without --force", async () => {
  const { director, run } = await arrange({ destinations: [server(1, 2), server(2, 0)] });
  const { status, error } = await run(drainOne);
  assert.equal(status, 3);
  assert.match(
    error,
    /clients would be refused:\n.*\n.*no server of a weight above 0 is left\nif that is intended, use --force\n$/,
  );
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x0"]);
  assert.equal((await run("overrides")).output, "");
  assert.equal((await run(`${drainOne} --force`)).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x0"]);
});

test("sh and mh need their fallback flag, which undrain takes away again; dh has none", async () => {
  for (const scheduler of ["sh", "mh"]) {
    const { kernel, run } = await arrange({ service: { scheduler } });
    const refused = await run(drainOne);
    assert.equal(refused.status, 3);
    assert.match(refused.error, /--with-fallback gives the scheduler its fallback flag first/);
    const flags = () => kernel.entries()[0]?.service.schedulerFlags;
    assert.deepEqual(flags(), []);
    assert.equal((await run(`${drainOne} --with-fallback`)).status, 0);
    assert.deepEqual(flags(), [1]);
    // A file that lacks the flag does not take it away meanwhile.
    const stdin = [JSON.stringify({ ipvs: { schema: 1 }, services: [{ ...web, scheduler, destinations: both }] })];
    assert.equal((await run("apply", { stdin })).output, "nothing to change\n");
    assert.equal((await run("undrain --server 10.0.0.1")).status, 0);
    assert.deepEqual(flags(), []);
    assert.equal((await run(`${drainOne} --force`)).status, 0);
  }
  const { run } = await arrange({ service: { scheduler: "dh" } });
  assert.equal((await run(`${drainOne} --with-fallback`)).status, 3);
  assert.equal((await run(`${drainOne} --force`)).status, 0);
});

test("a fallback flag stays as long as a drain needs it", async () => {
  const { kernel, run } = await arrange({
    service: { scheduler: "sh" },
    destinations: [...both, server(3, 1)],
  });
  await run(`${drainOne} --with-fallback`);
  assert.equal((await run("drain --server 10.0.0.2")).status, 0);
  const flags = () => kernel.entries()[0]?.service.schedulerFlags;
  await run("undrain --server 10.0.0.1");
  assert.deepEqual(flags(), [1]);
  await run("undrain --server 10.0.0.2");
  assert.deepEqual(flags(), []);
});

test("a fallback flag that was there before stays", async () => {
  const { kernel, run } = await arrange({ service: { scheduler: "sh", sched_flags: ["sh-fallback"] } });
  assert.equal((await run(`${drainOne} --with-fallback`)).status, 0);
  await run("undrain --server 10.0.0.1");
  assert.deepEqual(kernel.entries()[0]?.service.schedulerFlags, [1]);
});

test("what the kernel does with persistent clients, UDP and single packets is said", async () => {
  const persistent = { persistent: { timeout: 300 } };
  const template = rows(row("C0A80101", "NONE", 123).replace("8B2C", "0000"));
  const off = await arrange({ service: persistent, sysctls: { expire_quiescent_template: "0" } });
  const note = await off.run(drainOne, { files: template });
  assert.match(
    note.error,
    /persistence: known clients keep coming .* is 0; without new connections, the longest lasts 123 s more; to stop that: sysctl -w net\.ipv4\.vs\.expire_quiescent_template=1\n/,
  );
  const on = await arrange({ service: persistent, sysctls: { expire_quiescent_template: "1" } });
  assert.equal((await on.run(drainOne, { files: template })).error, "");
  const hidden = await arrange({ service: persistent });
  assert.match((await hidden.run(drainOne)).error, /unless .* is 1, and that cannot be read/);
  const reuse = await arrange({ sysctls: { conn_reuse_mode: "0" } });
  assert.match((await reuse.run(drainOne)).error, /one port again and again stays/);
  const packets = await arrange({ service: { ...dns, ops: true }, destinations: [server(1, 1, 53), server(2, 1, 53)] });
  packets.kernel.connections = [0, 5];
  const single = await packets.run("drain -u 192.0.2.10:53 -r 10.0.0.1");
  assert.deepEqual([single.status, single.output.includes("drained after 0 s")], [0, true]);
  assert.match(single.error, /nothing to wait for/);
});

test("UDP waits until it is empty, and is deleted under connections only where the kernel moves them", async () => {
  const scene = { service: dns, destinations: [server(1, 1, 53), server(2, 1, 53)] };
  const line = "drain -u 192.0.2.10:53 -r 10.0.0.1";
  const off = await arrange({ ...scene, sysctls: { expire_nodest_conn: "0" } });
  off.kernel.connections = [0, 1];
  const files = rows("UDP C0A80101 8B2C C000020A 0035 0A000001 0035 UDP             299");
  const late = await off.run(`${line} --until established --deadline 5`, { files });
  assert.equal(late.status, 5);
  assert.match(
    late.error,
    /UDP: a client that keeps its port stays .* silent for 300 s; with .*=1, --then delete --no-wait/,
  );
  assert.equal((await off.run(`${line} --deadline 5`, { files })).status, 5);
  const refused = await off.run(`${line} --then delete --no-wait`, { files });
  assert.equal(refused.status, 3);
  assert.match(
    refused.error,
    /would be lost after the deletion, unless .*\nfirst: sysctl -w net\.ipv4\.vs\.expire_nodest_conn=1\n$/,
  );
  assert.equal((await off.run(`${line} --deadline 5 --at-deadline delete`, { files })).status, 3);
  assert.equal((await off.run(`${line} --then delete --no-wait --force`, { files })).status, 0);
  const on = await arrange({ ...scene, sysctls: { expire_nodest_conn: "1" } });
  on.kernel.connections = [0, 1];
  assert.equal((await on.run(`${line} --then delete --no-wait`, { files })).status, 0);
  assert.deepEqual(on.director.table(), ["192.0.2.10:53 wrr: 10.0.0.2 x1"]);
});

test("--no-wait returns at once, and deletes no TCP server without --force", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [4, 0];
  const { status, output } = await run(`${drainOne} --no-wait`);
  assert.equal(status, 0);
  assert.match(output, /: weight 0, 4 active and 0 inactive connections; to bring it back/);
  assert.equal((await run(`${drainOne} --no-wait --then delete`)).status, 3);
  assert.equal((await run(`${drainOne} --no-wait --then delete --force`)).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.2 x3"]);
});

test("undrain needs a weight that somebody knows", async () => {
  const { kernel, director, run } = await arrange();
  const unknown = await run("undrain --server 10.0.0.1");
  assert.deepEqual(
    [unknown.status, unknown.error],
    [
      3,
      "ipvsadm undrain: 10.0.0.1:80 of tcp 192.0.2.10:80 has weight 2, and nobody holds it: it is not drained; to give another weight, name it with --weight\n",
    ],
  );
  kernel.setWeight(web, "10.0.0.1", 0);
  await run(drainOne);
  const zero = await run("undrain --server 10.0.0.1");
  assert.equal(zero.status, 3);
  assert.match(zero.error, /had weight 0 before; name another one with --weight/);
  assert.equal((await run("undrain --server 10.0.0.1 --weight 5")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x5, 10.0.0.2 x3"]);
  assert.equal((await run("overrides")).output, "");
  assert.equal((await run("undrain --server 10.0.0.1 --weight 0")).status, 2);
});

test("undrain ends a drain also where somebody else has given the server that weight already", async () => {
  const { kernel, run } = await arrange();
  await run(drainOne);
  kernel.setWeight(web, "10.0.0.1", 2);
  assert.equal((await run("undrain --server 10.0.0.1")).status, 0);
  assert.equal((await run("overrides")).output, "");
});

test("other servers that have nearly reached their thresholds are told of", async () => {
  const limited = { ...server(2, 3), upper_threshold: 5 };
  const cases: readonly (readonly [connections: number, others: readonly object[], isTold: boolean])[] = [
    [5, [limited], true],
    [4, [limited], false],
    [5, [limited, server(3, 1)], false],
    [5, [limited, { ...server(3, 1), upper_threshold: 1 }], false],
    [6, [limited, { ...server(3, 1), upper_threshold: 1 }, server(4, 0)], true],
  ];
  for (const [active, others, isTold] of cases) {
    const { kernel, run } = await arrange({ destinations: [server(1, 2), ...others] });
    kernel.connections = [active, 0];
    const { error } = await run(`${drainOne} --no-wait`);
    const told = new RegExp(
      `thresholds: the other servers of tcp 192\\.0\\.2\\.10:80 take .*there are ${active}: others are`,
    );
    assert.equal(told.test(error), isTold, JSON.stringify([active, others]));
  }
});

test("an error while it waits says what is left, and how to go on", async () => {
  const { kernel, director, run } = await arrange();
  kernel.connections = [1, 0];
  const clock = new EventfulClock({
    3: () => {
      kernel.destinations = () => Promise.reject(new IpvsError("get destinations", errnoOf("ENOMEM")));
    },
  });
  const { status, error } = await run(drainOne, { clock });
  assert.equal(status, 7);
  assert.match(
    error,
    /\n10\.0\.0\.1:80 of tcp .*: weight 0, which is held\nthe same command again goes on waiting; .*: ipvsadm undrain -t /,
  );
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x3"]);
  const ramp = await arrange();
  const refusing = new EventfulClock({
    15: () => {
      ramp.kernel.change = async (changes) => changes.map(() => new IpvsError("edit destination", errnoOf("ENOMEM")));
    },
  });
  const stopped = await ramp.run(`${rampOne} --from 4 --to 40 --over 40 --every 10`, { clock: refusing });
  assert.equal(stopped.status, 3);
  assert.match(
    stopped.error,
    /\nit stays there, held: 10\.0\.0\.1:80 of tcp .*: weight 13\nto go to the end at once: /,
  );
});

test("where what is held cannot be stored after the change, that is said, and the same command mends it", async () => {
  const { director, run } = await arrange();
  await run(drainOne);
  await run("drain --server 10.0.0.2 --force");
  const { kernel, state } = director;
  const change = kernel.change.bind(kernel);
  kernel.change = (changes) => {
    state.refusal = new SystemError(errnoOf("ENOSPC"));
    return change(changes);
  };
  const { status, error } = await run("undrain --server 10.0.0.1");
  assert.equal(status, 4);
  assert.match(
    error,
    /No space left on device\nthe table and what 'ipvsadm overrides' lists may not agree now; the same /,
  );
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x0"]);
  assert.match((await run("overrides")).output, /10\.0\.0\.1:80 of .* weight 0 by drain since .* \(the table has 2\)/);
  assert.equal((await run("undrain --server 10.0.0.1")).status, 0);
  assert.doesNotMatch((await run("overrides")).output, /10\.0\.0\.1:80/);
});

test("what it cannot mean is refused, and nothing is changed", async () => {
  const { director, run } = await arrange();
  const cases: readonly (readonly [line: string, status: number, sentence: RegExp])[] = [
    ["drain", 2, /no server is given/],
    ["drain -t 192.0.2.10:80", 2, /no server is given/],
    ["drain -r 10.0.0.1", 2, /-r needs a service/],
    ["drain --server 10.0.0.300", 2, /--server takes ADDRESS/],
    ["drain --server 10.0.0.9", 3, /no service has a server 10/],
    ["drain -t 192.0.2.11:80 -r 10.0.0.1", 3, /there is no service tcp 192/],
    [`${drainOne} --deadline soon`, 2, /--deadline takes a time such as 90s/],
    [`${drainOne} --deadline 0`, 2, /--deadline takes a time/],
    [`${drainOne} --at-deadline delete`, 2, /deadline/],
    [`${drainOne} --no-wait --deadline 5`, 2, /no-wait/],
    [`${drainOne} --until never`, 2, /until/],
    ["undrain", 2, /no server is given/],
  ];
  for (const [line, status, sentence] of cases) {
    const refused = await run(line);
    assert.equal(refused.status, status, line);
    assert.match(refused.error, sentence);
    assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"], line);
  }
});

test("a full disk, a refusal of the kernel and the lock of another command change nothing", async () => {
  let isRefusing = false;
  const { director, run } = await arrange({ kernel: { refuse: () => (isRefusing ? "ENOMEM" : undefined) } });
  director.state.refusal = new SystemError(errnoOf("ENOSPC"));
  assert.equal((await run(drainOne)).status, 7);
  isRefusing = true;
  assert.equal((await run(drainOne)).status, 3);
  isRefusing = false;
  const release = await director.state.lock(new FakeClock(), { command: "ipvsadm apply" });
  assert.match((await run(drainOne)).error, /another command holds the lock: 'ipvsadm apply'/);
  release();
  assert.equal((await run("overrides")).output, "");
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"]);
});

test("a machine in 2,000 services is one batch, and one line of progress", async () => {
  const batches: number[] = [];
  class CountingKernel extends BusyKernel {
    override async change(changes: Parameters<FakeKernel["change"]>[0]) {
      batches.push(changes.length);
      return super.change(changes);
    }
  }
  const director = new Director({}, new CountingKernel());
  const services = Array.from({ length: 2000 }, (_, port) => ({
    ...web,
    port: port + 1,
    scheduler: "wrr",
    destinations: both,
  }));
  await director.run("apply", { stdin: [JSON.stringify({ ipvs: { schema: 1 }, services })] });
  batches.length = 0;
  const { status, output, error } = await director.run("drain --server 10.0.0.1");
  assert.deepEqual([status, error], [0, ""]);
  assert.match(output, /^2000 servers: drained after 0 s, [^\n]*\n$/);
  assert.equal(
    batches.reduce((sum, length) => sum + length, 0),
    2000,
  );
  assert.ok(batches.length <= 4, `${batches.length} batches`);
  assert.equal((await director.run("undrain --server 10.0.0.1")).status, 0);
  assert.equal(director.table().filter((line) => line.endsWith("10.0.0.1 x2, 10.0.0.2 x3")).length, 2000);
});

test("--json prints events that the schema describes", async () => {
  const { kernel, run } = await arrange();
  kernel.connections = [1, 0];
  const { output, status } = await run(`${drainOne} --deadline 2 --json`, {
    files: rows(row("C0A80101", "ESTABLISHED")),
  });
  assert.equal(status, 5);
  const events = parseEvents(output, "drain");
  assert.deepEqual(
    events.map(({ event }) => event),
    ["begin", "waiting", "waiting", "end"],
  );
  assert.deepEqual(events.at(-1), {
    event: "end",
    seq: 3,
    time: "2026-11-22T18:24:02.000Z",
    outcome: "deadline",
    seconds: 2,
    active: 1,
    inactive: 0,
    deleted: false,
    undrained: false,
    gone: [],
    raised: [],
    clients: [{ client: "192.168.1.1", count: 1 }],
  });
});

/** The events of a verb, each as its schema has it. */
function parseEvents(output: string, verb: string): { readonly event: string }[] {
  const schema = JSON.parse(readFileSync(fromRoot(`schema/ipvsadm-${verb}-event-1.schema.json`), "utf8"));
  const isEvent = new Ajv2020({ strict: false }).compile(schema);
  const events = output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const event of events) assert.ok(isEvent(event), JSON.stringify([event, isEvent.errors]));
  assert.deepEqual(
    events.map(({ seq }) => seq),
    [...events.keys()],
  );
  return events;
}

/** The weights of 10.0.0.1 by the seconds at which they were set. */
function watchWeights(kernel: BusyKernel, clock: FakeClock): string[] {
  const seen: string[] = [];
  const change = kernel.change.bind(kernel);
  kernel.change = async (changes) => {
    for (const one of changes) {
      if (one.command === "edit-destination") seen.push(`${clock.monotonic() / 1000}: ${one.destination.weight}`);
    }
    return change(changes);
  };
  return seen;
}

const rampOne = "ramp -t 192.0.2.10:80 -r 10.0.0.1";

test("a ramp gives every step its weight, and holds none in the end", async () => {
  const { kernel, director, run } = await arrange({ destinations: [server(1, 0), server(2, 3)] });
  const clock = new FakeClock();
  const seen = watchWeights(kernel, clock);
  const { status, output } = await run(`${rampOne} --to 40 --over 40 --every 10`, { clock });
  assert.deepEqual([status, output], [0, "10.0.0.1:80 of tcp 192.0.2.10:80: weight 40\n"]);
  assert.deepEqual(seen, ["0: 4", "10: 13", "20: 22", "30: 31", "40: 40"]);
  assert.equal((await run("overrides")).output, "");
  // One undo takes the whole ramp back, and it is one of the 20 that are kept.
  assert.equal((await run("undo --list")).output.trimEnd().split("\n").length, 2);
  assert.equal((await run("undo")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x0, 10.0.0.2 x3"]);
});

test("--json prints the events of a ramp", async () => {
  const { kernel, run } = await arrange();
  const { output, error, status } = await run(`${rampOne} --from 4 --to 16 --over 20 --every 10 --json`);
  assert.deepEqual([status, error], [0, ""]);
  const events = parseEvents(output, "ramp");
  assert.deepEqual(
    events.map(({ event }) => event),
    ["begin", "step", "step", "step", "end"],
  );
  const name = "10.0.0.1:80 of tcp 192.0.2.10:80";
  assert.deepEqual(events.slice(3), [
    { event: "step", seq: 3, time: "2026-11-22T18:24:20.000Z", seconds: 20, servers: [{ name, weight: 16 }] },
    {
      event: "end",
      seq: 4,
      time: "2026-11-22T18:24:20.000Z",
      outcome: "done",
      seconds: 20,
      servers: [{ name, weight: 16 }],
      taken: [],
    },
  ]);
  await run(drainOne);
  const clock = new EventfulClock({ 5: () => kernel.setWeight(web, "10.0.0.1", 7) });
  const taken = await run("undrain --server 10.0.0.1 --over 10 --json", { clock });
  assert.equal(taken.status, 6);
  assert.deepEqual(
    parseEvents(taken.output, "ramp").flatMap((one) => ("taken" in one ? one.taken : [])),
    [name],
  );
});

test("an exponential ramp, one that falls, and --from", async () => {
  const rising = await arrange();
  const clock = new FakeClock();
  const seen = watchWeights(rising.kernel, clock);
  assert.equal(
    (await rising.run(`${rampOne} --from 1 --to 16 --over 4 --every 1 --curve exponential`, { clock })).status,
    0,
  );
  assert.deepEqual(seen, ["0: 1", "1: 2", "2: 4", "3: 8", "4: 16"]);
  const falling = await arrange({ destinations: [server(1, 10), server(2, 3)] });
  const other = new FakeClock();
  const down = watchWeights(falling.kernel, other);
  assert.equal((await falling.run(`${rampOne} --to 1 --over 3 --every 1`, { clock: other })).status, 0);
  // The first step finds the weight that there is.
  assert.deepEqual(down, ["1: 7", "2: 4", "3: 1"]);
});

test("undrain --over ramps to the weight of before, and takes the fallback flag away at the end", async () => {
  const { kernel, director, run } = await arrange({
    service: { scheduler: "sh" },
    destinations: [server(1, 20), server(2, 3)],
  });
  await run(`${drainOne} --with-fallback`);
  const clock = new EventfulClock({
    5: () => assert.deepEqual(kernel.entries()[0]?.service.schedulerFlags, [1]),
  });
  const seen = watchWeights(kernel, clock);
  assert.equal((await run("undrain --server 10.0.0.1 --over 10", { clock })).status, 0);
  assert.deepEqual([seen[0], seen.at(-1), seen.length], ["0: 2", "10: 20", 11]);
  assert.deepEqual(kernel.entries()[0]?.service.schedulerFlags, []);
  assert.deepEqual(director.table(), ["192.0.2.10:80 sh: 10.0.0.1 x20, 10.0.0.2 x3"]);
  assert.equal((await run("undrain --server 10.0.0.1 --over 10")).status, 3);
});

test("a ramp ends where somebody else gives the server a weight, or deletes it", async () => {
  for (const second of [15, 35]) {
    const { kernel, director, run } = await arrange();
    const clock = new EventfulClock({ [second]: () => kernel.setWeight(web, "10.0.0.1", 77) });
    const { status, error } = await run(`${rampOne} --to 40 --over 40 --every 10`, { clock });
    assert.equal(status, 6);
    assert.match(
      error,
      /somebody else has given a weight to 10\.0\.0\.1:80 of tcp .*; the ramp ends\n.*: ipvsadm overrides --clear -t 192/,
    );
    assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x77, 10.0.0.2 x3"]);
    const gone = await arrange();
    const deletion = new EventfulClock({ [second]: () => void gone.kernel.changeAside({ command: "flush" }) });
    const ended = await gone.run(`${rampOne} --to 40 --over 40 --every 10`, { clock: deletion });
    assert.equal(ended.status, 0);
    assert.match(ended.error, /somebody else has deleted the servers/);
  }
});

test("an interrupted ramp stays where it is, held, and undrain goes to its end", async () => {
  const { director, run } = await arrange();
  const controller = new AbortController();
  const clock = new EventfulClock({ 20: () => controller.abort(new Interrupted("SIGTERM")) });
  const { status, error } = await run(`${rampOne} --from 4 --to 40 --over 40 --every 10`, {
    clock,
    interrupt: controller.signal,
  });
  assert.equal(status, 143);
  assert.match(
    error,
    /interrupted; it stays there: .* weight 13\n.*: ipvsadm undrain -t 192\.0\.2\.10:80 -r 10\.0\.0\.1\n$/,
  );
  assert.match((await run("overrides")).output, /weight 13 by ramp since/);
  assert.equal((await run("undrain --server 10.0.0.1")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x40, 10.0.0.2 x3"]);
});

test("a ramp is refused where it does nothing, and says where a weight is something else", async () => {
  for (const scheduler of ["rr", "lc", "dh"]) {
    const { director, run } = await arrange({ service: { scheduler } });
    const { status, error } = await run(`${rampOne} --to 40 --over 40`);
    assert.equal(status, 3);
    assert.match(error, new RegExp(`the scheduler ${scheduler} does not look at weights above 0`));
    assert.deepEqual(director.table(), [`192.0.2.10:80 ${scheduler}: 10.0.0.1 x2, 10.0.0.2 x3`]);
    assert.equal((await run("overrides")).output, "");
  }
  for (const scheduler of ["mh", "fo", "ovf"]) {
    const { run } = await arrange({ service: { scheduler } });
    const { status, error } = await run(`${rampOne} --to 40 --over 4`);
    assert.equal(status, 0);
    assert.match(error, new RegExp(`^ipvsadm ramp: note: ${scheduler} `));
  }
  const one = await arrange({ destinations: [server(1, 0), server(2, 1)] });
  const none = await one.run(`${rampOne} --to 1 --over 40`);
  assert.equal(none.status, 3);
  assert.match(none.error, /there is no weight in between\nfirst .*weight=\*100/);
});

test("what a ramp cannot mean is refused", async () => {
  const { director, run } = await arrange();
  const cases: readonly (readonly [line: string, status: number, sentence: RegExp])[] = [
    [`${rampOne} --over 40`, 2, /to/],
    [`${rampOne} --to 5`, 2, /over/],
    [`${rampOne} --to 0 --over 40`, 2, /--to takes a weight from 1/],
    [`${rampOne} --to 5 --over 40 --every 40`, 2, /--every has to be less/],
    [`${rampOne} --to 5 --over 0`, 2, /--over takes a time/],
    ["ramp --server 10.0.0.9 --to 5 --over 40", 3, /no service has a server/],
  ];
  for (const [line, status, sentence] of cases) {
    const refused = await run(line);
    assert.equal(refused.status, status, line);
    assert.match(refused.error, sentence);
    assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"], line);
  }
});
