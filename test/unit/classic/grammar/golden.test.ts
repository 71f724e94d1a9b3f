import assert from "node:assert/strict";
import { test } from "node:test";
import type { Invocation } from "../../../../src/classic/grammar/invocation.js";
import { OptionError } from "../../../../src/classic/grammar/option-error.js";
import { parseCommandLine } from "../../../../src/classic/grammar/parse.js";
import { renderHelp, renderHint, renderVersion } from "../../../../src/classic/grammar/usage.js";
import { splitRestoreLine } from "../../../../src/classic/restore/split-line.js";
import { UsageError } from "../../../../src/cli/usage-error.js";
import { readJsonLines, resolver } from "../../../support/fixtures.js";
import type { GoldenRow } from "../../../support/golden.js";

const context = { programName: "/sbin/ipvsadm", resolver };

/** Sentences of the kernel's refusals, which no parser can know. */
const refusal =
  /^(No such (service|destination|device)|Service (already exists|not defined)|Destination already exists|Scheduler or persistence engine not found|Daemon has already run|No daemon is running|Numerical result out of range)$/;

/** What the original crashes on: ours is a clear error. */
const crash = (row: GoldenRow) => row.status === null;

async function parse(args: readonly string[]): Promise<Invocation | UsageError> {
  return parseCommandLine(args, context).catch((error: unknown) => {
    if (error instanceof UsageError) return error;
    throw error;
  });
}

const rows = readJsonLines<GoldenRow>("cases/golden.jsonl");
const isRefused = (row: GoldenRow) => refusal.test((row.stderr ?? "").trimEnd());
const title = (row: GoldenRow) =>
  `${JSON.stringify(row.args).slice(0, 120)} ${JSON.stringify(row.stdin ?? "").slice(0, 60)}`;

test("every fault has the message and the status of the original", async () => {
  for (const row of rows.filter((row) => row.stdin === undefined || row.args.length !== 1)) {
    const result = await parse(row.args);
    const fault = result instanceof UsageError ? { stderr: `${result.message}\n`, status: result.status } : undefined;
    if (crash(row)) {
      assert.match(fault?.stderr ?? "", /^invalid scheduler flag/, title(row));
    } else {
      const expected =
        row.stderr === undefined || isRefused(row) ? undefined : { stderr: row.stderr, status: row.status };
      assert.deepEqual(fault, expected, title(row));
    }
  }
});

test("help and version print what the original prints", async () => {
  const texts = { help: renderHelp(context.programName), version: renderVersion() };
  let seen = 0;
  for (const row of rows.filter((row) => row.stdin === undefined)) {
    const result = await parse(row.args);
    if (result instanceof UsageError || (result.command !== "help" && result.command !== "version")) continue;
    assert.equal(texts[result.command], row.stdout, title(row));
    assert.equal(row.status, 0);
    seen++;
  }
  assert.ok(seen > 10);
});

/** What of a rule its saved line can tell. */
function comparable(invocation: Invocation): unknown {
  if (invocation.command === "add-service" || invocation.command === "edit-service") {
    const { persistent, timeout, netmask, engine, ...service } = invocation.service;
    // The kernel names the flags of sh and mh; it saves a third flag of theirs as nothing.
    const schedulerFlags = /^[sm]h$/.test(service.scheduler)
      ? service.schedulerFlags.filter((flag) => flag < 3)
      : service.schedulerFlags;
    return { ...service, schedulerFlags, engine, persistence: persistent && { timeout, netmask } };
  }
  if (invocation.command === "add-destination" || invocation.command === "edit-destination") {
    const { upperThreshold, lowerThreshold, ...destination } = invocation.destination;
    return { service: invocation.service, destination };
  }
  return invocation;
}

test("what is added and edited is what the kernel then holds", async () => {
  let seen = 0;
  for (const row of rows.filter((row) => row.save && row.stdin === undefined && /^-[AEae]/.test(row.args[0] ?? ""))) {
    const before = row.setup?.length ?? 0;
    const line = (row.save ?? "")
      .trimEnd()
      .split("\n")
      .at(-1)
      ?.replace(/-f (-\d+)/, (_, mark: string) => `-f ${Number(mark) >>> 0}`)
      .replace(/ -b$/, "");
    const saved = await parse(splitRestoreLine(line ?? ""));
    const given = await parse(row.args);
    assert.ok(!(saved instanceof UsageError) && !(given instanceof UsageError), title(row));
    assert.deepEqual(comparable(given), comparable(saved), `${title(row)} ${before}`);
    seen++;
  }
  assert.ok(seen > 250, `${seen}`);
});

test("thresholds, timeouts and daemons are what the kernel then holds", async () => {
  let seen = 0;
  for (const row of rows.filter((row) => row.stdin === undefined && row.status === 0)) {
    const given = await parse(row.args);
    assert.ok(!(given instanceof UsageError), title(row));
    if (given.command === "set-timeouts") {
      const kept = row.timeouts?.match(/\d+/g)?.map(Number) ?? [900, 120, 300];
      const { tcp, tcpFin, udp } = given.timeouts;
      assert.deepEqual([tcp || kept[0], tcpFin || kept[1], udp || kept[2]], kept, title(row));
    } else if (given.command === "start-daemon") {
      const { state, interface: name, syncId, ...wanted } = given.daemon;
      const line = row.daemons?.split("\n").find((text) => text.startsWith(state)) ?? "";
      const [, ...held] = /mcast=(.*), syncid=(.*), maxlen=(.*), group=(.*), port=(.*), ttl=(.*)\)/.exec(line) ?? [];
      const [, , length, group, port, ttl] = held;
      assert.deepEqual([name, `${syncId}`], held.slice(0, 2), title(row));
      assert.equal(wanted.multicastGroup ?? group, group, title(row));
      assert.equal(`${wanted.multicastPort ?? port}`, port, title(row));
      assert.equal(`${wanted.multicastTtl ?? ttl}`, ttl, title(row));
      // A backup never takes less than 1024.
      if (state === "master") assert.equal(`${wanted.syncMaxLength ?? length}`, length, title(row));
    } else if (given.command === "add-destination" && row.thresholds) {
      const [, upper, lower] = /->\s+\S+\s+(\d+)\s+(\d+)/.exec(row.thresholds) ?? [];
      const { upperThreshold, lowerThreshold } = given.destination;
      // Without a lower limit the kernel keeps three quarters of the upper one to itself, and prints 0.
      assert.deepEqual([`${upperThreshold}`, `${lowerThreshold}`], [upper, lower], title(row));
    } else continue;
    seen++;
  }
  assert.ok(seen > 150, `${seen}`);
});

test("a restore stops at the same line with the same messages", async () => {
  let seen = 0;
  for (const row of rows.filter((row) => row.stdin !== undefined && row.args.join() === "-R" && !crash(row))) {
    const messages: string[] = [];
    for (const line of (row.stdin ?? "").split("\n")) {
      const words = splitRestoreLine(line);
      if (words.length === 0) continue;
      const result = await parse(words);
      if (result instanceof UsageError) messages.push(result.message);
      else if (result.command === "restore") messages.push(renderHint(context.programName));
      else if (result.command !== "help" && result.command !== "version") continue;
      if (!(result instanceof UsageError) || !(result instanceof OptionError)) break;
    }
    const printed = (row.stderr ?? "").split("\n").filter((line) => line !== "" && !refusal.test(line));
    assert.deepEqual(messages, printed, title(row));
    seen++;
  }
  assert.ok(seen > 80, `${seen}`);
});
