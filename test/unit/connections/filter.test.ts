/** Filters on rows, filters on objects and the test's own conditions agree on generated connections. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { countConnections, countGroups, hasConnection } from "../../../src/connections/count.js";
import { readBatches, visitConnections } from "../../../src/connections/read-batches.js";
import { scanConnections } from "../../../src/connections/scan.js";
import { connectionJsonRows, endOfJsonRows } from "../../../src/format/json/fast/connection-json-rows.js";
import { renderConnectionJson } from "../../../src/format/json/render-document.js";
import { renderTableRow } from "../../../src/format/text/connection-table.js";
import { connectionTableRows } from "../../../src/format/text/fast/connection-table-rows.js";
import { numericNames } from "../../../src/format/text/shown-names.js";
import type { AddressRange } from "../../../src/model/selection/address-range.js";
import {
  anyConnection,
  type ConnectionFilter,
  matchesConnection,
} from "../../../src/model/selection/connection-filter.js";
import { type GroupKey, groupNames, groupOf } from "../../../src/model/selection/connection-group.js";
import type { Connection, Protocol, ServiceKey } from "../../../src/model/table.js";
import { parseConnection } from "../../../src/proc/proc-connections.js";
import { ProcFiles } from "../../../src/proc/proc-files.js";
import { makeHost } from "../../support/fake-host.js";
import { Random } from "../../support/random.js";
import {
  addressText,
  connectionFiles,
  connectionText,
  originText,
  type RawConnection,
  type RawEnd,
  randomConnection,
  randomPorts,
} from "../../support/random-connections.js";

type Condition = (connection: RawConnection) => boolean;

interface RandomFilter {
  readonly filter: ConnectionFilter;
  /** The meaning of the filter, in another form. */
  readonly fits: Condition;
}

function randomRange(random: Random, from: RawEnd): { range: AddressRange; includes: (end: RawEnd) => boolean } {
  const size = from.family === "inet" ? 32 : 128;
  const prefixLength = random.pick([0, 1, 8, 20, 31, 32, 33, 64, 100, 127, 128].filter((length) => length <= size));
  const shift = BigInt(size - prefixLength);
  const port = random.chance(0.7) ? undefined : random.pick(randomPorts);
  const address = addressText({ ...from, address: (from.address >> shift) << shift });
  return {
    range: { family: from.family, address, prefixLength, port },
    includes: (end) =>
      end.family === from.family &&
      end.address >> shift === from.address >> shift &&
      (port === undefined || port === end.port),
  };
}

function randomService(random: Random, { protocol, virtual }: RawConnection): [ServiceKey, Condition] {
  const { family } = virtual;
  if (protocol === "IP") {
    const fwmark = Number(family === "inet" ? virtual.address : virtual.address >> 96n);
    return [
      { family, fwmark },
      (other) =>
        other.protocol === "IP" && other.virtual.address === virtual.address && other.virtual.family === family,
    ];
  }
  const name = random.pick(["tcp", "udp", "sctp"] as const satisfies Protocol[]);
  const port = random.coin() ? 0 : virtual.port;
  return [
    { family, protocol: name, address: addressText(virtual), port },
    (other) =>
      other.protocol === name.toUpperCase() &&
      other.virtual.family === family &&
      other.virtual.address === virtual.address &&
      (port === 0 || other.virtual.port === port),
  ];
}

/** Some conditions that are taken from some of the connections. */
function randomFilter(random: Random, connections: readonly RawConnection[]): RandomFilter {
  const one = () => random.pick(connections);
  const conditions: Condition[] = [];
  const some = <T>(make: () => [value: T, fits: Condition]): T[] => {
    if (random.chance(0.75)) return [];
    const made = Array.from({ length: random.between(1, 3) }, make);
    conditions.push((connection) => made.some(([, fits]) => fits(connection)));
    return made.map(([value]) => value);
  };
  const ranges = (name: "client" | "virtual" | "server") =>
    some<AddressRange>(() => {
      const { range, includes } = randomRange(random, one()[name]);
      const isAddress = (connection: RawConnection) => name !== "virtual" || connection.protocol !== "IP";
      return [range, (connection) => isAddress(connection) && includes(connection[name])];
    });
  const word = (name: "protocol" | "state") =>
    some<string>(() => {
      const wanted = one()[name];
      return [wanted, (connection) => connection[name] === wanted];
    });
  const left = ({ expires }: RawConnection) => (expires > 2 ** 31 - 1 ? 0 : expires);
  const isTemplate = ({ client, state }: RawConnection) => client.port === 0 && ["NONE", "ASSURED"].includes(state);
  const templates = random.chance(0.2) ? random.coin() : undefined;
  if (templates !== undefined) conditions.push((connection) => isTemplate(connection) === templates);
  const notStates = random.chance(0.2) ? [one().state] : [];
  conditions.push(({ state }) => !notStates.includes(state));
  const filter: ConnectionFilter = {
    ...anyConnection,
    protocols: word("protocol"),
    clients: ranges("client"),
    virtuals: ranges("virtual"),
    servers: ranges("server"),
    services: some(() => randomService(random, one())),
    states: word("state"),
    notStates,
    expires: some(() => {
      const from = random.coin() ? 0 : random.below(800);
      const to = from + random.below(400);
      return [{ from, to }, (connection) => left(connection) >= from && left(connection) <= to];
    }),
    engines: random.chance(0.1) ? some(() => ["sip", ({ engine }) => engine?.startsWith("sip ") ?? false]) : [],
    origins: random.chance(0.3)
      ? some(() => {
          const origin = random.pick(["own", "sync"] as const);
          return [origin, (connection) => connection.origin === (origin === "own" ? "LOCAL" : "SYNC")];
        })
      : [],
    templates,
  };
  return { filter, fits: (connection) => conditions.every((condition) => condition(connection)) };
}

/** A connection with the facts of both files. */
function toConnection(raw: RawConnection): Connection {
  const { origin } = parseConnection(originText(raw).trimEnd(), "ip_vs_conn_sync");
  assert.ok(origin);
  return { ...parseConnection(connectionText(raw).slice(0, -1)), origin };
}

/** Ends that are all different, so that each origin belongs to one connection. */
function distinctConnections(random: Random, count: number): RawConnection[] {
  const byRow = new Map<string, RawConnection>();
  for (let index = 0; index < count; index++) {
    const connection = randomConnection(random);
    byRow.set(
      originText(connection).slice(0, originText(connection).lastIndexOf(connection.state.padEnd(11))),
      connection,
    );
  }
  return [...byRow.values()];
}

test("rows, objects and the test agree on what fits", () => {
  let hits = 0;
  for (let seed = 0; seed < 150; seed++) {
    const random = new Random(seed);
    const raw = distinctConnections(random, 60);
    const { filter, fits } = randomFilter(random, raw);
    const { proc } = makeHost({ files: connectionFiles(raw) });
    const expected = raw.filter(fits).map(toConnection);
    hits += expected.length;
    const context = `seed ${seed}: ${JSON.stringify(filter)}`;
    assert.deepEqual(
      raw.map(toConnection).filter((one) => matchesConnection(filter, one)),
      expected,
      context,
    );
    const found = [...readBatches(proc, filter, { origins: true, engines: true })].flat();
    assert.deepEqual(found, expected, context);
    assert.equal(countConnections(proc, filter), expected.length, context);
    assert.equal(hasConnection(proc, filter), expected.length > 0, context);
  }
  assert.ok(hits > 400, `${hits}`);
});

test("groups are those of the objects, whatever the keys", () => {
  for (let seed = 0; seed < 80; seed++) {
    const random = new Random(seed);
    const raw = distinctConnections(random, 80);
    const keys = random
      .shuffled(groupNames)
      .slice(0, random.between(1, 4))
      .map((name): GroupKey => {
        const prefixLength =
          name === "client" && random.coin() ? random.pick([0, 8, 24, 31, 32, 33, 64, 128]) : undefined;
        return { name, prefixLength };
      });
    const { filter, fits } = randomFilter(random, raw);
    const expected = new Map<string, number>();
    for (const connection of raw.filter(fits).map(toConnection)) {
      const values = JSON.stringify(groupOf(connection, keys));
      expected.set(values, (expected.get(values) ?? 0) + 1);
    }
    const groups = countGroups(makeHost({ files: connectionFiles(raw) }).proc, filter, keys);
    const context = `seed ${seed}: ${JSON.stringify(keys)}`;
    assert.deepEqual(new Map(groups.map(({ values, count }) => [JSON.stringify(values), count])), expected, context);
    assert.equal(groups.length, expected.size, context);
    const counts = groups.map(({ count }) => count);
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => b - a),
      context,
    );
  }
});

test("rows become the lines of their objects", () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = new Random(seed);
    const raw = distinctConnections(random, 300);
    const { proc } = makeHost({ files: connectionFiles(raw) });
    const render = (connection: Connection) => renderTableRow(connection, numericNames);
    const rows = connectionTableRows(render);
    let text = "";
    for (const _ of scanConnections(proc, "ip_vs_conn_sync", anyConnection, rows)) {
      text += rows.take().toString("latin1");
    }
    const lines = raw.map((one) => `${render(parseConnection(originText(one).trimEnd(), "ip_vs_conn_sync"))}\n`);
    assert.equal(text, lines.join(""));
    assert.equal(rows.count, raw.length);
  }
});

test("rows become the JSON of their objects", () => {
  for (let seed = 0; seed < 20; seed++) {
    const raw = distinctConnections(new Random(seed), 300);
    const { proc } = makeHost({ files: connectionFiles(raw) });
    const rows = connectionJsonRows(renderConnectionJson);
    let text = "";
    for (const _ of visitConnections(proc, anyConnection, { origins: true, engines: true }, rows))
      text += rows.take().toString("latin1");
    const lines = raw.map((one) => `\n${renderConnectionJson(toConnection(one))}`);
    assert.equal(text + endOfJsonRows(rows.count), `[${lines.join(",")}\n]`);
  }
  assert.equal(endOfJsonRows(0), "[]");
});

test("a word that JSON has to escape is left to the general path", () => {
  const end = { family: "inet", address: 1n, port: 5 } as const;
  const plain = {
    protocol: "TCP",
    state: "NONE",
    origin: "LOCAL",
    expires: 7,
    client: end,
    virtual: end,
    server: end,
  } as const;
  for (const strange of [{ protocol: 'A"' }, { protocol: "A\\" }, { state: 'B"' }, { state: "B\\" }]) {
    const { proc } = makeHost({ files: connectionFiles([{ ...plain, ...strange }]) });
    const rows = connectionJsonRows(renderConnectionJson);
    for (const _ of visitConnections(proc, anyConnection, { origins: true, engines: true }, rows));
    const [{ protocol, state }] = JSON.parse(rows.take().toString("latin1") + endOfJsonRows(rows.count));
    const row = { ...plain, ...strange };
    assert.deepEqual([protocol, state], [row.protocol.toLowerCase(), row.state.toLowerCase()]);
  }
});

test("a damaged row is an error, whether it would fit or not", () => {
  const random = new Random(7);
  const raw = distinctConnections(random, 20);
  for (const file of ["ip_vs_conn", "ip_vs_conn_sync"] as const) {
    const rows = connectionFiles(raw)[file]().split("\n");
    for (let round = 0; round < 150; round++) {
      const damaged = [...rows];
      const index = random.between(1, raw.length);
      const row = damaged[index] ?? "";
      // What follows the seconds may be anything: it belongs to an engine.
      const position = random.below(row.search(/ +\d+( [^ ].*)?$/));
      const line = `${row.slice(0, position)}\x01${row.slice(position + 1)}`;
      damaged[index] = line;
      const { proc } = makeHost({ files: { [file]: () => damaged.join("\n") } });
      const filter = { ...anyConnection, origins: file === "ip_vs_conn" ? [] : (["own"] as const) };
      const read = () => countConnections(proc, { ...filter, clients: [] });
      let parsed: Connection | undefined;
      try {
        parsed = parseConnection(line, file);
      } catch {
        assert.throws(read, { name: "ProcFormatError", file, line });
      }
      // A word of the kernel's may have a byte of another kind.
      if (parsed !== undefined) assert.doesNotThrow(read);
    }
  }
});

test("a file that ends within a row is an error", () => {
  const raw = distinctConnections(new Random(3), 5);
  for (const file of ["ip_vs_conn", "ip_vs_conn_sync"] as const) {
    const text = connectionFiles(raw)[file]();
    for (const cut of [1, 2, 10, 60]) {
      const { proc } = makeHost({ files: { [file]: () => text.slice(0, -cut) } });
      const filter = file === "ip_vs_conn" ? anyConnection : { ...anyConnection, origins: ["own"] as const };
      assert.throws(() => countConnections(proc, filter), { name: "ProcFormatError", file }, `${file} ${cut}`);
    }
  }
});

test("the second file is read to its end: a fault in it is an error", () => {
  const raw = distinctConnections(new Random(3), 3000);
  const files = connectionFiles(raw);
  const ip_vs_conn_sync = () => `${files.ip_vs_conn_sync()}garbage\n`;
  assert.ok(ip_vs_conn_sync().length > 3 * 65_536);
  const { proc } = makeHost({ files: { ip_vs_conn: connectionFiles(raw.slice(0, 2)).ip_vs_conn, ip_vs_conn_sync } });
  assert.throws(() => [...readBatches(proc, anyConnection, { origins: true, engines: true })], {
    name: "ProcFormatError",
    file: "ip_vs_conn_sync",
    line: "garbage",
  });
});

test("both files are closed when the reading ends early", () => {
  const rows = (rest: string) =>
    Array.from({ length: 5_000 }, (_, port) => {
      const hex = port.toString(16).toUpperCase().padStart(4, "0");
      return `TCP 0A000001 ${hex} C0000201 0050 0A000002 0050 ESTABLISHED ${rest}\n`;
    });
  const files: Readonly<Record<string, string>> = {
    ip_vs_conn: `title\n${rows("100").join("")}`,
    ip_vs_conn_sync: `title\n${rows("LOCAL 100").join("")}`,
  };
  const opened = new Map<number, Buffer>();
  let last = 0;
  const proc = new ProcFiles(
    {
      open(path) {
        opened.set(++last, Buffer.from(files[path.replace("/proc/net/", "")] ?? "", "latin1"));
        return last;
      },
      read(descriptor, buffer) {
        const rest = opened.get(descriptor) ?? Buffer.alloc(0);
        const count = rest.copy(buffer);
        opened.set(descriptor, rest.subarray(count));
        return count;
      },
      close: (descriptor) => opened.delete(descriptor),
    },
    "/proc/net",
  );
  for (const _ of readBatches(proc, anyConnection, { origins: true, engines: true })) {
    assert.equal(opened.size, 2);
    break;
  }
  assert.equal(opened.size, 0);
});
