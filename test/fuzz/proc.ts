import assert from "node:assert/strict";
import { listConnections } from "../../src/classic/run/list-connections.js";
import type { ListFormat } from "../../src/format/text/list-format.js";
import { renderPlainEntries } from "../../src/format/text/listing.js";
import { type RuleEntry, renderRules } from "../../src/format/text/rule-lines.js";
import { numericNames } from "../../src/format/text/shown-names.js";
import { families, type Service } from "../../src/model/table.js";
import { parseConnections } from "../../src/proc/proc-connections.js";
import { ProcError } from "../../src/proc/proc-error.js";
import { parseLiveCounters, parseStats } from "../../src/proc/proc-stats.js";
import { findServerRows, parseTable, type ServiceRow } from "../../src/proc/proc-table.js";
import { evidentFamily, rowServiceKey, toWatchedService } from "../../src/watch/reading/proc-rows.js";
import { parseRecords, type ServiceRecord } from "../../src/watch/reading/table-records.js";
import { makeHost } from "../support/fake-host.js";
import type { Random } from "../support/random.js";
import { listText } from "../support/texts.js";
import { damageText } from "./damage-text.js";
import { defineFuzzer } from "./fuzzer.js";
import { type ProcFile, procFiles, procText } from "./proc-texts.js";
import { shorter } from "./shrink.js";

/*
 * Texts of /proc/net that no kernel writes. Each is read, or refused with a ProcError; all readers of a file agree about it;
 * and what the fast paths make of its rows is what the general paths make of them.
 */

interface Input {
  readonly file: ProcFile;
  /** What is read, as a byte string. */
  readonly text: string;
  /** What was read before: a text without a fault; empty for none. */
  readonly before: string;
  /** The length of the chunks in which the text arrives. */
  readonly chunkLength: number;
}

function generate(random: Random): Input {
  const file = random.pick([...procFiles, "ip_vs", "ip_vs_conn"] as const);
  const before = procText(file, random);
  const text = damageText(before, random.pick([0, 1, 1, 1, 2, 4]), random);
  return { file, text, before, chunkLength: random.pick([1, 7, 64, 100, 100_000]) };
}

/** What a reader makes of the text: a value, or the error's message. */
function attempt<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProcError)) throw error;
    return error.message;
  }
}

async function run(input: Input): Promise<string> {
  const isRead = await readers[input.file](input);
  if (input.text === input.before && input.text !== "") assert.ok(isRead, "a kernel's own text is refused");
  return `${input.file} ${isRead ? "read" : "refused"}`;
}

/** Reads the file in every way there is, and compares; returns whether it can be read. */
const readers: Readonly<Record<ProcFile, (input: Input) => boolean | Promise<boolean>>> = {
  ip_vs: readTable,
  ip_vs_conn: readConnections,
  ip_vs_stats: ({ text }) => isRead(text, parseStats),
  ip_vs_stats_percpu: ({ text }) => isRead(text, parseLiveCounters),
};

function isRead(text: string, parse: (text: string) => object): boolean {
  const value = attempt(() => parse(text));
  if (typeof value === "string") return false;
  checkNumbers(value);
  return true;
}

/** Every number in a value is one that a kernel can have counted. */
function checkNumbers(value: unknown): void {
  if (typeof value === "number") assert.ok(Number.isSafeInteger(value), `${value}`);
  if (typeof value === "bigint") assert.ok(value >= 0n);
  if (typeof value === "object" && value !== null) for (const member of Object.values(value)) checkNumbers(member);
}

function readTable({ text, before }: Input): boolean {
  const rows = attempt(() => parseTable(text));
  const records = (known: ReadonlyMap<string, ServiceRecord>) =>
    attempt(() => parseRecords(Buffer.from(text, "latin1"), known).services.map(({ row }) => row));
  const known = before === "" ? [] : parseRecords(Buffer.from(before, "latin1"), new Map()).services;
  const fresh = records(new Map());
  assert.deepEqual(records(new Map(known.map((record) => [record.text, record]))), fresh, "known records");
  if (typeof rows === "string") {
    assert.equal(typeof fresh, "string", "the watcher reads what the listing refuses");
    return false;
  }
  assert.deepEqual(fresh, rows, "the watcher and the listing");
  checkNumbers(rows);
  for (const row of rows) watch(row);
  compareListings(text, rows);
  return true;
}

function watch(row: ServiceRow): void {
  const family = evidentFamily(row) ?? "inet";
  const key = attempt(() => rowServiceKey(row, family));
  if (typeof key === "string") return;
  const service = toWatchedService(key, row, undefined);
  assert.deepEqual(toWatchedService(key, row, service), service);
}

const formats: readonly ListFormat[] = [true, false].map((sorted) => ({
  view: "plain",
  exact: false,
  numeric: true,
  sorted,
  persistentConnections: false,
}));

const settings = {
  scheduler: "wlc",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
  netmask: "255.255.255.255",
};

/** Lists the table by its rows, and by the servers that they mean. */
function compareListings(text: string, rows: readonly ServiceRow[]): void {
  for (const family of families) {
    const keys = attempt(() => rows.map((row) => rowServiceKey(row, family)));
    if (typeof keys === "string") return;
    const services = keys.map((key): Service => ({ ...key, ...settings }));
    const found = findServerRows(text, services);
    if (found === undefined) continue;
    const entries = found.map(([service, rows]) => ({ service, rows, destinations: rows.toServers() }));
    assert.deepEqual(
      entries.map(({ destinations }) => destinations),
      rows.map(({ servers }) => servers),
    );
    const general = entries.map(({ rows, ...entry }) => entry);
    for (const render of [renderRuleText, ...formats.map(renderList)]) {
      assert.equal(render(entries), render(general), "the fast path and the general path");
    }
  }
}

const renderRuleText = (entries: readonly RuleEntry[]) => toText(renderRules(entries, numericNames));

const renderList = (format: ListFormat) => (entries: readonly RuleEntry[]) =>
  toText(renderPlainEntries(entries, format, numericNames));

function toText(rendered: Iterable<string>): string {
  return [...rendered].map((line) => `${line}\n`).join("");
}

async function readConnections({ text, chunkLength }: Input): Promise<boolean> {
  const bytes = Buffer.from(text, "latin1");
  const whole = attempt(() => [...parseConnections([bytes])].flat());
  const pieces = attempt(() => [...parseConnections(chunks(bytes, chunkLength))].flat());
  assert.deepEqual(pieces, whole, "in chunks, and as a whole");
  const fast = await list(text, { ...connectionFormat, numeric: true });
  // There is no name, so everything is shown as a number.
  const general = await list(text, { ...connectionFormat, numeric: false });
  assert.deepEqual(fast, general, "the fast path and the general path");
  assert.equal(fast.error, typeof whole === "string" ? whole : undefined);
  if (typeof whole === "string") return false;
  checkNumbers(whole);
  await list(text, { ...connectionFormat, numeric: true, persistentConnections: true });
  assert.doesNotMatch(listText({ connections: [whole] }), /undefined|NaN/);
  return true;
}

function* chunks(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

const connectionFormat = { view: "plain", exact: false, sorted: true, persistentConnections: false } as const;

/** What `-Lc` prints for the text, and why it ends early. */
async function list(text: string, format: ListFormat): Promise<{ readonly output: string; readonly error?: string }> {
  const host = makeHost({ files: { ip_vs_conn: () => text } });
  try {
    await listConnections(format, host);
    return { output: host.output };
  } catch (error) {
    if (!(error instanceof ProcError)) throw error;
    return { output: host.output, error: error.message };
  }
}

function* simplify(input: Input): Generator<Input> {
  if (input.before !== "") yield { ...input, before: "" };
  const lines = input.text.split(/(?<=\n)/);
  for (const fewer of shorter(lines)) yield { ...input, text: fewer.join("") };
  if (input.text.length < 300) for (const text of shorter(input.text)) yield { ...input, text };
}

export const procFuzzer = defineFuzzer<Input>({
  name: "proc",
  outcomes: procFiles.flatMap((file) => [`${file} read`, `${file} refused`]),
  generate,
  run,
  simplify,
  render: JSON.stringify,
});
