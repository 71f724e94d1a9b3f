import { markOf, secondsLeft, templateKindOf } from "../../model/selection/connection-traits.js";
import type { Connection, ConnectionEndpoint, MarkServiceKey } from "../../model/table.js";
import { protocolOfWord } from "../../proc/protocol-word.js";
import { connectionTitle, renderExpiry } from "./connection-lines.js";
import { type Names, renderEndpoint } from "./shown-names.js";

/** Columns of the table. The first ones are those of `ipvsadm -Lc`. */
const endpointWidth = 18;
const originWidth = 6;

const [, , , , , destinationTitle = ""] = connectionTitle.split(/ +/);

/** The title of a table of connections. */
export const connectionTableTitle = `${connectionTitle}${" ".repeat(endpointWidth - destinationTitle.length)} origin`;

/** The line of a connection, a byte string without a newline. */
export function renderTableRow(connection: Connection, names: Names): string {
  const { protocol, state, origin = "-" } = connection;
  const notes = [...notesOf(connection)].join(", ");
  return (
    `${escapeWord(protocol).padEnd(3)} ${renderExpiry(secondsLeft(connection)).padEnd(6)} ` +
    `${escapeWord(state).padEnd(11)} ${renderEnds(connection, names)} ` +
    (notes === "" ? origin : `${origin.padEnd(originWidth)} ${notes}`)
  );
}

/** The client, the service and the server, each in its column. */
export function renderEnds(connection: Connection, names: Names): string {
  const { protocol, source, virtual, destination } = connection;
  return [source, markOf(connection) ?? virtual, destination]
    .map((end) => renderEnd(end, protocol, names).padEnd(endpointWidth))
    .join(" ");
}

/** An end of a connection of this protocol, or the firewall mark in its place. */
export function renderEnd(end: ConnectionEndpoint | MarkServiceKey, protocol: string, names: Names): string {
  if ("fwmark" in end) return `fwmark ${end.fwmark}${end.family === "inet6" ? " IPv6" : ""}`;
  return renderEndpoint(end.address, end.port, protocolOfWord(protocol), names);
}

/** What is special about a connection: `template, dead` has been invalidated. */
export function* notesOf(connection: Connection): Generator<string> {
  const template = templateKindOf(connection);
  if (template !== undefined) yield "template";
  if (template === "dead") yield "dead";
  const { engine } = connection;
  if (engine !== undefined) yield `${escapeWord(engine.name)} ${escapeWord(engine.data)}`;
}

/** A byte string in graphic ASCII: what a client has sent must not reach a terminal. */
export function escapeWord(word: string): string {
  return word.replace(/[^!-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
