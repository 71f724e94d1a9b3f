/** For debugging: a socket that prints every message, decoded by the declared attributes. */
import type { AttributeSet, Declaration } from "./codec/attribute-set.js";
import { decodeGeneric } from "./codec/generic.js";
import {
  decodeMessages,
  type Message,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_MULTI,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
} from "./codec/message.js";
import type { NetlinkError } from "./codec/netlink-error.js";
import { decodeDone, decodeError } from "./codec/refusal.js";
import { control, GENL_ID_CTRL } from "./resolve-family.js";
import type { Socket } from "./socket/socket.js";

/** A generic netlink family, as far as its messages are printed. */
export interface TracedFamily {
  /** The kernel's name for it. */
  readonly name: string;
  /** The kernel's name for a command, and the attributes of its requests and replies. */
  command(number: number): { readonly name: string; readonly attributes: AttributeSet<Declaration> };
  /** The text of a value that needs its own form; undefined for any other. */
  render(name: string, value: unknown, record: Readonly<Record<string, unknown>>): string | undefined;
}

const controlFamily: TracedFamily = {
  name: "nlctrl",
  command: (number) => ({ name: `CTRL_CMD_${number}`, attributes: control }),
  render: () => undefined,
};

const types: Readonly<Record<number, string>> = { [NLMSG_NOOP]: "NLMSG_NOOP", [NLMSG_OVERRUN]: "NLMSG_OVERRUN" };

const requestFlags = { REQUEST: NLM_F_REQUEST, ACK: NLM_F_ACK, DUMP: NLM_F_DUMP };
const replyFlags = { MULTI: NLM_F_MULTI, DUMP_INTR: NLM_F_DUMP_INTR };

/**
 * The socket, with a line for each message that goes through it. Messages of the family are decoded once the kernel has
 * reported its number.
 */
export function traceSocket(socket: Socket, family: TracedFamily, log: (line: string) => void): Socket {
  const families = new Map<number, TracedFamily>([[GENL_ID_CTRL, controlFamily]]);

  const print = (direction: "sent" | "received", datagram: Uint8Array) => {
    try {
      for (const message of decodeMessages(datagram)) {
        log(`${direction} ${message.sequence}: ${renderMessage(message, direction, families)}`);
        if (direction === "received") learnFamily(message, family, families);
      }
    } catch (error) {
      log(`${direction}: ${String(error)}: ${toHex(datagram)}`);
    }
  };

  return {
    receiveBufferSize: socket.receiveBufferSize,
    sendBufferSize: socket.sendBufferSize,
    send(datagram) {
      print("sent", datagram);
      return socket.send(datagram);
    },
    async receive() {
      const datagram = await socket.receive();
      print("received", datagram);
      return datagram;
    },
    close: () => socket.close(),
  };
}

function learnFamily(message: Message, family: TracedFamily, families: Map<number, TracedFamily>): void {
  if (message.type !== GENL_ID_CTRL) return;
  const { familyId, familyName } = decodeGeneric(control, message);
  if (familyId !== undefined && familyName === family.name) families.set(familyId, family);
}

function renderMessage(
  message: Message,
  direction: "sent" | "received",
  families: ReadonlyMap<number, TracedFamily>,
): string {
  const { type, flags, payload } = message;
  if (type === NLMSG_ERROR) return renderRefusal("NLMSG_ERROR", decodeError(message));
  if (type === NLMSG_DONE) return renderRefusal("NLMSG_DONE", decodeDone(message));
  const flagNames = renderFlags(flags, direction === "sent" ? requestFlags : replyFlags);
  const family = families.get(type);
  if (family === undefined || payload.byteLength === 0) {
    return `${types[type] ?? `type ${type}`}${flagNames} ${toHex(payload)}`.trimEnd();
  }
  const { name, attributes } = family.command(payload.getUint8(0));
  return `${name}${flagNames} ${renderRecord(decodeGeneric(attributes, message), family)}`;
}

function renderRefusal(name: string, refusal: NetlinkError | undefined): string {
  if (refusal === undefined) return `${name} 0`;
  const { code, kernelMessage, offset } = refusal;
  const place = offset === undefined ? "" : ` at ${offset}`;
  return `${name} ${code}${kernelMessage === undefined ? "" : ` ${JSON.stringify(kernelMessage)}`}${place}`;
}

function renderFlags(flags: number, names: Readonly<Record<string, number>>): string {
  return Object.entries(names)
    .filter(([, flag]) => (flags & flag) === flag)
    .map(([name]) => ` ${name}`)
    .join("");
}

function renderRecord(record: Readonly<Record<string, unknown>>, family: TracedFamily): string {
  const fields = Object.entries(record).map(
    ([name, value]) => `${name}: ${family.render(name, value, record) ?? renderAttribute(value, family)}`,
  );
  return `{${fields.join(", ")}}`;
}

function renderAttribute(value: unknown, family: TracedFamily): string {
  // A deferred set.
  if (typeof value === "function") return renderAttribute(value(), family);
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return renderRecord(value as Record<string, unknown>, family);
  return String(value);
}

function toHex({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("hex");
}
