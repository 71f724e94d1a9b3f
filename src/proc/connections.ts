import type { Connection, ConnectionEndpoint } from "../ipvs/model.js";
import { parseProcAddress, parseProcPort } from "./address.js";
import { ProcFormatError } from "./errors.js";

const FILE = "ip_vs_conn";

/**
 * The connections in the bytes of /proc/net/ip_vs_conn, which may be cut anywhere into chunks: one batch of rows for each
 * chunk, so that memory does not grow with the table. Throws a ProcFormatError at a row it does not know.
 */
export function* parseConnections(chunks: Iterable<Uint8Array>): Generator<Connection[]> {
  let rest = "";
  let seenTitle = false;
  for (const chunk of chunks) {
    const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    const start = seenTitle ? 0 : text.indexOf("\n") + 1;
    if (end === 0) continue;
    seenTitle = true;
    yield parseLines(text, start, end);
  }
  if (rest !== "") yield seenTitle ? [parseRow(rest)] : [];
  else if (!seenTitle) throw new ProcFormatError(FILE);
}

function parseLines(text: string, start: number, end: number): Connection[] {
  const rows: Connection[] = [];
  for (let from = start; from < end; ) {
    const to = text.indexOf("\n", from);
    rows.push(parseRow(text.slice(from, to)));
    from = to + 1;
  }
  return rows;
}

function parseRow(line: string): Connection {
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
