import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/errors.js";
import type { Family, ServiceKey } from "../ipvs/model.js";
import { parseStats, type Totals } from "../proc/stats.js";
import type { ServiceRow } from "../proc/table.js";
import { errnoOf } from "../runtime/errno.js";
import { type DetailsChoice, hasService, type Measurements, measure, readDetails, withDetails } from "./details.js";
import { familiesOfMarks } from "./marks.js";
import { parseRecords, type ServiceRecord } from "./records.js";
import { toKey, toService } from "./rows.js";
import { serviceIdentity, type WatchedService, type WatchedTable } from "./table.js";

/** Where readings come from. */
export interface WatchSources {
  /** The bytes of /proc/net/ip_vs, valid until the next call. Throws the system's error. */
  readTable(): Buffer;
  /** The bytes of /proc/net/ip_vs_stats, likewise. */
  readTotals(): Buffer;
  /** A connection to ip_vs, without loading its module. Rejects with an IpvsError, of EPERM where privileges do not allow it. */
  openClient(): Promise<IpvsClient>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The table at one moment. */
export interface Reading {
  /** Milliseconds since 1970, before the first file was read. */
  readonly takenAt: number;
  readonly version: string;
  readonly connectionTableSize: number;
  readonly source: "proc" | "netlink";
  readonly table: WatchedTable;
  readonly totals: Totals;
  /** Of the services whose details were asked for. */
  readonly measurements: Measurements;
}

/** Chooses what is asked over netlink: a request for each service, and one for its servers. */
export type ChooseDetails = (table: WatchedTable, before: WatchedTable) => DetailsChoice;

/**
 * A file of /proc is read a page at a time, and services that come and go meanwhile move the others: one may be missed.
 * Services that seem to be gone are looked for again this many times.
 */
const confirmations = 2;

const families: readonly Family[] = ["inet", "inet6"];

interface KeyedRow {
  readonly key: ServiceKey;
  readonly row: ServiceRow;
}

/** Takes readings, each with the help of the one before. Its memory is that of two readings. */
export class TableReader {
  #records: ReadonlyMap<string, ServiceRecord> = new Map();
  #rows: ReadonlyMap<string, KeyedRow> = new Map();
  #table: WatchedTable = new Map();
  #client: IpvsClient | undefined;
  #mayAsk = true;

  constructor(
    private readonly sources: WatchSources,
    /** The only service to look at; without it all. */
    private readonly only?: ServiceKey,
  ) {}

  /** Rejects where the table cannot be read whole: no module, an unknown line, a failing kernel. The next call may succeed. */
  async read(choose: ChooseDetails): Promise<Reading> {
    try {
      return await this.#read(choose);
    } catch (error) {
      this.close();
      throw explain(error);
    }
  }

  now(): number {
    return this.sources.now();
  }

  /** Closes the connection to the kernel; a later reading opens another. */
  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #read(choose: ChooseDetails): Promise<Reading> {
    const takenAt = this.sources.now();
    const before = this.#table;
    const { version, connectionTableSize, services } = parseRecords(this.sources.readTable(), this.#records);
    let rows = await this.#identify(services);
    for (let time = 0; time < confirmations && isMissingSome(rows, before); time++) {
      const again = parseRecords(this.sources.readTable(), this.#records);
      rows = new Map([...rows, ...(await this.#identify(again.services))]);
    }
    const totals = parseStats(this.sources.readTotals().toString("latin1"));

    const table = this.#build(rows);
    const details = await this.#ask([], (client) => readDetails(client, choose(table, before)));
    const measurements: Measurements = new Map();
    for (const detail of details) {
      const identity = serviceIdentity(detail.service);
      const service = table.get(identity);
      if (service === undefined) continue;
      table.set(identity, withDetails(service, detail));
      measure(detail, measurements);
    }

    this.#records = new Map(services.map((record) => [record.text, record]));
    this.#rows = rows;
    this.#table = table;
    const source = this.#mayAsk ? "netlink" : "proc";
    return { takenAt, version, connectionTableSize, source, table, totals, measurements };
  }

  async #identify(services: readonly ServiceRecord[]): Promise<Map<string, KeyedRow>> {
    const rows = services.map(({ row }) => row);
    const ofMarks = await familiesOfMarks(rows, (fwmark) => this.#familiesOfMark(fwmark));
    const keyed = new Map<string, KeyedRow>();
    const only = this.only && serviceIdentity(this.only);
    for (const [index, row] of rows.entries()) {
      const key = toKey(row, ofMarks[index] ?? "inet");
      const identity = serviceIdentity(key);
      if (only === undefined || identity === only) keyed.set(identity, { key, row });
    }
    return keyed;
  }

  /** The families in which a mark has a service, by the kernel; else those it may have, first what it had before. */
  async #familiesOfMark(fwmark: number): Promise<readonly Family[]> {
    const had = families.filter((family) => this.#table.has(serviceIdentity({ family, fwmark })));
    return this.#ask([...had, ...families], async (client) => {
      const has = await Promise.all(families.map((family) => hasService(client, { family, fwmark })));
      return families.filter((_, index) => has[index]);
    });
  }

  /** Services whose row is the very same as before stay the same objects. */
  #build(rows: ReadonlyMap<string, KeyedRow>): Map<string, WatchedService> {
    const table = new Map<string, WatchedService>();
    for (const [identity, { key, row }] of rows) {
      const known = this.#table.get(identity);
      const isSame = known !== undefined && this.#rows.get(identity)?.row === row;
      table.set(identity, isSame ? known : toService(key, row, known));
    }
    return table;
  }

  /** Asks the kernel; without privileges, from the first refusal on, the answer is `otherwise`. */
  async #ask<T>(otherwise: T, question: (client: IpvsClient) => Promise<T>): Promise<T> {
    if (!this.#mayAsk) return otherwise;
    try {
      this.#client ??= await this.sources.openClient();
      return await question(this.#client);
    } catch (error) {
      if (!(error instanceof IpvsError && error.errno === errnoOf("EPERM"))) throw error;
      this.#mayAsk = false;
      return otherwise;
    }
  }
}

function isMissingSome(rows: ReadonlyMap<string, unknown>, before: WatchedTable): boolean {
  for (const identity of before.keys()) if (!rows.has(identity)) return true;
  return false;
}

/** The system's error in words that tell what to do. */
function explain(error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT" || path === undefined) return error;
  return new Error(`${path} does not exist: the kernel has no IPVS, or its module ip_vs is not loaded`, {
    cause: error,
  });
}
