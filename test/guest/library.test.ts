/** The library as a newcomer uses it, on a real kernel: imported by the package's name, with most things left out. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { afterEach, before, test } from "node:test";
import { type ChangeInput, Ipvs, IpvsError, parseDocument, renderDocument, type WatchEvent } from "ipvsadm";
import { fromRoot } from "../support/paths.js";

const ipvsadm = (...args: string[]) => execFileSync("ipvsadm", args, { encoding: "utf8" });
const web = { protocol: "tcp", address: "192.0.2.10", port: 80 } as const;

let ipvs: Ipvs;

// Our programs come first, as `test/lab/guest.bash` has it.
process.env.PATH = `${fromRoot("test/lab/bin")}:${process.env.PATH}`;

before(async () => {
  ipvs = await Ipvs.open();
});

afterEach(() => ipvs.clear());

test("twelve lines: add, list, edit and delete, with ipvsadm's defaults", async () => {
  using connection = await Ipvs.open({ loadModule: true });
  await connection.addService(web);
  await connection.addDestination(web, { address: "10.0.0.1" });
  await connection.addDestination(web, { address: "10.0.0.2", port: 8080, forward: "masq", weight: 5 });
  await connection.addService({ fwmark: 7, scheduler: "rr", persistent: true });
  assert.equal(
    ipvsadm("-Sn"),
    "-A -t 192.0.2.10:80 -s wlc\n" +
      "-a -t 192.0.2.10:80 -r 10.0.0.1:80 -g -w 1\n" +
      "-a -t 192.0.2.10:80 -r 10.0.0.2:8080 -m -w 5\n" +
      "-A -f 7 -s rr -p 360\n",
  );
  await connection.editDestination(web, { address: "10.0.0.2", port: 8080, weight: 0 });
  await connection.deleteDestination(web, { address: "10.0.0.1" });
  await connection.deleteService({ fwmark: 7 });
  assert.equal(ipvsadm("-Sn"), "-A -t 192.0.2.10:80 -s wlc\n-a -t 192.0.2.10:80 -r 10.0.0.2:8080 -m -w 0\n");
  const [entry] = await connection.list();
  assert.equal(entry?.destinations[0]?.weight, 0);
});

test("what the library completes is what ipvsadm completes", async () => {
  const commands: readonly (readonly [args: string, service: Parameters<Ipvs["addService"]>[0]])[] = [
    ["-t 192.0.2.10:80", web],
    ["-t 192.0.2.10:0 -p", { ...web, port: 0, persistent: true }],
    ["-t 192.0.2.10:80 -p 600 -M 255.255.255.0", { ...web, timeout: 600, netmask: 24 }],
    ["-t [2001:db8::1]:80 -p -M 64", { ...web, address: "2001:DB8::0:1", netmask: 64 }],
    ["-u 192.0.2.10:53 -o -s rr", { ...web, protocol: "udp", port: 53, onePacket: true, scheduler: "rr" }],
    ["-t 192.0.2.10:80 -s mh -b mh-port,mh-fallback", { ...web, scheduler: "mh", schedulerFlags: [2, 1, 2] }],
    ["-f 7 -6", { family: "inet6", fwmark: 7 }],
  ];
  for (const [args, service] of commands) {
    ipvsadm("-A", ...args.split(" "));
    const wanted = await ipvs.save();
    await ipvs.clear();
    await ipvs.addService(service);
    assert.deepEqual(await ipvs.save(), wanted, args);
    await ipvs.clear();
  }
});

test("what the library completes of a destination is what ipvsadm completes", async () => {
  const commands: readonly (readonly [args: string, destination: Parameters<Ipvs["addDestination"]>[1]])[] = [
    ["-r 10.0.0.1", { address: "10.0.0.1" }],
    [
      "-r 10.0.0.1 -m -w 0 -x 10 -y 5",
      {
        address: "10.0.0.1",
        forward: "masq",
        weight: 0,
        upperThreshold: 10,
        lowerThreshold: 5,
      },
    ],
    ["-r 10.0.0.1:8080 -m", { address: "10.0.0.1", port: 8080, forward: "masq" }],
    ["-r 10.0.0.1 -i", { address: "10.0.0.1", forward: "tunnel" }],
    [
      "-r 10.0.0.1 -i --tun-type gue --tun-port 6080 --tun-csum",
      {
        address: "10.0.0.1",
        tunnel: { type: "gue", port: 6080, checksum: "csum" },
      },
    ],
    ["-r [2001:db8::2]:80 -i", { address: "2001:db8:0::2", forward: "tunnel" }],
  ];
  for (const [args, destination] of commands) {
    await ipvs.addService(web);
    ipvsadm("-a", "-t", "192.0.2.10:80", ...args.split(" "));
    const wanted = await ipvs.save();
    await ipvs.clear();
    await ipvs.addService(web);
    await ipvs.addDestination(web, destination);
    assert.deepEqual(await ipvs.save(), wanted, args);
    await ipvs.clear();
  }
});

test("an edit changes what it names and nothing else", async () => {
  const address = "10.0.0.1";
  await ipvs.addService({ ...web, scheduler: "mh", schedulerFlags: [1], timeout: 300, engine: "sip", protocol: "udp" });
  const service = { ...web, protocol: "udp" } as const;
  await ipvs.addDestination(service, { address, forward: "masq", weight: 7, upperThreshold: 10 });
  const [before] = (await ipvs.save()).services;
  assert.ok(before);
  // Without waiting: each of them is made of what the one before it has left.
  await Promise.all([
    ipvs.editService({ ...service, scheduler: "wrr" }),
    ipvs.editDestination(service, { address, weight: 3 }),
    ipvs.editService({ ...service, timeout: 600 }),
    ipvs.editDestination(service, { address, lowerThreshold: 2 }),
  ]);
  assert.deepEqual((await ipvs.save()).services, [
    {
      service: { ...before.service, scheduler: "wrr", timeout: 600 },
      destinations: before.destinations.map((each) => ({ ...each, weight: 3, lowerThreshold: 2 })),
    },
  ]);
  await ipvs.editService({ ...service, engine: "" });
  assert.equal((await ipvs.get(service)).service.engine, undefined);
});

test("calls reach the kernel in their order, after edits too", async () => {
  const destination = { address: "10.0.0.1" };
  await Promise.all([
    ipvs.addService(web),
    ipvs.addDestination(web, destination),
    ipvs.editDestination(web, { ...destination, weight: 9 }),
    ipvs.deleteDestination(web, destination),
    ipvs.addDestination(web, { ...destination, weight: 2 }),
  ]);
  assert.deepEqual(
    (await ipvs.get(web)).destinations.map(({ weight }) => weight),
    [2],
  );
});

test("the kernel's refusals, and values that are never sent", async () => {
  const refuses = async (call: Promise<unknown>, operation: string, message: string) =>
    assert.rejects(call, (error) => {
      assert.ok(error instanceof IpvsError);
      assert.deepEqual([error.operation, error.message], [operation, message]);
      return true;
    });
  const destination = { address: "10.0.0.1" };
  await refuses(ipvs.get(web), "get service", "No such service");
  await refuses(ipvs.editService(web), "get service", "No such service");
  await refuses(ipvs.editDestination(web, destination), "get service", "No such service");
  await refuses(ipvs.addDestination(web, destination), "add destination", "Service not defined");
  await ipvs.addService(web);
  await refuses(ipvs.addService(web), "add service", "Service already exists");
  await refuses(ipvs.editDestination(web, destination), "edit destination", "No such destination");
  const unknown = ipvs.editService({ ...web, scheduler: "no-such" });
  await refuses(unknown, "edit service", "Scheduler or persistence engine not found");
  await assert.rejects(ipvs.addService({ ...web, port: 65536 }), {
    name: "RangeError",
    message: "service.port must be an integer from 0 to 65535, not 65536",
  });
});

test("a batch has one outcome per change, and sends nothing where a value is wrong", async () => {
  const destination = (address: string) =>
    ({ command: "add-destination", service: web, destination: { address } }) as const;
  const changes: ChangeInput[] = [
    { command: "add-service", service: web },
    destination("10.0.0.1"),
    destination("10.0.0.1"),
    destination("10.0.0.2"),
    { command: "delete-service", service: { fwmark: 1 } },
  ];
  const outcomes = await ipvs.change(changes);
  assert.deepEqual(
    outcomes.map((outcome) => outcome?.message),
    [undefined, undefined, "Destination already exists", undefined, "No such service"],
  );
  await assert.rejects(ipvs.change([{ command: "flush" }, destination("10.0.0.256")]), {
    name: "RangeError",
    message: 'changes[1].destination.address must be an IPv4 address, not "10.0.0.256"',
  });
  assert.equal((await ipvs.get(web)).destinations.length, 2);
});

test("more services than are read at a time come in the kernel's order", async () => {
  await ipvs.change(
    Array.from({ length: 200 }, (_, index): ChangeInput[] => [
      { command: "add-service", service: { ...web, port: index + 1 } },
      { command: "add-destination", service: { ...web, port: index + 1 }, destination: { address: "10.0.0.1" } },
    ]).flat(),
  );
  const table = await ipvs.list();
  const listed = ipvsadm("-Ln", "--nosort").match(/(?<=^TCP .*:)\d+/gm);
  assert.deepEqual(
    table.map(({ service }) => "port" in service && `${service.port}`),
    listed,
  );
  assert.deepEqual(
    table.map(({ service, destinations }) => "port" in service && destinations[0]?.port === service.port),
    Array(200).fill(true),
  );
});

test("timeouts and daemons", async () => {
  const before = await ipvs.timeouts();
  await ipvs.setTimeouts({ tcp: 1234 });
  assert.deepEqual(await ipvs.timeouts(), { ...before, tcp: 1234 });
  execFileSync("/sbin/ip", ["link", "set", "lo", "up"]);
  await ipvs.startDaemon({ state: "backup", interface: "lo" });
  const [daemon] = await ipvs.daemons();
  assert.deepEqual([daemon?.state, daemon?.interface, daemon?.syncId], ["backup", "lo", 0]);
  assert.ok(daemon);
  await ipvs.stopDaemon(daemon);
  assert.deepEqual(await ipvs.daemons(), []);
});

test("a saved state is a document's, and restores", async () => {
  await ipvs.addService({ ...web, timeout: 300 });
  await ipvs.addDestination(web, { address: "10.0.0.1", tunnel: { type: "gue", port: 6080 } });
  await ipvs.addService({ fwmark: 7 });
  const state = await ipvs.save();
  const document = renderDocument(state);
  assert.deepEqual(parseDocument(document), state);
  assert.equal(document, ipvsadm("-S", "--json"));
  await ipvs.clear();
  execFileSync("ipvsadm-restore", { input: document });
  assert.deepEqual(await ipvs.save(), state);
});

test("events and connections", async () => {
  const seen: WatchEvent["event"][] = [];
  for await (const { event } of Ipvs.watch({ interval: 0.01, service: web })) {
    seen.push(event);
    if (event === "snapshot") await ipvs.addService(web);
    else break;
  }
  assert.deepEqual(seen, ["snapshot", "add"]);
  for await (const connection of Ipvs.connections()) assert.fail(JSON.stringify(connection));
});

test("the examples run", async () => {
  const run = (name: string) => execFileSync("node", [`examples/${name}.mjs`], { encoding: "utf8" });
  assert.equal(run("quickstart"), "scheduler wlc, 0 connections so far\n10.0.0.2:80 weight 3\n10.0.0.1:80 weight 0\n");
  assert.deepEqual(await ipvs.list(), []);
  assert.equal(run("busiest"), "");
});
