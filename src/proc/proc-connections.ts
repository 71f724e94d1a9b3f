import { decodeLatin1 } from "../bytes/bytes.js";
import type { Connection, ConnectionEndpoint, ConnectionOrigin } from "../model/table.js";
import { parseProcAddress, parseProcPort } from "./proc-address.js";
import { ProcFormatError } from "./proc-error.js";

/** The files that list connections: the first has the data of persistence engines, the second the origins. */
export type ConnectionsFile = "ip_vs_conn" | "ip_vs_conn_sync";

const connectionsFile = "ip_vs_conn";
const newlineByte = 0x0a;

/** The kernel's words for origins. */
const originWords: Readonly<Record<string, ConnectionOrigin>> = { LOCAL: "own", SYNC: "sync" };

/**
 * The connections in the bytes of a file, which may be cut anywhere into chunks: one batch of rows for each chunk, so that
 * memory does not grow with the table. Throws a ProcFormatError at a row it does not know.
 */
export function* parseConnections(
  chunks: Iterable<Uint8Array>,
  file: ConnectionsFile = connectionsFile,
): Generator<Connection[]> {
  for (const rows of splitRows(chunks, file)) yield parseLines(decodeLatin1(rows), file);
}

/** The bytes of whole rows, without the title. A part is valid only until the next one is requested. */
export function* splitRows(
  chunks: Iterable<Uint8Array>,
  file: ConnectionsFile = connectionsFile,
): Generator<Uint8Array> {
  // One buffer for all: a fresh one for each chunk would cost more than what is done with it.
  let buffer = new Uint8Array();
  let length = 0;
  let seenTitle = false;
  for (const chunk of chunks) {
    buffer = withRoom(buffer, length, chunk.length);
    buffer.set(chunk, length);
    const newline = chunk.lastIndexOf(newlineByte);
    const end = length + newline + 1;
    length += chunk.length;
    if (newline < 0) continue;
    const start = seenTitle ? 0 : buffer.indexOf(newlineByte) + 1;
    seenTitle = true;
    yield buffer.subarray(start, end);
    buffer.copyWithin(0, end, length);
    length -= end;
  }
  if (length > 0) yield seenTitle ? buffer.subarray(0, length) : new Uint8Array();
  else if (!seenTitle) throw new ProcFormatError(file);
}

/** The buffer, or a larger one with its first `length` bytes, that has room for `more` bytes after these. */
function withRoom(buffer: Uint8Array<ArrayBuffer>, length: number, more: number): Uint8Array<ArrayBuffer> {
  if (buffer.length - length >= more) return buffer;
  const larger = new Uint8Array(2 * (length + more));
  larger.set(buffer.subarray(0, length));
  return larger;
}

function parseLines(text: string, file: ConnectionsFile): Connection[] {
  const rows: Connection[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    rows.push(parseConnection(text.slice(start, end), file));
    start = end + 1;
  }
  return rows;
}

/** One row, without its newline. Throws a ProcFormatError where it is none. */
export function parseConnection(line: string, file: ConnectionsFile = connectionsFile): Connection {
  const [protocol, sourceAddress, sourcePort, virtualAddress, virtualPort, address, port, state, ...rest] =
    splitFields(line);
  const [originWord, expires, name, data] = file === "ip_vs_conn" ? [undefined, ...rest] : rest;
  const source = parseRowEnd(sourceAddress, sourcePort);
  const virtual = parseRowEnd(virtualAddress, virtualPort);
  const destination = parseRowEnd(address, port);
  const origin = originWord === undefined ? undefined : originWords[originWord];
  if (
    !protocol ||
    !source ||
    !virtual ||
    !destination ||
    !state ||
    !expires ||
    !/^\d+$/.test(expires) ||
    (origin === undefined && file === "ip_vs_conn_sync")
  ) {
    throw new ProcFormatError(file, line);
  }
  const row = { protocol, source, virtual, destination, state, expires: parseSeconds(expires) };
  if (origin !== undefined) return { ...row, origin };
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

function parseRowEnd(addressHex: string | undefined, portHex: string | undefined): ConnectionEndpoint | undefined {
  const address = addressHex === undefined ? undefined : parseProcAddress(addressHex);
  const port = portHex === undefined ? undefined : parseProcPort(portHex);
  return address === undefined || port === undefined ? undefined : { address, port };
}

/** An expired timer's negative remainder is printed as a huge number; the original reads it into 32 bits. */
function parseSeconds(text: string): number {
  return text.length < 10 ? Number(text) : Number(BigInt.asUintN(32, BigInt(text)));
}
