import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpvsClient } from "../../../src/ipvs/client.js";
import { IpvsError } from "../../../src/ipvs/ipvs-error.js";
import { openClient } from "../../../src/ipvs/open-client.js";
import { encodeGeneric } from "../../../src/netlink/codec/generic.js";
import {
  decodeMessages,
  type Message,
  NLM_F_ACK,
  NLMSG_ERROR,
  NLMSG_NOOP,
} from "../../../src/netlink/codec/message.js";
import { connect } from "../../../src/netlink/connection.js";
import { concat, done, errorReply, hex, message, toHex } from "../../support/bytes.js";
import { captures } from "../../support/captures.js";
import { FakeSocket } from "../../support/fake-socket.js";
import { type KernelReply, kernelInfo, kernelReply } from "../../support/kernel-attributes.js";

const FAMILY = 0x1c;

/** A client of a kernel that answers commands by their number: with replies, or a refusal. */
async function open(
  answers: Record<number, KernelReply[] | number> = {},
): Promise<{ client: IpvsClient; socket: FakeSocket }> {
  const answer = (to: Message): Uint8Array[] => {
    if (to.type === NLMSG_NOOP) return [errorReply(to, 0)];
    if (to.type === 16) return [message(16, to.sequence, hex("01020000 06000100 1c000000")), errorReply(to, 0)];
    const number = to.payload.getUint8(0);
    const replies = answers[number] ?? [];
    if (typeof replies === "number") return [errorReply(to, replies)];
    const parts = replies.map((values) => message(FAMILY, to.sequence, encodeGeneric(number, 1, kernelReply, values)));
    if (number === 15)
      parts.push(
        message(
          FAMILY,
          to.sequence,
          encodeGeneric(14, 1, kernelInfo, { version: 0x010201, connectionTableSize: 4096 }),
        ),
      );
    if (to.flags & 0x300) return [...parts, done(to)];
    return to.flags & NLM_F_ACK ? [...parts, errorReply(to, 0)] : parts;
  };
  const socket = new FakeSocket((messages) => messages.flatMap(answer));
  return { client: await openClient(connect(socket)), socket };
}

for (const { arguments: words, payload, change, question } of captures) {
  test(`bytes of ipvsadm ${words}`, async () => {
    const { client, socket } = await open({ 13: [{ tcp: 1, tcpFin: 2, udp: 3 }] });
    if (change) await client.change([change]);
    await question?.(client);
    const [sent] = decodeMessages(socket.sent.at(-1) ?? hex(""));
    assert.ok(sent);
    const { buffer, byteOffset, byteLength } = sent.payload;
    assert.equal(toHex(new Uint8Array(buffer, byteOffset, byteLength)), payload);
    assert.equal(sent.type, FAMILY);
  });
}

const stats = { connections: 1, packetsIn: 2, packetsOut: 3, bytesIn: 4n, bytesOut: 5n };
const rates = { connectionRate: 6, packetRateIn: 7, packetRateOut: 8, byteRateIn: 9, byteRateOut: 10 };
const large = 2n ** 63n;
const stats64 = { connections: large, packetsIn: 2n, packetsOut: 3n, bytesIn: 4n, bytesOut: 5n };
const rates64 = { connectionRate: 6n, packetRateIn: 7n, packetRateOut: 8n, byteRateIn: 9n, byteRateOut: 10n };
const counted = (connections: bigint) => ({
  counters: { connections, packetsIn: 2n, packetsOut: 3n, bytesIn: 4n, bytesOut: 5n },
  rates: { connections: 6n, packetsIn: 7n, packetsOut: 8n, bytesIn: 9n, bytesOut: 10n },
});
const v6 = hex("20010db8000000000000000000000001");
const v4 = hex("0a000001000000000000000000000000");
const settings = { scheduler: "wlc", timeout: 0, stats: { ...stats, ...rates } };

test("services, with 64-bit statistics where there are any", async () => {
  const { client } = await open({
    4: [
      {
        service: {
          family: 2,
          protocol: 6,
          address: v4,
          port: 80,
          flags: hex("02000000 00000000"),
          netmask: hex("ffffffff"),
          ...settings,
        },
      },
      {
        service: {
          ...settings,
          family: 10,
          protocol: 17,
          address: v6,
          port: 53,
          flags: hex("3d000000 00000000"),
          netmask: hex("40000000"),
          engine: "sip",
          timeout: 360,
          stats64: { ...stats64, ...rates64 },
        },
      },
      {
        service: {
          family: 10,
          fwmark: 4294967295,
          flags: hex("00000000 00000000"),
          netmask: hex("80000000"),
          ...settings,
        },
      },
    ],
  });
  const off = { schedulerFlags: [], onePacket: false, persistent: false, timeout: 0, scheduler: "wlc" };
  assert.deepEqual(await client.services(), [
    {
      family: "inet",
      protocol: "tcp",
      address: "10.0.0.1",
      port: 80,
      netmask: "255.255.255.255",
      ...off,
      ...counted(1n),
    },
    {
      family: "inet6",
      protocol: "udp",
      address: "2001:db8::1",
      port: 53,
      netmask: 64,
      scheduler: "wlc",
      engine: "sip",
      schedulerFlags: [1, 2, 3],
      onePacket: true,
      persistent: true,
      timeout: 360,
      ...counted(large),
    },
    { family: "inet6", fwmark: 4294967295, netmask: 128, ...off, ...counted(1n) },
  ]);
});

test("services without their statistics, which may even be malformed", async () => {
  const { client } = await open({
    4: [
      {
        service: {
          ...settings,
          family: 2,
          fwmark: 7,
          flags: hex("01000000 00000000"),
          netmask: hex("ffffff00"),
          stats: {},
        },
      },
    ],
  });
  assert.deepEqual(await client.serviceSettings(), [
    {
      family: "inet",
      fwmark: 7,
      scheduler: "wlc",
      schedulerFlags: [],
      onePacket: false,
      persistent: true,
      timeout: 0,
      netmask: "255.255.255.0",
    },
  ]);
  await assert.rejects(client.services(), { name: "IpvsError" });
});

test("destinations: the default family is the service's, and an address may have four bytes", async () => {
  const common = {
    port: 80,
    weight: -1,
    upperThreshold: 1,
    lowerThreshold: 2,
    activeConnections: 3,
    inactiveConnections: 4,
    persistentConnections: 5,
    stats: { ...stats, ...rates },
  };
  const { client } = await open({
    8: [
      { destination: { ...common, address: v6, forward: 3 } },
      {
        destination: {
          ...common,
          family: 2,
          address: v4.slice(0, 4),
          forward: 2,
          tunnelType: 1,
          tunnelPort: 6080,
          tunnelFlags: 2,
        },
      },
    ],
  });
  const same = {
    port: 80,
    weight: -1,
    upperThreshold: 1,
    lowerThreshold: 2,
    activeConnections: 3,
    inactiveConnections: 4,
    persistentConnections: 5,
    ...counted(1n),
  };
  assert.deepEqual(await client.destinations({ family: "inet6", fwmark: 1 }), [
    {
      ...same,
      family: "inet6",
      address: "2001:db8::1",
      forward: "route",
      tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
    },
    {
      ...same,
      family: "inet",
      address: "10.0.0.1",
      forward: "tunnel",
      tunnel: { type: "gue", port: 6080, checksum: "remcsum" },
    },
  ]);
});

test("info, timeouts and daemons", async () => {
  const { client, socket } = await open({
    13: [{ tcp: 900, tcpFin: 120, udp: 300 }],
    11: [
      {
        daemon: {
          state: 1,
          interface: "eth0",
          syncId: 255,
          syncMaxLength: 1472,
          multicastGroup: hex("e0000051"),
          multicastPort: 8848,
          multicastTtl: 1,
        },
      },
      { daemon: { state: 2, interface: "eth1", syncId: 0, multicastGroup6: hex("ff020000000000000000000000000018") } },
    ],
  });
  const sent = socket.sent.length;
  assert.deepEqual(await client.info(), { version: "1.2.1", connectionTableSize: 4096 });
  assert.equal(socket.sent.length, sent, "it is known since the client was opened");
  assert.deepEqual(await client.timeouts(), { tcp: 900, tcpFin: 120, udp: 300 });
  assert.deepEqual(await client.daemons(), [
    {
      state: "master",
      interface: "eth0",
      syncId: 255,
      syncMaxLength: 1472,
      multicastGroup: "224.0.0.81",
      multicastPort: 8848,
      multicastTtl: 1,
    },
    { state: "backup", interface: "eth1", syncId: 0, multicastGroup: "ff02::18" },
  ]);
});

test("a refusal has the words of its operation, and its subject", async () => {
  const { client } = await open({ 3: 3, 8: 3, 5: 17 });
  const key = { family: "inet", fwmark: 1 } as const;
  const change = { command: "delete-service", service: key } as const;
  const [refusal, done] = await client.change([change, { command: "flush" }]);
  assert.ok(refusal instanceof IpvsError);
  assert.equal(refusal.errno, 3);
  assert.equal(refusal.code, "ESRCH");
  assert.equal(refusal.message, "No such service");
  assert.equal(refusal.change, change);
  assert.equal(refusal.kernelMessage, undefined);
  assert.equal(done, undefined);
  await assert.rejects(client.destinations(key), {
    name: "IpvsError",
    operation: "get destinations",
    code: "ESRCH",
    key,
    change: undefined,
  });
});

test("the explanation of the kernel is kept, and changes no message", async () => {
  const socket = new FakeSocket((messages) =>
    messages.map((to) =>
      message(NLMSG_ERROR, to.sequence, concat(hex("ffffffff"), new Uint8Array(16), hex("08000100 6e6f7065")), 0x300),
    ),
  );
  await assert.rejects(openClient(connect(socket)), {
    code: "EPERM",
    message: "Permission denied (you must be root)",
    kernelMessage: "nope",
  });
});

test("replies that lack something or make no sense are refused, not guessed at", async () => {
  const { client } = await open({ 4: [{ service: { family: 3 } }], 8: [{}], 11: [{ daemon: { state: 7 } }] });
  await assert.rejects(client.services(), { name: "IpvsError", errno: 74 });
  await assert.rejects(client.destinations({ family: "inet", fwmark: 1 }), { name: "IpvsError", errno: 74 });
  await assert.rejects(client.daemons(), { name: "IpvsError", errno: 74 });
});

test("calls settle in their order, whatever their kind", async () => {
  const { client } = await open({ 3: 3, 13: [{ tcp: 1, tcpFin: 2, udp: 3 }] });
  const order: number[] = [];
  const calls = [
    () => client.change([{ command: "flush" }]),
    () => client.change([{ command: "delete-service", service: { family: "inet", fwmark: 1 } }]),
    () => client.timeouts(),
    () => client.services(),
    () => client.change([{ command: "zero", service: "all" }]),
  ];
  await Promise.all(
    calls.map((call, index) =>
      call().then(
        () => order.push(index),
        () => order.push(index),
      ),
    ),
  );
  assert.deepEqual(order, [0, 1, 2, 3, 4]);
});

test("without the family ip_vs is not available", async () => {
  const socket = new FakeSocket((messages) => messages.map((to) => errorReply(to, 2)));
  await assert.rejects(openClient(connect(socket)), { operation: "initialize", message: "Protocol not available" });
});

test("without privileges ip_vs refuses", async () => {
  await assert.rejects(open({ 15: 1 }), { operation: "initialize", message: "Permission denied (you must be root)" });
});

test("a value that cannot be sent rejects", async () => {
  const { client } = await open();
  await assert.rejects(
    client.change([
      { command: "delete-service", service: { family: "inet", protocol: "tcp", address: "localhost", port: 1 } },
    ]),
    RangeError,
  );
});
