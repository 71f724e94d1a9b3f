/**
 * What every IpvsClient does, as tests: one list for the fake kernel and for the real one. The real one needs an interface
 * `eth0` that is up, with an MTU of 1500 and an address.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { IpvsClient } from "../../src/ipvs/client.js";
import { IpvsError } from "../../src/ipvs/ipvs-error.js";
import type { Change } from "../../src/model/change.js";
import { serviceIdentity } from "../../src/model/identity.js";
import type {
  AddressServiceKey,
  Daemon,
  Destination,
  MarkServiceKey,
  Service,
  ServiceKey,
  ServiceSettings,
  Timeouts,
} from "../../src/model/table.js";
import { errorCode } from "../../src/platform/errno.js";
import { toCountedServers, toCountedServices } from "./counted.js";
import { FakeKernel } from "./fake-kernel.js";
import { Random } from "./random.js";
import { randomChange } from "./random-change.js";

/** How many sequences of random changes are made, and how many changes each has. */
const sequences = { count: 30, firstSeed: 1, length: 200 };

const web: AddressServiceKey = { family: "inet", protocol: "tcp", address: "192.0.2.1", port: 80 };
const web6: AddressServiceKey = { family: "inet6", protocol: "tcp", address: "2001:db8::1", port: 80 };
const mark: MarkServiceKey = { family: "inet", fwmark: 5 };
const mark6: MarkServiceKey = { family: "inet6", fwmark: 5 };

const usual: ServiceSettings = {
  scheduler: "wlc",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
  netmask: "255.255.255.255",
};

function service(key: ServiceKey, settings: Partial<ServiceSettings> = {}): Service {
  return { ...key, ...usual, ...(key.family === "inet6" && { netmask: 128 }), ...settings };
}

function server(settings: Partial<Destination> = {}): Destination {
  return {
    family: "inet",
    address: "198.51.100.1",
    port: 80,
    forward: "masq",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
    ...settings,
  };
}

const server6 = (settings: Partial<Destination> = {}) =>
  server({ family: "inet6", address: "2001:db8::2", ...settings });

const addService = (added: Service): Change => ({ command: "add-service", service: added });
const editService = (edited: Service): Change => ({ command: "edit-service", service: edited });
const deleteService = (key: ServiceKey): Change => ({ command: "delete-service", service: key });
const add = (key: ServiceKey, destination: Destination): Change => ({
  command: "add-destination",
  service: key,
  destination,
});
const edit = (key: ServiceKey, destination: Destination): Change => ({
  command: "edit-destination",
  service: key,
  destination,
});
const remove = (key: ServiceKey, destination: Destination): Change => ({
  command: "delete-destination",
  service: key,
  destination,
});
const setTimeouts = (timeouts: Timeouts): Change => ({ command: "set-timeouts", timeouts });
const start = (daemon: Partial<Daemon>): Change => ({
  command: "start-daemon",
  daemon: { state: "master", interface: "eth0", syncId: 0, ...daemon },
});
const stop = (state: Daemon["state"]): Change => ({ command: "stop-daemon", state, syncId: 0 });

/** Changes that undo all others. */
const clearing: readonly Change[] = [
  { command: "flush" },
  stop("master"),
  stop("backup"),
  setTimeouts({ tcp: 900, tcpFin: 120, udp: 300 }),
];

/** The name of the errno of each change, undefined where it was made. */
async function outcomesOf(client: IpvsClient, changes: readonly Change[]): Promise<(string | undefined)[]> {
  const outcomes = await client.change(changes);
  return outcomes.map((refusal) => refusal && errorCode(refusal.errno));
}

/** Everything that can be set: services by their identity, each with its servers in the kernel's order. */
async function readAll(client: IpvsClient) {
  const services: Record<string, unknown> = {};
  for (const settings of await client.serviceSettings()) {
    services[serviceIdentity(settings)] = [settings, (await client.destinations(settings)).map(configurationOf)];
  }
  return { services, timeouts: await client.timeouts(), daemons: await client.daemons() };
}

/** A service or server without what the kernel measures. */
function configurationOf(entry: object): object {
  const measured = ["counters", "rates", "activeConnections", "inactiveConnections", "persistentConnections"];
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !measured.includes(name)));
}

/** Declares the tests. Each opens its own client of the same kernel, and takes away what is in its table. */
export function declareContract(open: () => Promise<IpvsClient>): void {
  let client: IpvsClient;
  before(async () => {
    client = await open();
  });
  after(() => client.close());
  beforeEach(() => client.change(clearing));

  /** Makes changes none of which may be refused. */
  async function make(...changes: readonly Change[]): Promise<void> {
    assert.deepEqual(
      await outcomesOf(client, changes),
      changes.map(() => undefined),
    );
  }

  const serversOf = async (key: ServiceKey) => (await client.destinations(key)).map(configurationOf);

  test("the kernel reports its version and the size of its connection table", async () => {
    const { version, connectionTableSize } = await client.info();
    assert.match(version, /^1\.\d+\.\d+$/);
    assert.ok(connectionTableSize >= 256 && Number.isInteger(Math.log2(connectionTableSize)));
  });

  const settings: readonly [what: string, added: Service][] = [
    ["a service as plain as can be", service(web)],
    ["a service of IPv6", service(web6)],
    ["a service of a mark", service(mark)],
    ["a service of an IPv6 mark", service(mark6)],
    ["the largest mark", service({ family: "inet", fwmark: 2 ** 32 - 1 })],
    ["udp with one-packet scheduling", service({ ...web, protocol: "udp" }, { onePacket: true })],
    ["sctp", service({ ...web, protocol: "sctp" }, { scheduler: "rr" })],
    ["scheduler flags", service(web, { scheduler: "mh", schedulerFlags: [1, 2, 3] })],
    ["one flag", service(web, { scheduler: "sh", schedulerFlags: [2] })],
    ["persistence", service(web, { persistent: true, timeout: 360, netmask: "255.255.255.0" })],
    ["a mask that is no prefix", service(web, { persistent: true, timeout: 1, netmask: "0.0.0.24" })],
    ["persistence of IPv6", service(web6, { persistent: true, timeout: 2678400, netmask: 64 })],
    ["a persistence engine", service({ ...web, protocol: "udp" }, { persistent: true, timeout: 60, engine: "sip" })],
    ["an engine without persistence", service(web, { engine: "sip" })],
    ["a timeout and a mask without persistence", service(web, { timeout: 77, netmask: "255.255.0.0" })],
    ["port 0 with persistence", service({ ...web, port: 0 }, { persistent: true, timeout: 60 })],
    ["port 0 without it", service({ ...web, port: 0 })],
    ["no scheduler", service(web, { scheduler: "none" })],
    ["a service of every address", service({ ...web, address: "0.0.0.0" })],
    ["a service of a multicast address", service({ ...web6, address: "ff02::1" })],
  ];
  for (const [what, added] of settings) {
    test(`a service reads back as it was added, and as it was edited: ${what}`, async () => {
      await make(addService(added));
      assert.deepEqual(await client.serviceSettings(), [added]);
      assert.deepEqual((await client.services()).map(configurationOf), [added]);
      assert.deepEqual(configurationOf(await client.service(added)), added);
      const { counters, rates } = await client.service(added);
      assert.deepEqual([...Object.values(counters), ...Object.values(rates)], Array(10).fill(0n));

      const other = service(added, { scheduler: "rr", persistent: !added.persistent, timeout: 5 });
      await make(editService(other));
      assert.deepEqual(await client.serviceSettings(), [other]);
      await make(editService(added));
      assert.deepEqual(await client.serviceSettings(), [added]);
    });
  }

  test("counters and rates alone are those of services and servers of every kind", async () => {
    const keys = [web, web6, mark, mark6, { ...web, protocol: "udp" }] as const;
    await make(...keys.map((key) => addService(service(key))), add(web, server()), add(web, server({ port: 81 })));
    await make(add(web6, server6()), add(mark, server({ address: "255.0.0.1" })));
    for (const kind of ["counters", "rates"] as const) {
      assert.deepEqual(await client.countedServices(kind), toCountedServices(await client.services(), kind));
      const servers = await Promise.all(keys.map((key) => client.destinations(key)));
      assert.deepEqual(
        await client.countedServers(keys, kind),
        servers.map((each) => toCountedServers(each, kind)),
      );
      assert.deepEqual(await client.countedServers([], kind), []);
    }
  });

  test("services are told apart by protocol, address, port, mark and family", async () => {
    const keys: readonly ServiceKey[] = [
      ...[web, { ...web, protocol: "udp" } as const, { ...web, port: 81 }, { ...web, address: "192.0.2.2" }],
      ...[web6, mark, mark6, { ...mark, fwmark: 6 }],
    ];
    await make(...keys.map((key, index) => addService(service(key, { timeout: index + 1 }))));
    for (const [index, key] of keys.entries()) assert.equal((await client.service(key)).timeout, index + 1);
    assert.equal((await client.services()).length, keys.length);
    await make(deleteService(mark));
    await assert.rejects(
      client.service(mark),
      (error) => error instanceof IpvsError && errorCode(error.errno) === "ESRCH",
    );
    assert.equal((await client.service(mark6)).timeout, 7);
    assert.equal((await client.services()).length, keys.length - 1);
  });

  test("services of addresses come before those of marks", async () => {
    await make(...[mark, web, mark6, web6].map((key) => addService(service(key))));
    assert.deepEqual(
      (await client.services()).map((found) => "fwmark" in found),
      [false, false, true, true],
    );
  });

  const servers: readonly [what: string, key: ServiceKey, added: Destination][] = [
    ["masquerading", web, server()],
    ["direct routing", web, server({ forward: "route" })],
    ["direct routing to a port of its own", web, server({ forward: "route", port: 8080 })],
    ["local", web, server({ forward: "local" })],
    ["masquerading to an address of this machine", web, server({ address: "127.0.0.1" })],
    ["port 0", mark, server({ port: 0 })],
    ["weight 0", web, server({ weight: 0 })],
    ["the largest weight and thresholds", web, server({ weight: 2 ** 31 - 1, upperThreshold: 2 ** 31 - 1 })],
    ["thresholds that are equal", web, server({ upperThreshold: 9, lowerThreshold: 9 })],
    ["an IPv6 server", web6, server6()],
    ["a server of an IPv6 mark", mark6, server6({ port: 0, forward: "route" })],
    ["an ipip tunnel", web, server({ forward: "tunnel" })],
    ["a gue tunnel", web, server({ forward: "tunnel", tunnel: { type: "gue", port: 6080, checksum: "remcsum" } })],
    ["a gre tunnel", web, server({ forward: "tunnel", tunnel: { type: "gre", port: 0, checksum: "csum" } })],
    ["a tunnel that is not used", web, server({ tunnel: { type: "gue", port: 7, checksum: "csum" } })],
    [
      "a port of a tunnel that has none",
      web,
      server({ forward: "tunnel", tunnel: { type: "ipip", port: 9, checksum: "nocsum" } }),
    ],
    ["an IPv6 server of an IPv4 service", web, server6({ forward: "tunnel" })],
    ["an IPv4 server of an IPv6 service", web6, server({ forward: "tunnel" })],
  ];
  for (const [what, key, added] of servers) {
    test(`a server reads back as it was added, and as it was edited: ${what}`, async () => {
      await make(addService(service(key)), add(key, added));
      assert.deepEqual(await serversOf(key), [added]);
      const [found] = await client.destinations(key);
      assert.deepEqual([found?.activeConnections, found?.inactiveConnections, found?.persistentConnections], [0, 0, 0]);
      assert.deepEqual(
        [...Object.values(found?.counters ?? {}), ...Object.values(found?.rates ?? {})],
        Array(10).fill(0n),
      );

      const other = { ...added, weight: 7, upperThreshold: 3, lowerThreshold: 2, forward: "tunnel" } as const;
      await make(edit(key, other));
      assert.deepEqual(await serversOf(key), [other]);
      await make(edit(key, added));
      assert.deepEqual(await serversOf(key), [added]);
      await make(remove(key, added));
      assert.deepEqual(await serversOf(key), []);
    });
  }

  test("the newest server comes first, an edit moves none, and one that comes back is new", async () => {
    const [first, second, third] = [server({ port: 1 }), server({ port: 2 }), server({ port: 3 })];
    const portsOf = async () => (await client.destinations(web)).map(({ port }) => port);
    await make(addService(service(web)), add(web, first), add(web, second), add(web, third));
    assert.deepEqual(await portsOf(), [3, 2, 1]);
    await make(edit(web, { ...first, weight: 9 }), editService(service(web, { scheduler: "rr" })));
    assert.deepEqual(await portsOf(), [3, 2, 1]);
    await make(remove(web, first), add(web, first));
    assert.deepEqual(await portsOf(), [1, 3, 2]);
  });

  test("servers are told apart by address and port, within their service", async () => {
    const all = [server(), server({ port: 81 }), server({ address: "198.51.100.2" }), server6({ forward: "tunnel" })];
    await make(
      addService(service(web)),
      addService(service(mark)),
      ...all.map((one) => add(web, one)),
      add(mark, server()),
    );
    assert.equal((await client.destinations(web)).length, 4);
    await make(remove(web, server()));
    assert.deepEqual(await serversOf(mark), [server()]);
  });

  test("a service goes with its servers, and a service edited keeps them", async () => {
    await make(addService(service(web)), add(web, server()), editService(service(web, { scheduler: "sh" })));
    assert.deepEqual(await serversOf(web), [server()]);
    await make(deleteService(web), addService(service(web)));
    assert.deepEqual(await serversOf(web), []);
  });

  const there: readonly Change[] = [addService(service(web)), add(web, server()), addService(service(web6))];
  const refusals: readonly [what: string, change: Change, errno: string, before?: readonly Change[]][] = [
    ["adding a service that there is", addService(service(web)), "EEXIST"],
    ["adding one that there is, with a scheduler that is not", addService(service(web, { scheduler: "no" })), "EEXIST"],
    ["a scheduler that is not", addService(service(mark, { scheduler: "no" })), "ENOENT"],
    ["an empty scheduler", addService(service(mark, { scheduler: "" })), "ENOENT"],
    ["a name too long for a scheduler", addService(service(mark, { scheduler: "a234567890123456" })), "EINVAL"],
    ["a name too long for an engine", addService(service(mark, { engine: "a2345678901234567" })), "EINVAL"],
    ["the longest name that an engine may have", addService(service(mark, { engine: "a234567890123456" })), "ENOENT"],
    ["an engine that is not", addService(service(mark, { engine: "no" })), "ENOENT"],
    ["an IPv6 prefix of 0", addService(service(mark6, { netmask: 0 })), "EINVAL"],
    ["an IPv6 prefix of 129", addService(service(mark6, { netmask: 129 })), "EINVAL"],
    ["an edit to a scheduler that is not", editService(service(web, { scheduler: "no" })), "ENOENT"],
    ["an edit to an engine that is not", editService(service(web, { engine: "no" })), "ENOENT"],
    ["an edit to an IPv6 prefix of 129", editService(service(web6, { netmask: 129 })), "EINVAL"],
    ["editing a service that is not", editService(service(mark)), "ESRCH"],
    ["editing one that is not, to a scheduler that is not", editService(service(mark, { scheduler: "no" })), "ESRCH"],
    ["deleting a service that is not", deleteService(mark), "ESRCH"],
    ["zeroing a service that is not", { command: "zero", service: mark }, "ESRCH"],
    ["a server for a service that is not", add(mark, server()), "ESRCH"],
    ["editing a server of a service that is not", edit(mark, server()), "ESRCH"],
    ["deleting a server of a service that is not", remove(mark, server()), "ESRCH"],
    ["adding a server that there is", add(web, server()), "EEXIST"],
    ["editing a server that is not", edit(web, server({ port: 9 })), "ENOENT"],
    ["deleting a server that is not", remove(web, server({ port: 9 })), "ENOENT"],
    ["a negative weight", add(web, server({ port: 9, weight: -1 })), "ERANGE"],
    ["a negative weight of a server that is not", edit(web, server({ port: 9, weight: -1 })), "ERANGE"],
    [
      "a lower threshold above the upper",
      add(web, server({ port: 9, upperThreshold: 1, lowerThreshold: 2 })),
      "ERANGE",
    ],
    ["the same in an edit", edit(web, server({ upperThreshold: 1, lowerThreshold: 2 })), "ERANGE"],
    [
      "a gue tunnel without a port",
      add(web, server({ port: 9, tunnel: { type: "gue", port: 0, checksum: "csum" } })),
      "EINVAL",
    ],
    ["the same in an edit", edit(web, server({ tunnel: { type: "gue", port: 0, checksum: "csum" } })), "EINVAL"],
    ["another family without a tunnel", add(web, server6()), "EINVAL"],
    ["another family without a tunnel, by direct routing", add(web6, server({ forward: "route" })), "EINVAL"],
    ["editing such a server that is not", edit(web6, server({ forward: "tunnel" })), "ENOENT"],
    ["deleting such a server that is not", remove(web6, server()), "ENOENT"],
    ["a server at 0.0.0.0", add(web, server({ address: "0.0.0.0" })), "EINVAL"],
    ["a server at a broadcast address", add(web, server({ address: "255.255.255.255" })), "EINVAL"],
    ["a server at a multicast address", add(web, server({ address: "239.1.2.3" })), "EINVAL"],
    ["a server at ::", add(web6, server6({ address: "::" })), "EINVAL"],
    ["a server at an IPv6 multicast address", add(web6, server6({ address: "ff05::1" })), "EINVAL"],
    ["a server at a link-local address", add(web6, server6({ address: "fe80::99" })), "EINVAL"],
    ["a server at a mapped address", add(web6, server6({ address: "::ffff:10.0.0.1" })), "EINVAL"],
    ["a timeout that is too long", setTimeouts({ tcp: 1, tcpFin: 2, udp: 2 ** 31 - 1 }), "EINVAL"],
    ["stopping a daemon that does not run", stop("backup"), "ESRCH"],
    ["a second daemon of a state", start({ syncId: 2 }), "EEXIST", [start({})]],
    ["a daemon on an interface that is not", start({ interface: "none0" }), "ENODEV"],
    ["a daemon on an interface that is not, where one runs", start({ interface: "none0" }), "ENODEV", [start({})]],
    ["a name too long for an interface", start({ interface: "a234567890123456" }), "EINVAL"],
    ["a group that is not multicast", start({ multicastGroup: "192.0.2.9" }), "EINVAL"],
    ["an IPv6 group that is not multicast", start({ multicastGroup: "2001:db8::9" }), "EINVAL"],
    ["a daemon beside a server of another family", start({}), "EINVAL", [add(web, server6({ forward: "tunnel" }))]],
    ["a server of another family beside a daemon", add(web, server6({ forward: "tunnel" })), "EINVAL", [start({})]],
    ["the same for one that is not, edited", edit(web, server6({ forward: "tunnel" })), "EINVAL", [start({})]],
  ];
  for (const [what, change, errno, prior = []] of refusals) {
    test(`refused with ${errno}: ${what}`, async () => {
      await make(...there, ...prior);
      const earlier = await readAll(client);
      const [refusal] = await client.change([change]);
      assert.ok(refusal instanceof IpvsError);
      assert.equal(errorCode(refusal.errno), errno);
      assert.deepEqual(await readAll(client), earlier);
    });
  }

  test("unusual addresses of servers that the kernel takes", async () => {
    await make(addService(service(web)), addService(service(web6)));
    await make(
      ...["0.0.0.1", "127.0.0.1", "240.0.0.1", "223.255.255.255"].map((address) => add(web, server({ address }))),
    );
    await make(...["::1", "::2", "fec0::1", "fc00::1", "100::1"].map((address) => add(web6, server6({ address }))));
  });

  test("a refusal keeps no other change from being made, and has the place of its change", async () => {
    const changes = [addService(service(web)), deleteService(mark), add(web, server()), add(web, server())];
    assert.deepEqual(await outcomesOf(client, changes), [undefined, "ESRCH", undefined, "EEXIST"]);
    assert.deepEqual(await serversOf(web), [server()]);
    assert.deepEqual(await client.change([]), []);
  });

  test("a value that cannot be sent rejects all changes, and none is made", async () => {
    for (const wrong of [
      addService(service({ ...web, address: "web" })),
      addService(service(web6, { netmask: "255.0.0.0" })),
    ]) {
      await assert.rejects(client.change([addService(service(mark)), wrong]), RangeError);
    }
    assert.deepEqual(await client.services(), []);
  });

  test("calls settle in their order, and each sees what those before it did", async () => {
    const settled: string[] = [];
    const calls = [
      client.change([addService(service(web))]).then(() => settled.push("add")),
      client.services().then(({ length }) => settled.push(`${length} services`)),
      client.destinations(web).then(({ length }) => settled.push(`${length} servers`)),
      client.change([add(web, server()), addService(service(mark))]).then(() => settled.push("add more")),
      client.serviceSettings().then(({ length }) => settled.push(`${length} services`)),
      client.destinations(web).then(({ length }) => settled.push(`${length} servers`)),
      client.service(web).then(({ scheduler }) => settled.push(scheduler)),
      client.change([{ command: "flush" }]).then(() => settled.push("flush")),
      client.service(web).catch((error) => settled.push(errorCode(error.errno))),
    ];
    await Promise.all(calls);
    assert.deepEqual(settled, [
      ...["add", "1 services", "0 servers", "add more", "2 services", "1 servers", "wlc", "flush", "ESRCH"],
    ]);
  });

  test("two clients have the same table", async () => {
    const other = await open();
    await make(addService(service(web)));
    assert.deepEqual(await outcomesOf(other, [add(web, server())]), [undefined]);
    assert.deepEqual(await serversOf(web), [server()]);
    if (other !== client) other.close();
  });

  test("a service that there is not has no servers, and asking for it is refused", async () => {
    assert.deepEqual(await client.destinations(web), []);
    await assert.rejects(client.service(web), { name: "IpvsError", message: "No such service" });
  });

  test("flush deletes every service, and zero changes no setting", async () => {
    await make(...there, addService(service(mark)));
    const earlier = await readAll(client);
    await make({ command: "zero", service: "all" }, { command: "zero", service: web });
    assert.deepEqual(await readAll(client), earlier);
    await make({ command: "flush" }, { command: "flush" });
    assert.deepEqual(await client.services(), []);
    await make({ command: "zero", service: "all" });
  });

  test("timeouts change but for those that are 0", async () => {
    assert.deepEqual(await client.timeouts(), { tcp: 900, tcpFin: 120, udp: 300 });
    await make(setTimeouts({ tcp: 1, tcpFin: 0, udp: 2678400 }));
    assert.deepEqual(await client.timeouts(), { tcp: 1, tcpFin: 120, udp: 2678400 });
    await make(setTimeouts({ tcp: 0, tcpFin: 0, udp: 0 }), setTimeouts({ tcp: 0, tcpFin: 7, udp: 0 }));
    assert.deepEqual(await client.timeouts(), { tcp: 1, tcpFin: 7, udp: 2678400 });
  });

  const ordinary = { syncMaxLength: 1472, multicastGroup: "224.0.0.81", multicastPort: 8848, multicastTtl: 1 };
  const daemons: readonly [what: string, started: Partial<Daemon>, running: Partial<Daemon>][] = [
    ["a master left to the kernel", {}, {}],
    ["a backup left to the kernel", { state: "backup", syncId: 255 }, {}],
    [
      "a master with every setting",
      { syncId: 7, syncMaxLength: 1400, multicastGroup: "239.1.2.3", multicastPort: 9, multicastTtl: 8 },
      {},
    ],
    ["zeros and an empty group", { syncMaxLength: 0, multicastGroup: "", multicastPort: 0, multicastTtl: 0 }, ordinary],
    ["an IPv6 group", { multicastGroup: "ff02::5" }, { syncMaxLength: 1452 }],
    ["a backup with too short messages", { state: "backup", syncMaxLength: 1 }, { syncMaxLength: 1024 }],
    ["a backup with too long messages", { state: "backup", syncMaxLength: 65535 }, { syncMaxLength: 65507 }],
    ["a master with short messages", { syncMaxLength: 1 }, {}],
  ];
  for (const [what, started, running] of daemons) {
    test(`a daemon runs: ${what}`, async () => {
      await make(start(started));
      const expected = { state: "master", interface: "eth0", syncId: 0, ...ordinary, ...started, ...running };
      assert.deepEqual(await client.daemons(), [expected]);
      await make(stop(started.state ?? "master"));
      assert.deepEqual(await client.daemons(), []);
    });
  }

  test("a master and a backup run side by side, and stopping one does not ask for its syncid", async () => {
    await make(start({ state: "backup", syncId: 4 }), start({ syncId: 3 }));
    assert.deepEqual(
      (await client.daemons()).map(({ state, syncId }) => [state, syncId]),
      [
        ["master", 3],
        ["backup", 4],
      ],
    );
    await make({ command: "stop-daemon", state: "master", syncId: 99 });
    assert.deepEqual(
      (await client.daemons()).map(({ state }) => state),
      ["backup"],
    );
  });

  test("no daemon starts until the last server of another family is gone", async () => {
    const mixed = server6({ forward: "tunnel" });
    await make(
      addService(service(web)),
      add(web, mixed),
      addService(service(web6)),
      add(web6, server({ forward: "tunnel" })),
    );
    await make(remove(web, mixed));
    assert.deepEqual(await outcomesOf(client, [start({})]), ["EINVAL"]);
    await make(deleteService(web6), start({}));
  });

  for (let seed = sequences.firstSeed; seed < sequences.firstSeed + sequences.count; seed++) {
    test(`random changes do what they do to the fake kernel (seed ${seed})`, async () => {
      const random = new Random(seed);
      const changes = Array.from({ length: sequences.length }, () => randomChange(random));
      const fake = new FakeKernel();
      const [outcomes, expected] = [await outcomesOf(client, changes), await outcomesOf(fake, changes)];
      for (const [index, outcome] of outcomes.entries()) {
        assert.equal(outcome, expected[index], `change ${index}: ${JSON.stringify(changes[index])}`);
      }
      assert.deepEqual(await readAll(client), await readAll(fake));
    });
  }
}
