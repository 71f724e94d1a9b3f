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
    await connect(socket).dumpRows(FAMILY, payload, rows);
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
    connection.dumpRows(FAMILY, payload, rows).then(() => settled.push("rows")),
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
  await connect(socket).dumpRows(FAMILY, payload, rows);
  assert.deepEqual([attempts, rows.words, rows.missed], [2, [1, 2], false]);
});

test("a message that is not a row is missed, and a refusal rejects", async () => {
  const odd = new FakeSocket(([to]) =>
    to ? [concat(part(to, "01000000"), message(FAMILY + 1, to.sequence, first, NLM_F_MULTI), done(to))] : [],
  );
  const rows = new FirstWords();
  await connect(odd).dumpRows(FAMILY, payload, rows);
  assert.deepEqual([rows.words, rows.missed], [[1], true]);
  await assert.rejects(connect(new FakeSocket(([to]) => (to ? [done(to, 1)] : []))).dumpRows(FAMILY, payload, rows), {
    code: "EPERM",
  });
});
