import { familyOf } from "../identity.js";
import { largestPort, largestSyncId, largestSyncMaxLength, largestTtl, longestTimeout } from "../limits.js";
import { type Daemon, type DaemonState, daemonStates, type Timeouts } from "../table.js";
import { checkAddress, checkInteger, checkInterfaceName, checkObject, checkOneOf, checkString } from "./check-value.js";

/** The timeouts to set, seconds; one that is left out, or 0, stays as it is. */
export interface TimeoutsInput {
  readonly tcp?: number | undefined;
  readonly tcpFin?: number | undefined;
  readonly udp?: number | undefined;
}

/** A daemon to stop. */
export interface DaemonKeyInput {
  readonly state: DaemonState;
  /** Default: 0. The kernel stops the daemon of the state, whatever its number. */
  readonly syncId?: number | undefined;
}

/** A daemon to start. The kernel chooses what is left out or 0. */
export interface DaemonInput extends DaemonKeyInput {
  /** The network interface of its messages. */
  readonly interface: string;
  /** Longest sync message, bytes, 1 to 65507. */
  readonly syncMaxLength?: number | undefined;
  /** Multicast address of either family. */
  readonly multicastGroup?: string | undefined;
  readonly multicastPort?: number | undefined;
  readonly multicastTtl?: number | undefined;
}

/** What is left out is 0. Throws a TypeError or a RangeError that names the field. */
export function completeTimeouts(input: TimeoutsInput, path: string): Timeouts {
  checkObject(input, path);
  const check = (name: keyof Timeouts) => checkInteger(input[name] ?? 0, `${path}.${name}`, 0, longestTimeout);
  return { tcp: check("tcp"), tcpFin: check("tcpFin"), udp: check("udp") };
}

/** Throws a TypeError or a RangeError that names the field, after `prefix`. */
export function completeDaemonKey(
  { state, syncId = 0 }: DaemonKeyInput,
  prefix: string,
): Pick<Daemon, "state" | "syncId"> {
  return {
    state: checkOneOf(state, `${prefix}state`, daemonStates),
    syncId: checkInteger(syncId, `${prefix}syncId`, 0, largestSyncId),
  };
}

/** What is left out is 0 or absent. Throws a TypeError or a RangeError that names the field. */
export function completeDaemon(input: DaemonInput, path: string): Daemon {
  checkObject(input, path);
  const { syncMaxLength = 0, multicastGroup = "", multicastPort = 0, multicastTtl = 0 } = input;
  const groupPath = `${path}.multicastGroup`;
  return {
    ...completeDaemonKey(input, `${path}.`),
    interface: checkInterfaceName(input.interface, `${path}.interface`),
    syncMaxLength: checkInteger(syncMaxLength, `${path}.syncMaxLength`, 0, largestSyncMaxLength),
    ...(checkString(multicastGroup, groupPath) !== "" && {
      multicastGroup: checkAddress(multicastGroup, groupPath, familyOf(multicastGroup)),
    }),
    multicastPort: checkInteger(multicastPort, `${path}.multicastPort`, 0, largestPort),
    multicastTtl: checkInteger(multicastTtl, `${path}.multicastTtl`, 0, largestTtl),
  };
}
