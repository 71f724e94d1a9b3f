import assert from "node:assert/strict";
import type { ListView } from "../../src/format/text/list-format.js";
import { renderEntries } from "../../src/format/text/listing.js";
import { renderRules } from "../../src/format/text/rule-lines.js";
import { renderDaemon, renderTimeouts } from "../../src/format/text/setting-lines.js";
import { numericNames } from "../../src/format/text/shown-names.js";
import type { IpvsClient } from "../../src/ipvs/client.js";
import { IpvsError } from "../../src/ipvs/ipvs-error.js";
import { openClient } from "../../src/ipvs/open-client.js";
import type { Daemon, TableEntry, Timeouts } from "../../src/model/table.js";
import { NetlinkError } from "../../src/netlink/codec/netlink-error.js";
import { connect } from "../../src/netlink/connection.js";
import { toHex } from "../support/bytes.js";
import { captures } from "../support/captures.js";
import { askForCounts, listCounted, toCountedServices } from "../support/counted.js";
import { ImpatientSocket } from "../support/fake-socket.js";
import { Random } from "../support/random.js";
import { randomTable, type Whole } from "../support/random-table.js";
import { listText } from "../support/texts.js";
import { type Answer, byteEdits, harmfulEdits, harmlessEdits, toDatagram } from "./edit-replies.js";
import { defineFuzzer } from "./fuzzer.js";
import { answer, kernelInfo } from "./model-kernel.js";
import { shorter } from "./shrink.js";

/*
 * Replies over netlink that are not as they should be, to a client that is opened and asked. What the client resolves to must
 * be a value that can be shown, what it rejects with an IpvsError; and edits that do no harm must change nothing.
 */

const editsByName = { ...harmlessEdits, ...harmfulEdits };
type AnswerEdit = keyof typeof editsByName;
type ByteEdit = keyof typeof byteEdits;
const harmless = Object.keys(harmlessEdits) as (keyof typeof harmlessEdits)[];
const harmful = [...Object.keys(harmfulEdits), ...Object.keys(byteEdits)] as (AnswerEdit | ByteEdit)[];

interface EditOrder {
  readonly kind: AnswerEdit | ByteEdit;
  /** Which of the answers it edits, the first is 0. */
  readonly exchange: number;
  readonly seed: number;
}

interface Input {
  readonly tableSeed: number;
  /** What is asked, in one go. */
  readonly calls: readonly CallName[];
  readonly edits: readonly EditOrder[];
}

interface Call {
  ask(client: IpvsClient, table: Whole): Promise<unknown>;
  /** The answer of an honest kernel. */
  expected(table: Whole): unknown;
}

const withoutMeasures = ({ service: { counters, rates, ...service } }: TableEntry) => service;
const changes = captures.flatMap(({ change }) => change ?? []);
/** Where the table is empty, the service of an empty key. */
const firstKey = ({ services: [first] }: Whole) => first?.service ?? ({ family: "inet", fwmark: 1 } as const);

const calls = {
  info: { ask: (client) => client.info(), expected: () => kernelInfo },
  services: {
    ask: (client) => client.services(),
    expected: ({ services }) => services.map(({ service }) => service),
  },
  serviceSettings: {
    ask: (client) => client.serviceSettings(),
    expected: ({ services }) => services.map(withoutMeasures),
  },
  service: {
    ask: async (client, table) => (table.services.length > 0 ? client.service(firstKey(table)) : undefined),
    expected: ({ services }) => services[0]?.service,
  },
  destinations: {
    ask: (client, table) => client.destinations(firstKey(table)),
    expected: ({ services }) => services[0]?.destinations ?? [],
  },
  destinationLoads: {
    ask: (client, table) => client.destinationLoads(firstKey(table)),
    expected: ({ services }) =>
      services[0]?.destinations.map(({ counters, rates, persistentConnections, ...load }) => load) ?? [],
  },
  countedServices: {
    ask: async (client) =>
      (await client.countedServices("rates")) ?? toCountedServices(await client.services(), "rates"),
    expected: ({ services }) =>
      toCountedServices(
        services.map(({ service }) => service),
        "rates",
      ),
  },
  countedServers: {
    ask: (client, table) => askForCounts(client, firstKey(table), "counters"),
    expected: ({ services }) => listCounted(services[0]?.destinations ?? [], "counters"),
  },
  timeouts: { ask: (client) => client.timeouts(), expected: ({ timeouts }) => timeouts },
  daemons: { ask: (client) => client.daemons(), expected: ({ daemons }) => daemons },
  change: { ask: (client) => client.change(changes), expected: () => changes.map(() => undefined) },
  "change one": { ask: (client) => client.change(changes.slice(0, 1)), expected: () => [undefined] },
} satisfies Readonly<Record<string, Call>>;
type CallName = keyof typeof calls;
const callNames = Object.keys(calls) as CallName[];

function generate(random: Random): Input {
  const kinds = random.chance(0.3) ? harmless : random.chance(0.5) ? harmful : [...harmless, ...harmful];
  const asked = Array.from({ length: 1 + random.below(3) }, () => random.pick(callNames));
  return {
    tableSeed: random.below(2 ** 32),
    calls: asked,
    edits: Array.from({ length: random.pick([1, 1, 1, 2, 3, 6]) }, () => ({
      kind: random.pick(kinds),
      // The first two open the client.
      exchange: random.chance(0.25) ? random.below(2) : 2 + random.below(asked.length),
      seed: random.below(2 ** 32),
    })),
  };
}

/** Far more than any exchange needs. */
const mostDatagrams = 100;

/** A kernel with the table whose answers are edited; keeps what it answered. */
function editedKernel({ edits }: Input, table: Whole) {
  const answered: (Uint8Array | NetlinkError)[][] = [];
  const socket = new ImpatientSocket((messages) => {
    const exchange = answered.length;
    assert.ok(exchange < mostDatagrams, "the client asks again and again");
    const ours = edits.filter((edit) => edit.exchange === exchange);
    const asked = { first: messages[0]?.sequence ?? 0, last: messages.at(-1)?.sequence ?? 0 };
    let edited: Answer = answer(messages, table);
    for (const { kind, seed } of ours) {
      if (kind in editsByName) edited = editsByName[kind as AnswerEdit](edited, new Random(seed), asked);
    }
    const arrivals = edited.map((datagram) => (datagram instanceof NetlinkError ? datagram : toDatagram(datagram)));
    for (const { kind, seed } of ours) {
      const random = new Random(seed);
      const position = random.below(arrivals.length);
      const bytes = arrivals[position];
      if (!(kind in byteEdits) || !(bytes instanceof Uint8Array)) continue;
      arrivals[position] = byteEdits[kind as ByteEdit](bytes, random);
    }
    answered.push(arrivals);
    return arrivals;
  });
  return { socket, answered };
}

async function run(input: Input): Promise<string> {
  const table = randomTable(new Random(input.tableSeed));
  const { socket } = editedKernel(input, table);
  const outcome = await settled(openClient(connect(socket)));
  const isHarmless = input.edits.every(({ kind }) => kind in harmlessEdits);
  if (outcome instanceof IpvsError) {
    assert.ok(!isHarmless, `harmless edits, but: ${explain(outcome)}`);
    return "no client";
  }
  const client = outcome;
  const ask = (name: CallName) => settled<unknown>(calls[name].ask(client, table));
  const outcomes = await Promise.all(input.calls.map(ask));
  for (const [index, name] of input.calls.entries()) {
    const outcome = outcomes[index];
    if (isHarmless) assert.deepEqual(outcome, calls[name].expected(table));
    else if (!(outcome instanceof IpvsError)) show(name, outcome);
  }
  // Whatever came before, the next call settles.
  await ask("timeouts");
  client.close();
  if (isHarmless) return "as it is";
  return outcomes.some((outcome) => outcome instanceof IpvsError) ? "refused" : "taken";
}

/** Turns of the event loop in which everything settles that ever does: no answer takes more than a few. */
const mostTurns = 10_000;

/** What a promise resolves to, or the IpvsError that it rejects with. */
async function settled<T>(promise: Promise<T>): Promise<T | IpvsError> {
  let isSettled = false;
  const outcome = promise
    .catch((error: unknown) => {
      if (!(error instanceof IpvsError)) throw error;
      // A connection makes a NetlinkError of whatever it meets.
      assert.doesNotMatch(explain(error), /(Type|Range|Reference|Assertion)Error/);
      return error;
    })
    .finally(() => {
      isSettled = true;
    });
  // Its rejection is for whom awaits it below.
  outcome.catch(() => {});
  for (let turn = 0; !isSettled; turn++) {
    assert.ok(turn < mostTurns, "the call never settles");
    await new Promise(setImmediate);
  }
  return outcome;
}

function explain(error: IpvsError): string {
  return `${error.operation}: ${error.message} (${error.cause instanceof Error ? error.cause.message : "no cause"})`;
}

const views: readonly ListView[] = ["plain", "stats", "rate", "thresholds", "persistent-conn", "tun-info"];

/** Shows what the client took for an answer, in all forms that there are. */
function show(name: CallName, value: unknown): void {
  const text = showValue(name, value);
  assert.doesNotMatch(text, /undefined|NaN|\[object/);
}

function showValue(name: CallName, value: unknown): string {
  switch (name) {
    case "services":
      return showTable((value as TableEntry["service"][]).map((service) => ({ service, destinations: [] })));
    case "service":
      return value === undefined ? "" : showTable([{ service: value as TableEntry["service"], destinations: [] }]);
    case "destinations": {
      const [entry] = randomTable(new Random(1)).services;
      return entry ? showTable([{ ...entry, destinations: value as TableEntry["destinations"] }]) : "";
    }
    case "timeouts":
      return renderTimeouts(value as Timeouts) + listText({ timeouts: value as Timeouts });
    case "daemons":
      return (value as Daemon[]).map(renderDaemon).join("") + listText({ daemons: value as Daemon[] });
    case "change":
    case "change one": {
      const outcomes = value as unknown[];
      assert.equal(outcomes.length, name === "change" ? changes.length : 1);
      for (const outcome of outcomes) assert.ok(outcome === undefined || outcome instanceof IpvsError);
      return "";
    }
    default:
      return "";
  }
}

function showTable(services: readonly TableEntry[]): string {
  const format = { exact: false, numeric: true, sorted: true, persistentConnections: false };
  const lists = views.flatMap((view) => [...renderEntries(services, { ...format, view }, numericNames)]);
  return [listText({ services }), ...lists, ...renderRules(services, numericNames)].join("\n");
}

function* simplify(input: Input): Generator<Input> {
  for (const edits of shorter(input.edits)) yield { ...input, edits };
  for (const calls of shorter(input.calls)) if (calls.length > 0) yield { ...input, calls };
  if (input.tableSeed > 0) yield { ...input, tableSeed: 0 };
}

/** The input, and the datagrams that it makes of the kernel's answers. */
async function renderWithDatagrams(input: Input): Promise<string> {
  const table = randomTable(new Random(input.tableSeed));
  const { socket, answered } = editedKernel(input, table);
  const client = await settled(openClient(connect(socket))).catch(() => undefined);
  if (client && !(client instanceof IpvsError)) {
    for (const name of input.calls) await settled<unknown>(calls[name].ask(client, table)).catch(() => {});
  }
  const lines = answered.map((arrivals, exchange) =>
    arrivals
      .map((arrival) => `\n  ${exchange}: ${arrival instanceof Uint8Array ? toHex(arrival) : arrival.code}`)
      .join(""),
  );
  return JSON.stringify(input) + lines.join("");
}

export const netlinkFuzzer = defineFuzzer<Input>({
  name: "netlink",
  outcomes: ["as it is", "taken", "refused", "no client"],
  generate,
  run,
  simplify,
  render: renderWithDatagrams,
});
