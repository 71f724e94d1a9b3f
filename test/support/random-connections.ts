import { formatAddress } from "../../src/model/address.js";
import type { Family } from "../../src/model/table.js";
import type { Random } from "./random.js";

export const connectionsTitle = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
export const originsTitle = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n";

/** An end of a connection as numbers. */
export interface RawEnd {
  readonly family: Family;
  readonly address: bigint;
  readonly port: number;
}

/** A connection as the kernel has it, before it becomes text. */
export interface RawConnection {
  readonly protocol: string;
  readonly client: RawEnd;
  readonly virtual: RawEnd;
  readonly server: RawEnd;
  readonly state: string;
  readonly origin: "LOCAL" | "SYNC";
  /** As the kernel prints it: an unsigned 32-bit number. */
  readonly expires: number;
  readonly engine?: string;
}

/** Few different values, so that filters hit. */
const addresses: Readonly<Record<Family, readonly bigint[]>> = {
  inet: [0n, 0x0a000001n, 0x0a000002n, 0x0a00ff01n, 0xac100001n, 0xc0a80101n, 0xffffffffn],
  inet6: [
    1n,
    0x20010db8000000000000000000000001n,
    0x20010db8000000000000000000000002n,
    0x20010db8000000010000000000000001n,
    0xfe80000000000000000000000000ffffn,
    2n ** 128n - 1n,
  ],
};
export const randomPorts = [0, 53, 80, 8080, 65535] as const;

function randomEnd(random: Random, family: Family, port = random.pick(randomPorts)): RawEnd {
  return { family, address: random.pick(addresses[family]), port };
}

export function randomConnection(random: Random): RawConnection {
  const family = random.pick(["inet", "inet", "inet", "inet6"] as const);
  const virtual = randomEnd(random, family);
  const client = randomEnd(random, family);
  const server = randomEnd(random, random.chance(0.1) ? random.pick(["inet", "inet6"] as const) : family);
  const origin = random.pick(["LOCAL", "SYNC"] as const);
  const expires = random.weighted<number>([
    [8, random.below(1000)],
    [1, 60 * 65_536 + random.below(3)],
    [1, 4294967295 - random.below(3)],
  ]);
  const rest = { client, virtual, server, origin, expires };
  return random.weighted<RawConnection>([
    [4, { ...rest, protocol: "TCP", state: random.pick(["ESTABLISHED", "SYN_RECV", "TIME_WAIT", "CLOSE_WAIT", "?"]) }],
    [1, { ...rest, protocol: "UDP", state: "UDP" }],
    [1, { ...rest, protocol: "SCTP", state: random.pick(["ESTABLISHED", "C-REPLIED"]) }],
    [1, { ...rest, protocol: "IP_50", state: "ERR!" }],
    [2, toTemplate(random, { ...rest, protocol: random.pick(["TCP", "UDP"]), state: "NONE" })],
    [1, toMarkTemplate(random, { ...rest, protocol: "IP", state: "NONE" })],
  ]);
}

function toTemplate(random: Random, connection: RawConnection): RawConnection {
  const template = {
    ...connection,
    client: { ...connection.client, port: 0 },
    state: random.pick(["NONE", "ASSURED"]),
    ...(random.chance(0.3) && {
      engine: random.pick(["sip call-id@host", "sip \xe9\x1b[0m more words", "sip", "other x"]),
    }),
  };
  if (!random.chance(0.3)) return template;
  const { virtual, server } = template;
  return { ...template, virtual: { ...virtual, port: 65535 }, server: { ...server, port: 65535 } };
}

/** The kernel puts the mark into the first four bytes. */
function toMarkTemplate(random: Random, connection: RawConnection): RawConnection {
  const { family } = connection.virtual;
  const mark = BigInt(random.pick([1, 5, 0x0a000001, 2 ** 32 - 1]));
  const address = family === "inet" ? mark : mark << 96n;
  return {
    ...connection,
    client: { ...connection.client, port: 0 },
    virtual: { family, address, port: 0 },
  };
}

/** An address as text. */
export function addressText({ family, address }: RawEnd): string {
  const digits = address.toString(16).padStart(family === "inet" ? 8 : 32, "0");
  return formatAddress(family, Buffer.from(digits, "hex"));
}

function procEnd({ family, address, port }: RawEnd): string {
  const digits = address.toString(16).padStart(family === "inet" ? 8 : 32, "0");
  const hex = family === "inet" ? digits.toUpperCase() : digits.match(/.{4}/g)?.join(":");
  return `${hex} ${port.toString(16).toUpperCase().padStart(4, "0")}`;
}

function procStart({ protocol, client, virtual, server, state }: RawConnection): string {
  return `${protocol.padEnd(3)} ${[client, virtual, server].map(procEnd).join(" ")} ${state.padEnd(11)}`;
}

/** Its row of /proc/net/ip_vs_conn, a byte string with its newline. */
export function connectionText(connection: RawConnection): string {
  const engine = connection.engine === undefined ? "" : ` ${connection.engine}`;
  return `${procStart(connection)} ${String(connection.expires).padStart(7)}${engine}\n`;
}

/** Its row of /proc/net/ip_vs_conn_sync. */
export function originText(connection: RawConnection): string {
  return `${procStart(connection)} ${connection.origin.padEnd(6)} ${String(connection.expires).padStart(7)}\n`;
}

/** Both files, as the files of a fake host. */
export function connectionFiles(connections: readonly RawConnection[]) {
  return {
    ip_vs_conn: () => connectionsTitle + connections.map(connectionText).join(""),
    ip_vs_conn_sync: () => originsTitle + connections.map(originText).join(""),
  };
}
