/**
 * Random tables and damaged documents, restored into a real kernel and saved again. Runs in the guest:
 * JSON_KERNEL="[FIRST-SEED [TABLES [DOCUMENTS [PAIRS]]]]"
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, test } from "node:test";
import { runClassic } from "../../src/classic/run/classic.js";
import { runRestore, runSave } from "../../src/classic/run/scripts.js";
import { parseDocumentBytes } from "../../src/format/json/read-document.js";
import type { Host } from "../../src/host/host.js";
import { sortTable } from "../../src/model/order.js";
import { damageDocument } from "../support/damage.js";
import { Random } from "../support/random.js";
import { randomSuccessor, randomTable, type Whole, kernelWords as words } from "../support/random-table.js";
import { type ProgramResult, runOnKernel } from "../support/real-host.js";
import { saveText } from "../support/texts.js";

const [firstSeed = 1, tables = 150, documents = 300, pairs = 50] = (process.env.JSON_KERNEL ?? "")
  .split(" ")
  .filter(Boolean)
  .map(Number);

function run(program: (host: Host) => Promise<number>, stdin = ""): Promise<ProgramResult> {
  return runOnKernel(program, [stdin]);
}

async function save(): Promise<string> {
  const { status, stdout, stderr } = await run((host) => runSave(["--json"], host));
  assert.equal(status, 0, stderr);
  return stdout;
}

const restore = (text: string) => run((host) => runRestore([], host), text);
const ipvsadm = (...args: string[]) => run((host) => runClassic("ipvsadm", args, host));

before(() => {
  for (const line of ["link add eth0 type dummy", "address add 10.9.9.1/24 dev eth0", "link set eth0 up"]) {
    execFileSync("/sbin/ip", line.split(" "));
  }
});

/** Restores the document of a table, and expects the kernel's table to be that. Returns what is saved then. */
async function restoreTable({ services, timeouts, daemons }: Whole, about: string): Promise<string> {
  const wanted = saveText({ services: sortTable(services), timeouts, daemons });
  assert.deepEqual(await restore(wanted), { status: 0, stdout: "", stderr: "" }, `${about}: ${wanted}`);
  const saved = await save();
  const { daemons: running, ...rest } = JSON.parse(saved);
  const { daemons: started, ...others } = JSON.parse(wanted);
  assert.deepEqual(rest, others, about);
  // What was left to the kernel is known now.
  assert.deepEqual(
    running.map((daemon: object, index: number) => ({ ...daemon, ...started[index] })),
    running,
    about,
  );
  return saved;
}

test(`${tables} tables restore to themselves`, async () => {
  for (let seed = firstSeed; seed < firstSeed + tables; seed++) {
    const saved = await restoreTable(randomTable(new Random(seed), words), `seed ${seed}`);
    assert.equal((await restore(saved)).status, 0, `seed ${seed}`);
    assert.equal(await save(), saved, `seed ${seed}`);
  }
});

test(`${pairs} tables become tables that have something of them`, async () => {
  for (let seed = firstSeed; seed < firstSeed + pairs; seed++) {
    const random = new Random(seed);
    const first = randomTable(random, words);
    await restoreTable(first, `seed ${seed}, before`);
    await restoreTable(randomSuccessor(random, first, words), `seed ${seed}, after`);
  }
});

test("rules say the same before and after a document", async () => {
  for (let seed = firstSeed; seed < firstSeed + 20; seed++) {
    await restore(saveText(randomTable(new Random(seed), words)));
    // Rules cannot say everything, such as a port of its own for a server that is not masqueraded: first what they can.
    await restore((await ipvsadm("-Sn")).stdout);
    const rules = await ipvsadm("-Sn");
    const document = await save();
    await ipvsadm("-C");
    assert.equal((await restore(document)).status, 0, `seed ${seed}`);
    assert.deepEqual(await ipvsadm("-Sn"), rules, `seed ${seed}`);
  }
});

test(`${documents} damaged documents change nothing, or restore to themselves`, async () => {
  const seen = { refused: 0, taken: 0 };
  for (let seed = firstSeed; seed < firstSeed + documents; seed++) {
    const random = new Random(seed);
    const text = damageDocument(saveText(randomTable(random, words)), random);
    const earlier = await save();
    const { status, stderr: error } = await restore(text);
    const later = await save();
    const about = `seed ${seed}: ${error}${text}`;
    if (status === 2) {
      seen.refused++;
      assert.match(error, /^[^\n]+: [^\n]+\n$|^the document has none/, about);
      assert.equal(later, earlier, about);
      continue;
    }
    // 255: the kernel refused a part.
    if (status === 0) {
      seen.taken++;
      const { services } = parseDocumentBytes(Buffer.from(text));
      if (services) assert.equal(parseDocumentBytes(Buffer.from(later)).services?.length, services.length, about);
    }
    assert.equal((await restore(later)).status, 0, about);
    assert.equal(await save(), later, about);
  }
  assert.ok(seen.refused > documents / 4 && seen.taken > documents / 20, JSON.stringify(seen));
});
