import assert from "node:assert/strict";
import { test } from "node:test";
import { OptionError } from "../../../../src/classic/grammar/option-error.js";
import { parseCommandLine } from "../../../../src/classic/grammar/parse.js";
import { splitRestoreLine } from "../../../../src/classic/restore/split-line.js";
import { UsageError } from "../../../../src/cli/usage-error.js";
import { readJsonLines, resolver } from "../../../support/fixtures.js";

/** A command of the corpus and the original's answer; stdout and stderr hold one character a byte. */
interface CorpusRow {
  readonly args: readonly string[];
  readonly stdin: string | null;
  readonly status: number;
  readonly stderr: string;
}

const rows = readJsonLines<CorpusRow>("cases/corpus.golden.jsonl");

async function fault(words: readonly string[]): Promise<UsageError | undefined> {
  try {
    await parseCommandLine(words, { programName: "ipvsadm", resolver });
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

test("real command lines are accepted and refused as by the original", async () => {
  for (const { args, status, stderr } of rows.filter(({ args }) => args.join() !== "-R")) {
    const found = await fault(args);
    const answer = { stderr: Buffer.from(stderr, "latin1").toString(), status };
    // 0, 1 and the sentences of other 255s are the kernel's answers.
    const byGrammar = status === 2 || (status === 255 && /^Try|: (unknown option|missing argument)$/m.test(stderr));
    assert.deepEqual(
      found && { stderr: `${found.message}\n`, status: found.status },
      byGrammar ? answer : undefined,
      JSON.stringify(args),
    );
  }
});

test("real rule files stop where the original stops", async () => {
  const restores = rows.filter(({ args, stdin }) => args.join() === "-R" && stdin !== null);
  assert.ok(restores.length > 50);
  for (const { stdin, status, stderr } of restores) {
    const lines = (stdin ?? "").split("\n").map(splitRestoreLine);
    const faults = await Promise.all(lines.filter((words) => words.length > 0).map(fault));
    const last = faults.find((error) => error !== undefined && !(error instanceof OptionError));
    if (last === undefined) {
      assert.notEqual(status, 2, stdin ?? "");
      continue;
    }
    assert.equal(last.status, status, stdin ?? "");
    // The recording gave bytes beyond ASCII to -R as question marks.
    assert.ok(stderr.endsWith(`${last.message.replaceAll(/[^\0-\x7f]/g, "?")}\n`), `${stdin} ${stderr}`);
  }
});
