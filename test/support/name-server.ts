import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What a name server answers about a name: records, an error, or nothing at all. */
export type Answer = readonly DnsRecord[] | keyof typeof errors | "silence";

/** An address, a name, or an alias. A name is its labels, as byte strings, so that a label may have any byte. */
export type DnsRecord =
  | { readonly a: string }
  | { readonly ptr: readonly string[] }
  | { readonly cname: readonly string[] };

const errors = { servfail: 2, missing: 3, refused: 5 } as const;

const types = { a: 1, cname: 5, ptr: 12 } as const;
const classInternet = 1;

/**
 * Answers on port 53 of the address, over UDP, until it is closed. A name that `zone` (lower case, no dot at the end) does
 * not have is missing.
 */
export async function startNameServer(address: string, zone: ReadonlyMap<string, Answer>): Promise<{ close(): void }> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const reply = replyTo(query, zone);
    if (reply !== undefined) socket.send(reply, port, address);
  });
  socket.bind(53, address);
  await once(socket, "listening");
  return socket;
}

function replyTo(query: Buffer, zone: ReadonlyMap<string, Answer>): Buffer | undefined {
  const labels: string[] = [];
  let offset = 12;
  for (let length = query[offset]; length; length = query[offset]) {
    labels.push(query.toString("latin1", offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  const type = query.readUInt16BE(offset + 1);
  const answer = zone.get(labels.join(".").toLowerCase()) ?? "missing";
  if (answer === "silence") return undefined;
  const records = typeof answer === "string" ? [] : encodeRecords(labels, type, answer);
  const status = typeof answer === "string" ? errors[answer] : 0;
  const header = [0x81, 0x80 | status, 0, 1, 0, records.length, 0, 0, 0, 0];
  return Buffer.concat([query.subarray(0, 2), Buffer.from(header), query.subarray(12, offset + 5), ...records]);
}

/** The records of the type that was asked for; those after an alias are its target's. */
function encodeRecords(owner: readonly string[], asked: number, records: readonly DnsRecord[]): Buffer[] {
  let name = owner;
  return records.flatMap((record) => {
    const [type, data] =
      "a" in record
        ? [types.a, Buffer.from(record.a.split(".").map(Number))]
        : "ptr" in record
          ? [types.ptr, encodeName(record.ptr)]
          : [types.cname, encodeName(record.cname)];
    if (type !== asked && type !== types.cname) return [];
    const fields = Buffer.from([0, type, 0, classInternet, 0, 0, 0, 60, 0, data.length]);
    const encoded = Buffer.concat([encodeName(name), fields, data]);
    if ("cname" in record) name = record.cname;
    return encoded;
  });
}

function encodeName(labels: readonly string[]): Buffer {
  return Buffer.from(`${labels.map((label) => String.fromCharCode(label.length) + label).join("")}\0`, "latin1");
}
