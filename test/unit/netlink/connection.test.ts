import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeMessages,
  type Message,
  NLM_F_ACK,
  NLM_F_DUMP_INTR,
  NLM_F_MULTI,
  NLMSG_NOOP,
} from "../../../src/netlink/codec/message.js";
import { netlinkError } from "../../../src/netlink/codec/netlink-error.js";
import { connect, type NetlinkConnection } from "../../../src/netlink/connection.js";
import { concat, done, errorReply, hex, message } from "../../support/bytes.js";
import { type Answer, FakeSocket } from "../../support/fake-socket.js";

const FAMILY = 0x1c;
const payload = hex("01010000");
const ack = (to: Message) => errorReply(to, 0);
const part = (to: Message, digits: string, flags = 0) => message(FAMILY, to.sequence, hex(digits), NLM_F_MULTI | flags);
const isDump = ({ flags }: Message) => (flags & 0x300) !== 0;
const bytesOf = (replies: Message[]) => replies.map(({ payload }) => payload.getUint8(0));

/** A kernel that acknowledges requests with that flag, and refuses with the errno in the first byte. */
const obedient: Answer = (messages) =>
  messages.flatMap((to) => {
    const errno = to.type === NLMSG_NOOP ? 0 : to.payload.getUint8(0) - 1;
    return errno > 0 || to.flags & NLM_F_ACK ? [errorReply(to, errno)] : [];
  });

function only(answer: (to: Message) => Iterable<Uint8Array>): Answer {
  return ([to]) => (to ? answer(to) : []);
}

/** A single change; a refusal rejects. */
function execute(connection: NetlinkConnection, payload: Uint8Array): Promise<void> {
  return connection.execute(FAMILY, [payload]).then(([refusal]) => {
    if (refusal !== undefined) throw refusal;
  });
}

test("calls of one tick share a datagram and settle in order, refused ones among them", async () => {
  const socket = new FakeSocket(obedient);
  const connection = connect(socket);
  const settled: string[] = [];
  const calls = [[1], [1, 18, 1], [4, 1]].map((bytes, index) =>
    connection
      .execute(
        FAMILY,
        bytes.map((byte) => Uint8Array.of(byte, 1, 0, 0)),
      )
      .then((outcomes) => settled.push(`${index}: ${outcomes.map((outcome) => outcome?.code ?? "done")}`)),
  );
  await Promise.all(calls);
  assert.deepEqual(settled, ["0: done", "1: done,EEXIST,done", "2: ESRCH,done"]);
  assert.equal(socket.sent.length, 1);
  const flags = decodeMessages(socket.sent[0] ?? payload).map((sent) => sent.flags);
  assert.deepEqual(flags, [1, 1, 1, 1, 1, 1, 5], "only the barrier behind them asks for an acknowledgement");
});

test("changes wait for others of the same turn of the event loop; a query does not wait, and takes them along", async () => {
  const socket = new FakeSocket(obedient);
  const connection = connect(socket);
  let turns = 0;
  const turn = () => {
    turns++;
    setImmediate(turn).unref();
  };
  setImmediate(turn).unref();
  await connection.request(FAMILY, payload);
  assert.equal(turns, 0);
  const change = execute(connection, payload);
  await Promise.resolve();
  await connection.request(FAMILY, payload);
  await change;
  assert.deepEqual(
    socket.sent.map((datagram) => decodeMessages(datagram).length),
    [1, 2],
  );
  assert.equal(turns, 0);
});

test("a change that the kernel never answers, since its handler returned EINTR, holds nothing up", async () => {
  const socket = new FakeSocket((messages) => messages.filter(({ type }) => type === NLMSG_NOOP).map(ack));
  const connection = connect(socket);
  await execute(connection, payload);
  await execute(connection, payload);
  assert.equal(socket.sent.length, 2);
});

test("the answers to a datagram fit into the receive buffer even if everything is refused", async () => {
  const socket = new FakeSocket((messages) => messages.map((to) => errorReply(to, 17)), 65536);
  const connection = connect(socket);
  const results = await Promise.allSettled(Array.from({ length: 1000 }, () => execute(connection, payload)));
  assert.ok(results.every(({ status }) => status === "rejected"));
  for (const datagram of socket.sent) assert.ok(decodeMessages(datagram).length * 1024 <= 65536);
  const sent = socket.sent.flatMap((datagram) => decodeMessages(datagram));
  assert.equal(sent.filter(({ type }) => type === FAMILY).length, 1000);
  assert.deepEqual(
    sent.map(({ sequence }) => sequence),
    Array.from(sent, (_, index) => index + 1),
  );
});

test("changes that do not fit into one datagram take several, and their outcomes are in order", async () => {
  const socket = new FakeSocket(obedient);
  const connection = connect(socket);
  const settled: string[] = [];
  const payloads = Array.from({ length: 1000 }, (_, index) => Uint8Array.of(index % 10 === 7 ? 18 : 1, ...Array(99)));
  const changes = connection.execute(FAMILY, payloads).then((outcomes) => {
    settled.push("changes");
    return outcomes.map((outcome) => outcome?.code);
  });
  const question = connection.request(FAMILY, payload).then(() => settled.push("question"));
  assert.deepEqual(
    await changes,
    payloads.map((_, index) => (index % 10 === 7 ? "EEXIST" : undefined)),
  );
  await question;
  assert.deepEqual(settled, ["changes", "question"]);
  assert.ok(socket.sent.length > 3);
  const sent = socket.sent.flatMap((datagram) => decodeMessages(datagram)).filter(({ type }) => type === FAMILY);
  assert.deepEqual(
    bytesOf(sent),
    [...payloads, payload].map(([first]) => first),
  );
});

test("an empty list of changes settles at once", async () => {
  const socket = new FakeSocket(obedient);
  assert.deepEqual(await connect(socket).execute(FAMILY, []), []);
  assert.equal(socket.sent.length, 0);
});

test("outcomes from before the socket failed stay known", async () => {
  let datagrams = 0;
  const socket = new FakeSocket((messages, datagram) =>
    ++datagrams < 2 ? obedient(messages, datagram) : [netlinkError("ENOBUFS")],
  );
  const outcomes = await connect(socket).execute(
    FAMILY,
    Array.from({ length: 1000 }, (_, index) => Uint8Array.of(index === 3 ? 18 : 1, ...Array(99))),
  );
  const first = decodeMessages(socket.sent[0] ?? payload).length - 1;
  assert.deepEqual(
    outcomes.map((outcome) => outcome?.code),
    outcomes.map((_, index) => (index === 3 ? "EEXIST" : index < first ? undefined : "ENOBUFS")),
  );
});

test("no datagram is larger than 32 KiB", async () => {
  const socket = new FakeSocket(obedient, 1 << 24);
  const connection = connect(socket);
  const large = new Uint8Array(1000).fill(1);
  await Promise.all(Array.from({ length: 100 }, () => execute(connection, large)));
  assert.ok(socket.sent.length > 3);
  for (const datagram of socket.sent) assert.ok(datagram.length <= 32768);
  await assert.rejects(execute(connection, new Uint8Array(40000)), { code: "EMSGSIZE" });
});

for (const sendBufferSize of [4608, 16384]) {
  test(`a send buffer of ${sendBufferSize} bytes gets every change, in datagrams that fit`, async () => {
    const socket = new FakeSocket(obedient, undefined, sendBufferSize);
    const change = new Uint8Array(200).fill(1);
    const outcomes = await connect(socket).execute(FAMILY, Array<Uint8Array>(1000).fill(change));
    assert.equal(outcomes.length, 1000);
    assert.ok(outcomes.every((outcome) => outcome === undefined));
    // netlink_sendmsg() refuses a datagram of more than the buffer less 32 bytes (EMSGSIZE).
    assert.ok(socket.sent.every(({ length }) => length <= sendBufferSize - 32));
    assert.ok(socket.sent.some(({ length }) => length > sendBufferSize - 300));
  });
}

test("a query gets its replies, not those of others", async () => {
  const stale = message(FAMILY, 99, hex("63"));
  const notification = message(FAMILY, 0, hex("00"));
  const socket = new FakeSocket(
    only((to) => [notification, stale, message(1, to.sequence, hex("")), part(to, "07"), ack(to)]),
  );
  assert.deepEqual(bytesOf(await connect(socket).request(FAMILY, payload)), [7]);
});

test("dumps go one at a time, and later calls are sent after them", async () => {
  const socket = new FakeSocket((messages) =>
    messages.flatMap((to) =>
      isDump(to)
        ? [concat(part(to, "01"), part(to, "02")), part(to, "03"), done(to)]
        : to.flags & NLM_F_ACK
          ? [ack(to)]
          : [],
    ),
  );
  const connection = connect(socket);
  const order: string[] = [];
  await Promise.all([
    execute(connection, payload).then(() => order.push("first")),
    connection.dump(FAMILY, payload).then((replies) => order.push(`dump ${bytesOf(replies)}`)),
    connection.dump(FAMILY, payload).then((replies) => order.push(`dump ${bytesOf(replies)}`)),
    execute(connection, payload).then(() => order.push("last")),
  ]);
  assert.deepEqual(order, ["first", "dump 1,2,3", "dump 1,2,3", "last"]);
  assert.deepEqual(
    socket.sent.map((datagram) => decodeMessages(datagram).map(isDump)),
    [[false, true], [true], [false, false]],
  );
});

test("a dump that ends with an errno rejects, and so does one that is refused", async () => {
  const ended = connect(new FakeSocket(only((to) => [part(to, "01"), done(to, 12)])));
  await assert.rejects(ended.dump(FAMILY, payload), { code: "ENOMEM", errno: 12 });
  const refused = connect(new FakeSocket(only((to) => [errorReply(to, 1)])));
  await assert.rejects(refused.dump(FAMILY, payload), { code: "EPERM" });
});

test("an interrupted dump is requested again", async () => {
  let attempts = 0;
  const socket = new FakeSocket(
    only((to) => (++attempts < 3 ? [part(to, "01", NLM_F_DUMP_INTR), done(to)] : [part(to, "02"), done(to)])),
  );
  assert.deepEqual(bytesOf(await connect(socket).dump(FAMILY, payload)), [2]);
  assert.equal(attempts, 3);
});

test("a dump that is always interrupted rejects in the end, and the next call goes on", async () => {
  const socket = new FakeSocket((messages) =>
    messages.flatMap((to) => (isDump(to) ? [done(to, 0, NLM_F_DUMP_INTR)] : to.flags & NLM_F_ACK ? [ack(to)] : [])),
  );
  const connection = connect(socket);
  const dump = assert.rejects(connection.dump(FAMILY, payload), { code: "EINTR" });
  await execute(connection, payload);
  await dump;
  assert.equal(socket.sent.length, 11);
});

/** Two calls in flight and one after them. */
async function outcomes(answer: Answer): Promise<string[]> {
  const socket = new FakeSocket(answer);
  const connection = connect(socket);
  const calls = [connection.request(FAMILY, payload), connection.dump(FAMILY, payload), execute(connection, payload)];
  const results = await Promise.allSettled(calls);
  return results.map((result) => (result.status === "rejected" ? result.reason.code : "done"));
}

for (const [name, answer, code] of [
  ["lost replies", () => [netlinkError("ENOBUFS")], "ENOBUFS"],
  ["an overrun", only((to) => [message(4, to.sequence, hex(""))]), "ENOBUFS"],
  ["a truncated message", only((to) => [ack(to).subarray(0, 30)]), "EBADMSG"],
  ["a misaligned message", only((to) => [concat(hex("0000"), ack(to))]), "EBADMSG"],
  ["a stump of a message", () => [hex("1400")], "EBADMSG"],
  ["an error without an errno", only((to) => [message(2, to.sequence, hex("0000"))]), "EBADMSG"],
  ["an error with a positive number", only((to) => [errorReply(to, -5)]), "EBADMSG"],
  ["the end of a dump to a question", only((to) => [done(to)]), "EBADMSG"],
  ["an answer out of order", ([, second]) => (second ? [done(second)] : []), "EBADMSG"],
] as [string, Answer, string][]) {
  test(`${name}: every call that is not settled rejects with ${code}`, async () => {
    assert.deepEqual(await outcomes(answer), [code, code, code]);
  });
}

test("an acknowledgement of a dump does not end it", async () => {
  assert.deepEqual(await outcomes((messages) => messages.map(ack)), ["done", "EBADMSG", "EBADMSG"]);
});

test("a signal during a call to the socket changes nothing", async () => {
  let signals = 0;
  class Interrupted extends FakeSocket {
    override async send(datagram: Uint8Array): Promise<void> {
      if (signals++ === 0) throw netlinkError("EINTR");
      return super.send(datagram);
    }
  }
  const socket = new Interrupted((messages) => [netlinkError("EINTR"), ...messages.slice(-1).map(ack)]);
  await execute(connect(socket), payload);
  assert.equal(socket.sent.length, 1);
});

test("a socket that cannot send ends the connection", async () => {
  class Deaf extends FakeSocket {
    override async send(): Promise<void> {
      throw netlinkError("ECONNREFUSED");
    }
  }
  const socket = new Deaf(obedient);
  const connection = connect(socket);
  await assert.rejects(execute(connection, payload), { code: "ECONNREFUSED" });
  assert.ok(socket.closed);
  await assert.rejects(execute(connection, payload), { code: "ECONNREFUSED" });
});

test("closing rejects what is in flight and what comes later", async () => {
  const socket = new FakeSocket(() => []);
  const connection = connect(socket);
  const pending = assert.rejects(connection.request(FAMILY, payload), { code: "ECANCELED" });
  await new Promise(setImmediate);
  connection.close();
  await pending;
  assert.ok(socket.closed);
  await assert.rejects(execute(connection, payload), { code: "ECANCELED" });
});
