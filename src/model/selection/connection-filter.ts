import { type Connection, type ConnectionOrigin, isMarkService, type ServiceKey } from "../table.js";
import { type AddressRange, isInRange } from "./address-range.js";
import { markOf, secondsLeft, templateKindOf } from "./connection-traits.js";

/** Numbers of seconds, both ends included. */
export interface SecondsRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Which connections are wanted. One that fits has a hit in every list that is not empty. Words are the kernel's:
 * `TCP`, `ESTABLISHED`.
 */
export interface ConnectionFilter {
  readonly protocols: readonly string[];
  readonly clients: readonly AddressRange[];
  /** Never fits the templates of firewall marks, which have no address. */
  readonly virtuals: readonly AddressRange[];
  readonly services: readonly ServiceKey[];
  readonly servers: readonly AddressRange[];
  readonly states: readonly string[];
  /** States that do not fit. */
  readonly notStates: readonly string[];
  readonly expires: readonly SecondsRange[];
  /** Names of persistence engines. */
  readonly engines: readonly string[];
  readonly origins: readonly ConnectionOrigin[];
  /** Templates only, or none; undefined means both. */
  readonly templates: boolean | undefined;
}

/** Fits every connection. */
export const anyConnection: ConnectionFilter = {
  protocols: [],
  clients: [],
  virtuals: [],
  services: [],
  servers: [],
  states: [],
  notStates: [],
  expires: [],
  engines: [],
  origins: [],
  templates: undefined,
};

/** Whether a connection fits. */
export function matchesConnection(filter: ConnectionFilter, connection: Connection): boolean {
  const { protocol, source, virtual, destination, state, engine, origin } = connection;
  return (
    fitsOne(filter.protocols, (wanted) => wanted === protocol) &&
    fitsOne(filter.clients, (range) => isInRange(range, source)) &&
    fitsOne(filter.virtuals, (range) => markOf(connection) === undefined && isInRange(range, virtual)) &&
    fitsOne(filter.services, (service) => belongsTo(service, connection)) &&
    fitsOne(filter.servers, (range) => isInRange(range, destination)) &&
    fitsOne(filter.states, (wanted) => wanted === state) &&
    !filter.notStates.includes(state) &&
    fitsOne(filter.expires, ({ from, to }) => secondsLeft(connection) >= from && secondsLeft(connection) <= to) &&
    fitsOne(filter.engines, (name) => name === engine?.name) &&
    fitsOne(filter.origins, (wanted) => wanted === origin) &&
    (filter.templates === undefined || filter.templates === (templateKindOf(connection) !== undefined))
  );
}

function fitsOne<T>(wanted: readonly T[], fits: (one: T) => boolean): boolean {
  return wanted.length === 0 || wanted.some(fits);
}

/**
 * Whether a connection shows that it belongs to the service. A service of port 0 takes every port. For a firewall mark
 * only templates show it: the kernel does not keep the mark of a connection.
 */
function belongsTo(service: ServiceKey, connection: Connection): boolean {
  if (isMarkService(service)) {
    const mark = markOf(connection);
    return mark?.fwmark === service.fwmark && mark.family === service.family;
  }
  const { protocol, virtual } = connection;
  return (
    protocol === service.protocol.toUpperCase() &&
    virtual.address === service.address &&
    (service.port === 0 || virtual.port === service.port)
  );
}
