import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rows } from "../../../src/netlink/codec/fast/rows.js";
import { type Message, NLM_F_DUMP_INTR, NLM_F_MULTI } from "../../../src/netlink/codec/message.js";
import { connect } from "../../../src/netlink/connection.js";
import { concat, done, hex, message } from "../../support/bytes.js";
import { FakeSocket } from "../../support/fake-socket.js";

const FAMILY = 0x1c;
const payload = hex("01010000");
const part = (to: Message, digits: string, flags = 0) => message(FAMILY, to.sequence, hex(digits), NLM_F_MULTI | flags);

/** Keeps the first word of each row. */
class FirstWords implements Rows {
  words: number[] = [];
  missed = false;

  take(words: Uint32Array, start: number, length: number): void {
    assert.equal(length, 4);
    this.words.push(words[start] ?? -1);
  }

  miss(): void {
    this.missed = true;
  }

  restart(): void {
    this.words = [];
    this.missed = false;
  }
}

const first = hex("01000000");
const isDump = ({ flags }: Message) => (flags & 0x300) !== 0;

test("rows come in order, over several datagrams, whatever their alignment", async () => {
  const unaligned = (bytes: Uint8Array) => new Uint8Array([0, ...bytes]).subarray(1);
  for (const place of [(bytes: Uint8Array) => bytes, unaligned]) {
    const socket = new FakeSocket(([to]) =>
      to ? [place(concat(part(to, "01000000"), part(to, "02000000"))), place(part(to, "03000000")), done(to)] : [],
    );
    const rows = new FirstWords();
    await connect(socket).dumpRows(FAMILY, [payload], [rows]);
    assert.deepEqual([rows.words, rows.missed], [[1, 2, 3], false]);
  }
});

test("rows of a dump that was sent with changes, which succeed silently", async () => {
  const socket = new FakeSocket((messages) => {
    const dump = messages.find(isDump);
    return dump ? [concat(part(dump, "01000000"), done(dump))] : [];
  });
  const connection = connect(socket);
  const rows = new FirstWords();
  const settled: string[] = [];
  await Promise.all([
    connection.execute(FAMILY, [payload, payload]).then((outcomes) => settled.push(`${outcomes.length} changes`)),
    connection.dumpRows(FAMILY, [payload], [rows]).then(() => settled.push("rows")),
  ]);
  assert.deepEqual([rows.words, rows.missed, settled], [[1], false, ["2 changes", "rows"]]);
});

test("an interrupted dump starts over", async () => {
  let attempts = 0;
  const socket = new FakeSocket(([to]) => {
    if (!to) return [];
    const flags = attempts++ === 0 ? NLM_F_DUMP_INTR : 0;
    return [concat(part(to, "01000000"), part(to, "02000000", flags), done(to))];
  });
  const rows = new FirstWords();
  await connect(socket).dumpRows(FAMILY, [payload], [rows]);
  assert.deepEqual([attempts, rows.words, rows.missed], [2, [1, 2], false]);
});

test("tables come one after the other, and one that is interrupted starts over", async () => {
  const asked: string[] = [];
  const socket = new FakeSocket((messages) => {
    assert.equal(messages.length, 1, "one dump at a time");
    const [to] = messages;
    if (!to) return [];
    const word = Buffer.from(to.payload.buffer, to.payload.byteOffset, to.payload.byteLength).toString("hex");
    const flags = word === "02000000" && !asked.includes(word) ? NLM_F_DUMP_INTR : 0;
    asked.push(word);
    return word === "03000000" ? [done(to)] : [concat(part(to, word, flags), part(to, word), done(to))];
  });
  const connection = connect(socket);
  const tables = Array.from({ length: 4 }, () => new FirstWords());
  const settled: string[] = [];
  await Promise.all([
    connection
      .dumpRows(FAMILY, [hex("01000000"), hex("02000000"), hex("03000000"), hex("04000000")], tables)
      .then(() => settled.push("tables")),
    connection.dump(FAMILY, hex("05000000")).then((replies) => settled.push(`${replies.length} messages`)),
  ]);
  assert.deepEqual(asked, ["01000000", "02000000", "02000000", "03000000", "04000000", "05000000"]);
  assert.deepEqual(
    tables.map(({ words, missed }) => [words, missed]),
    [
      [[1, 1], false],
      [[2, 2], false],
      [[], false],
      [[4, 4], false],
    ],
  );
  assert.deepEqual(settled, ["tables", "2 messages"]);
  await connection.dumpRows(FAMILY, [], []);
});

test("a table that is refused rejects all of them, and the next call goes on", async () => {
  let count = 0;
  const socket = new FakeSocket(([to]) =>
    to ? [++count === 2 ? done(to, 3) : concat(part(to, "01000000"), done(to))] : [],
  );
  const connection = connect(socket);
  const tables = Array.from({ length: 3 }, () => new FirstWords());
  const [refused, next] = await Promise.allSettled([
    connection.dumpRows(FAMILY, [payload, payload, payload], tables),
    connection.dump(FAMILY, payload),
  ]);
  assert.equal(refused.status === "rejected" && refused.reason.code, "ESRCH");
  assert.equal(next.status === "fulfilled" && next.value.length, 1);
  assert.equal(count, 3, "the third table is not asked for");
});

test("a message that is not a row is missed, and a refusal rejects", async () => {
  const odd = new FakeSocket(([to]) =>
    to ? [concat(part(to, "01000000"), message(FAMILY + 1, to.sequence, first, NLM_F_MULTI), done(to))] : [],
  );
  const rows = new FirstWords();
  await connect(odd).dumpRows(FAMILY, [payload], [rows]);
  assert.deepEqual([rows.words, rows.missed], [[1], true]);
  await assert.rejects(
    connect(new FakeSocket(([to]) => (to ? [done(to, 1)] : []))).dumpRows(FAMILY, [payload], [rows]),
    {
      code: "EPERM",
    },
  );
});
