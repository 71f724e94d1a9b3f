import type { Connection, ConnectionEndpoint } from "../ipvs/model.js";
import { parseProcAddress, parseProcPort } from "./address.js";
import { ProcFormatError } from "./errors.js";

const FILE = "ip_vs_conn";
const NEWLINE = 0x0a;

/**
 * The connections in the bytes of /proc/net/ip_vs_conn, which may be cut anywhere into chunks: one batch of rows for each
 * chunk, so that memory does not grow with the table. Throws a ProcFormatError at a row it does not know.
 */
export function* parseConnections(chunks: Iterable<Uint8Array>): Generator<Connection[]> {
  for (const rows of splitRows(chunks)) yield parseLines(toText(rows));
}

/** The rows as they are, whole lines without the title; a part is valid only until the next one is asked for. */
export function* splitRows(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  let seenTitle = false;
  for (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    rest = new Uint8Array(bytes.subarray(end));
    if (end === 0) continue;
    const start = seenTitle ? 0 : bytes.indexOf(NEWLINE) + 1;
    seenTitle = true;
    yield bytes.subarray(start, end);
  }
  if (rest.length > 0) yield seenTitle ? rest : new Uint8Array();
  else if (!seenTitle) throw new ProcFormatError(FILE);
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function parseLines(text: string): Connection[] {
  const rows: Connection[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    rows.push(parseConnection(text.slice(start, end)));
    start = end + 1;
  }
  return rows;
}

/** One row, without its newline. Throws a ProcFormatError where it is none. */
export function parseConnection(line: string): Connection {
  const fields = splitFields(line);
  const [protocol, sourceAddress, sourcePort, virtualAddress, virtualPort, address, port, state, expires, name, data] =
    fields;
  const source = parseEndpoint(sourceAddress, sourcePort);
  const virtual = parseEndpoint(virtualAddress, virtualPort);
  const destination = parseEndpoint(address, port);
  if (!protocol || !source || !virtual || !destination || !state || !expires || !/^\d+$/.test(expires)) {
    throw new ProcFormatError(FILE, line);
  }
  const row = { protocol, source, virtual, destination, state, expires: parseSeconds(expires) };
  return name !== undefined && data !== undefined ? { ...row, engine: { name, data } } : row;
}

/** The words of a line, eleven at most; the blanks are those of C's isspace. */
function splitFields(line: string): string[] {
  const fields: string[] = [];
  let start = -1;
  for (let index = 0; index <= line.length && fields.length < 11; index++) {
    const code = line.charCodeAt(index);
    const isBlank = code === 0x20 || (code >= 0x09 && code <= 0x0d) || index === line.length;
    if (!isBlank) {
      if (start < 0) start = index;
    } else if (start >= 0) {
      fields.push(line.slice(start, index));
      start = -1;
    }
  }
  return fields;
}

function parseEndpoint(addressHex: string | undefined, portHex: string | undefined): ConnectionEndpoint | undefined {
  const address = addressHex === undefined ? undefined : parseProcAddress(addressHex);
  const port = portHex === undefined ? undefined : parseProcPort(portHex);
  return address === undefined || port === undefined ? undefined : { address, port };
}

/** An expired timer's negative remainder is printed as a huge number; the original reads it into 32 bits. */
function parseSeconds(text: string): number {
  return text.length < 10 ? Number(text) : Number(BigInt.asUintN(32, BigInt(text)));
}
