import assert from "node:assert/strict";
import { test } from "node:test";
import { openClient } from "../../../src/ipvs/open-client.js";
import { traceIpvs } from "../../../src/ipvs/trace.js";
import { encodeGeneric } from "../../../src/netlink/codec/generic.js";
import { NLM_F_MULTI, NLMSG_ERROR, NLMSG_NOOP } from "../../../src/netlink/codec/message.js";
import { connect } from "../../../src/netlink/connection.js";
import { concat, done, errorReply, hex, message, toHex } from "../../support/bytes.js";
import { type Answer, FakeSocket } from "../../support/fake-socket.js";
import { kernelInfo, kernelReply } from "../../support/kernel-attributes.js";

const family = 0x1c;

/** A kernel with one service, which refuses every change and explains it. */
const kernel: Answer = (messages) =>
  messages.flatMap((to) => {
    if (to.type === NLMSG_NOOP) return [errorReply(to, 0)];
    // The family's name and its number.
    const found = hex("01020000 09000200 49505653 00000000 06000100 1c000000");
    if (to.type === 16) return [message(16, to.sequence, found), errorReply(to, 0)];
    switch (to.payload.getUint8(0)) {
      case 15: {
        const version = encodeGeneric(14, 1, kernelInfo, { version: 0x010201, connectionTableSize: 4096 });
        return [message(family, to.sequence, version), errorReply(to, 0)];
      }
      case 4: {
        const service = {
          family: 2,
          protocol: 6,
          address: hex("0a000001 00000000 00000000 00000000"),
          port: 80,
          scheduler: "wlc",
          flags: hex("02000000 ffffffff"),
          timeout: 0,
          netmask: hex("ffffff00"),
          stats: { connections: 1 },
        };
        return [message(family, to.sequence, encodeGeneric(1, 1, kernelReply, { service }), NLM_F_MULTI), done(to)];
      }
      default:
        return [
          message(
            NLMSG_ERROR,
            to.sequence,
            concat(hex("ffffffff"), new Uint8Array(16), hex("08000100 6e6f7065")),
            0x300,
          ),
        ];
    }
  });

test("every message is printed with the names and values of its attributes", async () => {
  const lines: string[] = [];
  const socket = new FakeSocket(kernel);
  const client = await openClient(connect(traceIpvs(socket, (line) => lines.push(line))));
  await client.serviceSettings();
  const key = { family: "inet6", fwmark: 7 } as const;
  await client.change([
    { command: "delete-service", service: key },
    {
      command: "start-daemon",
      daemon: { state: "master", interface: "eth0", syncId: 5, multicastGroup: "224.0.0.81" },
    },
  ]);
  client.close();
  assert.ok(socket.closed);
  assert.deepEqual(lines, [
    'sent 1: CTRL_CMD_3 REQUEST ACK {familyName: "IPVS"}',
    'received 1: CTRL_CMD_1 {familyName: "IPVS", familyId: 28}',
    "received 1: NLMSG_ERROR 0",
    "sent 2: IPVS_CMD_GET_INFO REQUEST ACK {}",
    "received 2: IPVS_CMD_SET_INFO {version: 66049, connectionTableSize: 4096}",
    "received 2: NLMSG_ERROR 0",
    "sent 3: IPVS_CMD_GET_SERVICE REQUEST DUMP {}",
    'received 3: IPVS_CMD_NEW_SERVICE MULTI {service: {family: "inet", protocol: "tcp", address: 10.0.0.1, port: 80,' +
      ' scheduler: "wlc", flags: 2, timeout: 0, netmask: 255.255.255.0, stats: {connections: 1}}}',
    "received 3: NLMSG_DONE 0",
    'sent 4: IPVS_CMD_DEL_SERVICE REQUEST {service: {family: "inet6", fwmark: 7, scheduler: "", flags: 0, timeout: 0,' +
      " netmask: 128}}",
    'sent 5: IPVS_CMD_NEW_DAEMON REQUEST {daemon: {state: "master", interface: "eth0", syncId: 5,' +
      " multicastGroup: e0000051}}",
    "sent 6: NLMSG_NOOP REQUEST ACK",
    'received 4: NLMSG_ERROR EPERM "nope"',
    'received 5: NLMSG_ERROR EPERM "nope"',
    "received 6: NLMSG_ERROR 0",
  ]);
});

test("bytes that cannot be decoded are printed as they are, and handed on", async () => {
  const lines: string[] = [];
  const socket = new FakeSocket(() => []);
  const traced = traceIpvs(socket, (line) => lines.push(line));
  assert.equal(traced.receiveBufferSize, socket.receiveBufferSize);
  const arrivals = [hex("1400"), message(99, 1, hex("0102")), message(16, 2, hex("0102"))];
  socket.arrive(...arrivals);
  for (const arrival of arrivals) assert.deepEqual(await traced.receive(), arrival);
  const request = message(16, 3, hex("03010000 ff000200"));
  await traced.send(request);
  assert.deepEqual(socket.sent, [request]);
  assert.deepEqual(
    lines.map((line) => line.replace(/NetlinkError: .*:/, "NetlinkError:")),
    [
      "received: NetlinkError: 1400",
      "received 1: type 99 0102",
      `received: NetlinkError: ${toHex(arrivals[2] ?? hex(""))}`,
      `sent: NetlinkError: ${toHex(request)}`,
    ],
  );
});
