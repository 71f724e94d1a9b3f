/** The bytes are those of a Linux 6.1, without the attributes for statistics and settings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../src/netlink/codec/message.js";
import { NetlinkError } from "../../../src/netlink/codec/netlink-error.js";
import { connect } from "../../../src/netlink/connection.js";
import { RtnetlinkClient } from "../../../src/rtnetlink/client.js";
import { decodeInterfaceAddress } from "../../../src/rtnetlink/interface-address.js";
import { decodeLink } from "../../../src/rtnetlink/link.js";
import { decodeNeighbor } from "../../../src/rtnetlink/neighbor.js";
import { decodeRoute } from "../../../src/rtnetlink/route.js";
import { decodeRule } from "../../../src/rtnetlink/rule.js";
import { concat, done, hex, message, toHex } from "../../support/bytes.js";
import { FakeSocket } from "../../support/fake-socket.js";

const links = [
  "00000403010000004900010000000000 070003006c6f0000 08000d00e8030000 0500100000000000 0800040000000100",
  `00000100020000008200000000000000 0f0003006b7562652d697076733000 00 08000d00e8030000 08000400dc050000
   1000 1200 0a00010064756d6d79000000 0a0001001240f1d794b60000`,
].map(hex);

const addresses = [
  "020880fe01000000 080001007f000001 080002007f000001 070003006c6f0000 0800080080000000",
  "0220800002000000 080001000a600001 080002000a600001 0f0003006b7562652d69707673300000 0800080080000000",
  "0220800003000000 080001000a000002 080002000a000001 0900030065746835 00000000 0800080080000000",
  "0a4080fd04000000 14000100fe8000000000000000fc00fffe000001 0800080080000000 05000b0003000000",
  // MPLS and other families have no addresses of ours.
  "1c00000004000000 0800010000000001",
].map(hex);

const neighbors = [
  "02000000030000000200000108000100 0a0002ff 0a000200 0242ac110002 0000",
  "0a00000003000000200000011400010020010db8000000000000000000000005",
  // A bridge knows MAC addresses, and a proxy entry has no address.
  "070000000300000080000000",
  "020000000300000000000800",
].map(hex);

const rules = [
  "02000000fe000001 00000000 08000f00fe000000",
  "0a00000064000001 00000000 08000a0007000000 08000f0064000000",
  "80000000fd000001 00000000 08000f00fd000000",
].map(hex);

const replies: Readonly<Record<number, readonly [type: number, payloads: readonly Uint8Array[]]>> = {
  18: [16, links],
  22: [20, addresses],
  30: [28, neighbors],
  34: [32, rules],
};

function answer({ type, sequence }: Message): Uint8Array {
  const [replyType, payloads] = replies[type] ?? [0, []];
  return concat(...payloads.map((payload) => message(replyType, sequence, payload, 2)));
}

function open() {
  const socket = new FakeSocket((messages) => messages.flatMap((each) => [answer(each), done(each)]));
  return { socket, client: new RtnetlinkClient(connect(socket)) };
}

test("a dump of all families is requested", async () => {
  const { socket, client } = open();
  await client.links();
  await client.addresses();
  assert.deepEqual(socket.sent.map(toHex), [
    `20000000 1200 0103 01000000 00000000 ${"00".repeat(16)}`.replaceAll(" ", ""),
    `18000000 1600 0103 02000000 00000000 ${"00".repeat(8)}`.replaceAll(" ", ""),
  ]);
});

test("links have their name, flags, MTU and kind", async () => {
  assert.deepEqual(await open().client.links(), [
    { index: 1, name: "lo", flags: 0x10049, mtu: 65536 },
    { index: 2, name: "kube-ipvs0", flags: 0x82, mtu: 1500, kind: "dummy" },
  ]);
});

test("addresses are the interface's own, of IPv4 and IPv6", async () => {
  assert.deepEqual(await open().client.addresses(), [
    { family: "inet", address: "127.0.0.1", prefixLength: 8, interface: 1, scope: 254 },
    { family: "inet", address: "10.96.0.1", prefixLength: 32, interface: 2, scope: 0 },
    { family: "inet", address: "10.0.0.1", prefixLength: 32, interface: 3, scope: 0 },
    { family: "inet6", address: "fe80::fc:ff:fe00:1", prefixLength: 64, interface: 4, scope: 253 },
  ]);
});

test("neighbors are those with an IP address, and their state", async () => {
  assert.deepEqual(await open().client.neighbors(), [
    { family: "inet", address: "10.0.2.255", interface: 3, state: 2 },
    { family: "inet6", address: "2001:db8::5", interface: 3, state: 0x20 },
  ]);
});

test("rules are those of IPv4 and IPv6, with their firewall marks", async () => {
  assert.deepEqual(await open().client.rules(), [{ family: "inet" }, { family: "inet6", fwmark: 7 }]);
});

test("a message without its header, or without an attribute that every kernel sends, is malformed", async () => {
  const askWith = async (type: number, payload: string) => {
    const socket = new FakeSocket(([first]) =>
      first === undefined ? [] : [message(type, first.sequence, hex(payload), 2), done(first)],
    );
    const client = new RtnetlinkClient(connect(socket));
    return type === 16 ? client.links() : client.addresses();
  };
  await assert.rejects(askWith(16, "00000403"), { code: "EBADMSG" });
  await assert.rejects(askWith(16, "00000403010000004900010000000000 0800040000000100"), {
    message: /no interface name$/,
  });
  await assert.rejects(askWith(20, "020880fe01000000"), { message: /no address$/ });
  await assert.rejects(askWith(20, "0a4080fd04000000 08000100fe800000"), { message: /an IPv6 address of 4 bytes$/ });
});

const route = hex(
  "02200000fe000001 00000000 08000100cb007101 0800040003000000 080005000a000201 080007000a00020b 0c000800 08000800a0050000",
);

test("a route has its type, interface, router, source and metrics", () => {
  assert.deepEqual(decodeRoute("inet", payloadOf(route)), {
    type: "unicast",
    interface: 3,
    gateway: "10.0.2.1",
    source: "10.0.2.11",
    advmss: 1440,
  });
});

function payloadOf({ buffer, byteOffset, byteLength }: Uint8Array) {
  return { payload: new DataView(buffer, byteOffset, byteLength) };
}

/** The bytes with each of them changed in turn, and with each shorter length. */
function* damagesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let index = 0; index < bytes.length; index++) {
    yield bytes.slice(0, index);
    for (const value of [0, 2, 5, 10, 18, 255]) yield bytes.with(index, value);
  }
}

for (const [name, decode, payloads] of [
  ["link", decodeLink, links],
  ["address", decodeInterfaceAddress, addresses],
  ["neighbor", decodeNeighbor, neighbors],
  ["rule", decodeRule, rules],
  ["IPv4 route", (message: Pick<Message, "payload">) => decodeRoute("inet", message), [route]],
  ["IPv6 route", (message: Pick<Message, "payload">) => decodeRoute("inet6", message), [route]],
] as const) {
  test(`a damaged ${name} is read or malformed`, () => {
    for (const damaged of payloads.flatMap((bytes) => [...damagesOf(bytes)])) {
      try {
        decode(payloadOf(damaged));
      } catch (error) {
        assert.ok(error instanceof NetlinkError && error.code === "EBADMSG", `${toHex(damaged)}: ${String(error)}`);
      }
    }
  });
}
