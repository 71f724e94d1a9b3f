import assert from "node:assert/strict";
import { test } from "node:test";
import { readLines } from "../../../../src/classic/restore/byte-lines.js";
import { recognizeInput } from "../../../../src/classic/restore/input-kind.js";

async function* chunksOf(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const kinds: readonly [what: string, bytes: Buffer, kind: "document" | "lines"][] = [
  ["an object", Buffer.from(' \r\n\t{"a":1}'), "document"],
  ["a list", Buffer.from("\n[]"), "document"],
  ["a byte order mark", Buffer.from("\ufeff{}"), "document"],
  ["UTF-16, little-endian", Buffer.from("\ufeff{}", "utf16le"), "document"],
  ["UTF-16, big-endian", Buffer.from("\ufeff{}", "utf16le").swap16(), "document"],
  ["UTF-16 without a mark", Buffer.from("{}", "utf16le"), "document"],
  ["UTF-16 without a mark, big-endian", Buffer.from("{}", "utf16le").swap16(), "document"],
  ["a rule", Buffer.from("-A -t 10.0.0.1:80 -s [\n"), "lines"],
  ["a comment", Buffer.from("# {\n"), "lines"],
  ["nothing", Buffer.from(""), "lines"],
  ["blanks", Buffer.from(" \n \n"), "lines"],
  ["a beginning like a mark's", Buffer.from([0xef, 0xbb, 0x41]), "lines"],
];

for (const [what, bytes, kind] of kinds) {
  test(`${what} is a restore's ${kind}, however it arrives, and nothing of it is lost`, async () => {
    for (const size of [1, 2, 5, 1000]) {
      const input = await recognizeInput(chunksOf(bytes, size));
      assert.ok(kind in input, `in chunks of ${size}`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of "document" in input ? input.document : input.lines) chunks.push(chunk);
      assert.ok(Buffer.concat(chunks).equals(bytes));
    }
  });
}

test("lines are whole, wherever the chunks are cut, and as long as they may be", async () => {
  const long = "x".repeat(4_000_000);
  const text = `a\n\n${long}\nb`;
  for (const size of [1_000, 65_536, text.length]) {
    const lines: string[] = [];
    for await (const some of readLines(chunksOf(Buffer.from(text), size))) lines.push(...some);
    assert.deepEqual(
      lines.map((line) => line.length),
      [1, 0, long.length, 1],
    );
  }
});
