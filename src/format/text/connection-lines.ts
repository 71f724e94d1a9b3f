import type { Connection, ConnectionEndpoint } from "../../model/table.js";
import { protocolOfWord } from "../../proc/protocol-word.js";
import { type Names, renderEndpoint } from "./shown-names.js";

/** The columns of a listing of connections. */
export const connectionTitle = "pro expire state       source             virtual            destination";

/** The title lines of `ipvsadm -Lc`. */
export function renderConnectionTitles(withEngines: boolean): [string, string] {
  return [
    "IPVS connection entries",
    withEngines ? `${connectionTitle}        pe name          pe_data` : connectionTitle,
  ];
}

/** The line of one connection; `withEngine` adds what its persistence engine keeps. */
export function renderConnection(connection: Connection, withEngine: boolean, names: Names): string {
  const { protocol, state, source, virtual, destination, engine } = connection;
  const service = protocolOfWord(protocol);
  const endpoint = ({ address, port }: ConnectionEndpoint) => renderEndpoint(address, port, service, names);
  const last = endpoint(destination);
  return (
    `${protocol.padEnd(3)} ${renderExpiry(connection.expires).padEnd(6)} ${state.padEnd(11)} ` +
    `${endpoint(source).padEnd(18)} ${endpoint(virtual).padEnd(18)} ` +
    (withEngine && engine ? `${last.padEnd(16)} ${engine.name.padEnd(18)} ${engine.data}` : last)
  );
}

/** `mm:ss`, minutes with two digits or more. */
export function renderExpiry(seconds: number): string {
  const twoDigits = (number: number) => number.toString().padStart(2, "0");
  return `${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`;
}

/** The addresses that lines of connections show. */
export function* connectionAddresses(connections: Iterable<Connection>): Generator<string> {
  for (const { source, virtual, destination } of connections) {
    yield source.address;
    yield virtual.address;
    yield destination.address;
  }
}
