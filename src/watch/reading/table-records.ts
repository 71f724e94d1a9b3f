import { ProcFormatError } from "../../proc/proc-error.js";
import { parseTable, type ServiceRow } from "../../proc/proc-table.js";
import { parseTableTitle } from "../../proc/table-title.js";

const newlineCode = 0x0a;
const blankCode = 0x20;
const titleCount = 3;

/** One service's lines in a reading of /proc/net/ip_vs, and what they mean. */
export interface ServiceRecord {
  readonly text: string;
  readonly row: ServiceRow;
}

/** A reading of /proc/net/ip_vs. */
export interface TableRecords {
  readonly version: string;
  readonly connectionTableSize: number;
  readonly services: readonly ServiceRecord[];
}

/**
 * Parses the bytes of /proc/net/ip_vs. Little changes in a large table from one reading to the next: services whose text is
 * that of a record in `known` keep its row, and only the others are parsed. Throws a ProcFormatError with the unknown line.
 */
export function parseRecords(bytes: Uint8Array, known: ReadonlyMap<string, ServiceRecord>): TableRecords {
  const [titles, ...texts] = splitRecords(bytes);
  const info = parseTableTitle(titles ?? "");
  const rows = parseTable((titles ?? "") + texts.filter((text) => !known.has(text)).join("")).values();
  if (info === undefined) throw new ProcFormatError("ip_vs", titles);
  const services = texts.map((text) => known.get(text) ?? { text, row: next(rows) });
  return { ...info, services };
}

/** The titles, then the lines of each service with its servers. No string is a slice of another, which it would keep alive. */
function splitRecords({ buffer, byteOffset, byteLength }: Uint8Array): string[] {
  const bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  const records: string[] = [];
  let start = 0;
  let lines = 0;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== newlineCode) continue;
    lines++;
    if (lines < titleCount || bytes[index + 1] === blankCode) continue;
    records.push(bytes.toString("latin1", start, index + 1));
    start = index + 1;
  }
  if (start < bytes.length) records.push(bytes.toString("latin1", start));
  return records;
}

function next(rows: Iterator<ServiceRow>): ServiceRow {
  const result = rows.next();
  if (result.done) throw new ProcFormatError("ip_vs");
  return result.value;
}
