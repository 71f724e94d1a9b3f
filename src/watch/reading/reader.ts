import { decodeLatin1 } from "../../bytes/bytes.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import { serviceIdentity } from "../../model/identity.js";
import { type Counters, type Family, families, type ServiceKey } from "../../model/table.js";
import { errnoOf } from "../../platform/errno.js";
import { explainReadError } from "../../proc/explain-read-error.js";
import { ProcError } from "../../proc/proc-error.js";
import type { RepeatedFile } from "../../proc/proc-files.js";
import { parseLiveCounters, parseStats, type Totals } from "../../proc/proc-stats.js";
import type { ServiceRow } from "../../proc/proc-table.js";
import {
  type Details,
  type DetailsChoice,
  hasService,
  type Measurements,
  measure,
  readDetails,
  withDetails,
} from "./details.js";
import { familiesOfMarks } from "./mark-families.js";
import { rowServiceKey, toWatchedService } from "./proc-rows.js";
import { parseRecords, type ServiceRecord } from "./table-records.js";
import type { WatchedService, WatchedTable } from "./watched-table.js";

/** The table at one moment. */
export interface Reading {
  /** Milliseconds since 1970, before the first file was read. */
  readonly takenAt: number;
  readonly version: string;
  readonly connectionTableSize: number;
  readonly source: "proc" | "netlink";
  readonly table: WatchedTable;
  readonly totals: Totals;
  /** The identity of the only service to look at, where the table does not have it. */
  readonly missing?: string | undefined;
  /** When the counters were read, by a clock that never steps: milliseconds. */
  readonly moment: number;
  /** What all services have counted up to this moment; absent where the kernel does not show it. */
  readonly live?: Counters | undefined;
  /** Of the services whose details were requested. */
  readonly measurements: Measurements;
}

/** Chooses the details to request over netlink, which takes one request per service and one for its servers. */
export type ChooseDetails = (table: WatchedTable, before: WatchedTable) => DetailsChoice;

/**
 * A file of /proc is read a page at a time. Services that come and go in between move the others, so one may be missed. The
 * table is read again, this many times at most, while services seem to be gone.
 */
const confirmations = 2;

interface KeyedRow {
  readonly key: ServiceKey;
  readonly row: ServiceRow;
}

const countAttempts = 3;

/** Counters that take longer to read, in milliseconds, are not read again, since that would double the work of large tables. */
const longestRepeated = 500;

/** Takes readings, each of which reuses parts of the one before. Memory is that of two readings. */
export class TableReader {
  #records: ReadonlyMap<string, ServiceRecord> = new Map();
  #rows: ReadonlyMap<string, KeyedRow> = new Map();
  #table: WatchedTable = new Map();
  #client: IpvsClient | undefined;
  #hasPrivileges = true;
  readonly #tableFile: RepeatedFile;
  readonly #totalsFile: RepeatedFile;
  readonly #liveFile: RepeatedFile;

  constructor(
    private readonly host: Pick<Host, "clock" | "proc" | "openKernel">,
    /** The only service to look at; without it all. */
    private readonly onlyService?: ServiceKey,
    /** See Host. */
    private readonly keepSmall = () => {},
  ) {
    this.#tableFile = host.proc.repeated("ip_vs");
    this.#totalsFile = host.proc.repeated("ip_vs_stats");
    this.#liveFile = host.proc.repeated("ip_vs_stats_percpu");
  }

  /** Rejects where the table cannot be read whole: no module, an unknown line, a failing kernel. The next call may succeed. */
  async read(choose: ChooseDetails): Promise<Reading> {
    try {
      return await this.#read(choose);
    } catch (error) {
      this.close();
      throw explainReadError(error, this.host.proc);
    }
  }

  /** Closes the connection to the kernel; a later reading opens another. */
  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #read(choose: ChooseDetails): Promise<Reading> {
    const takenAt = this.host.clock.now();
    const before = this.#table;
    const { version, connectionTableSize, services } = parseRecords(this.#tableFile.read(), this.#records);
    let rows = await this.#identify(services);
    for (let time = 0; time < confirmations && isMissingSome(rows, before); time++) {
      const again = parseRecords(this.#tableFile.read(), this.#records);
      rows = new Map([...rows, ...(await this.#identify(again.services))]);
    }
    const table = this.#build(rows);
    const counted = await this.#count(table, choose(table, before));

    this.#records = new Map(services.map((record) => [record.text, record]));
    this.#rows = rows;
    this.#table = table;
    const source = this.#hasPrivileges ? "netlink" : "proc";
    const missing = this.onlyService && table.size === 0 ? serviceIdentity(this.onlyService) : undefined;
    return { takenAt, version, connectionTableSize, source, table, missing, ...counted };
  }

  /**
   * Completes the table with the chosen details, and reads the counters of rows and those of all services. Rates need
   * counters that belong together: where the kernel added up in between, which it does every two seconds, they are read
   * again.
   */
  async #count(
    table: Map<string, WatchedService>,
    choice: DetailsChoice,
  ): Promise<Pick<Reading, "totals" | "moment" | "live" | "measurements">> {
    const { clock } = this.host;
    for (let attempt = 1; ; attempt++) {
      const start = clock.monotonic();
      const totals = decodeLatin1(this.#totalsFile.read());
      const measurements = await this.#ask(new Map(), (client) => this.#complete(table, readDetails(client, choice)));
      const moment = clock.monotonic();
      const mayRepeat = choice.forRates && attempt < countAttempts && moment - start < longestRepeated;
      if (mayRepeat && decodeLatin1(this.#totalsFile.read()) !== totals) continue;
      return { totals: parseStats(totals), moment, live: this.#readLive(), measurements };
    }
  }

  /** Puts details into the table as they come, and returns their measurements. */
  async #complete(
    table: Map<string, WatchedService>,
    batches: AsyncIterable<readonly Details[]>,
  ): Promise<Measurements> {
    const measurements: Measurements = new Map();
    for await (const batch of batches) {
      for (const detail of batch) {
        const identity = serviceIdentity(detail.service);
        const service = table.get(identity);
        if (service === undefined) continue;
        table.set(identity, withDetails(service, detail));
        measure(detail, measurements);
        this.keepSmall();
      }
    }
    return measurements;
  }

  #readLive(): Counters | undefined {
    try {
      return parseLiveCounters(decodeLatin1(this.#liveFile.read()));
    } catch (error) {
      if (error instanceof ProcError) return undefined;
      throw error;
    }
  }

  async #identify(services: readonly ServiceRecord[]): Promise<Map<string, KeyedRow>> {
    const rows = services.map(({ row }) => row);
    const ofMarks = await familiesOfMarks(rows, (fwmark) => this.#familiesOfMark(fwmark));
    const keyed = new Map<string, KeyedRow>();
    const only = this.onlyService && serviceIdentity(this.onlyService);
    for (const [index, row] of rows.entries()) {
      const key = rowServiceKey(row, ofMarks[index] ?? "inet");
      const identity = serviceIdentity(key);
      if (only === undefined || identity === only) keyed.set(identity, { key, row });
    }
    return keyed;
  }

  /** The families in which the kernel has a service for the mark, else those before; without privileges, all of them. */
  async #familiesOfMark(fwmark: number): Promise<readonly Family[]> {
    const had = families.filter((family) => this.#table.has(serviceIdentity({ family, fwmark })));
    return this.#ask([...had, ...families], async (client) => {
      const has = await Promise.all(families.map((family) => hasService(client, { family, fwmark })));
      const found = families.filter((_, index) => has[index]);
      // The service was deleted after /proc was read, so its family is still the one before.
      return found.length > 0 ? found : had;
    });
  }

  /** Services whose row is the same object as before stay the same objects. */
  #build(rows: ReadonlyMap<string, KeyedRow>): Map<string, WatchedService> {
    const table = new Map<string, WatchedService>();
    for (const [identity, { key, row }] of rows) {
      const known = this.#table.get(identity);
      const isSame = known !== undefined && this.#rows.get(identity)?.row === row;
      table.set(identity, isSame ? known : toWatchedService(key, row, known));
      this.keepSmall();
    }
    return table;
  }

  /** Asks the kernel. Without privileges the answer is `otherwise`, and after the first refusal the kernel is not asked again. */
  async #ask<T>(otherwise: T, question: (client: IpvsClient) => Promise<T>): Promise<T> {
    if (!this.#hasPrivileges) return otherwise;
    try {
      this.#client ??= await this.host.openKernel({ loadModule: false });
      return await question(this.#client);
    } catch (error) {
      if (!(error instanceof IpvsError && error.errno === errnoOf("EPERM"))) throw error;
      this.#hasPrivileges = false;
      return otherwise;
    }
  }
}

function isMissingSome(rows: ReadonlyMap<string, unknown>, before: WatchedTable): boolean {
  for (const identity of before.keys()) if (!rows.has(identity)) return true;
  return false;
}
