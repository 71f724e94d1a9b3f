import type { Change } from "../model/change.js";
import type { ServiceKey } from "../model/table.js";
import { type CommandAttributes, encodeCommand } from "./attributes.js";
import * as kernel from "./constants.js";
import { toDestination, toDestinationReference, toService, toServiceReference } from "./convert.js";
import { toDaemon, toDaemonReference } from "./convert-daemon.js";
import type { Operation } from "./ipvs-error.js";

/** The number of each change on the wire, and what errors call it. */
const commands: Readonly<Record<Change["command"], readonly [number: number, operation: Operation]>> = {
  "add-service": [kernel.IPVS_CMD_NEW_SERVICE, "add service"],
  "edit-service": [kernel.IPVS_CMD_SET_SERVICE, "edit service"],
  "delete-service": [kernel.IPVS_CMD_DEL_SERVICE, "delete service"],
  "add-destination": [kernel.IPVS_CMD_NEW_DEST, "add destination"],
  "edit-destination": [kernel.IPVS_CMD_SET_DEST, "edit destination"],
  "delete-destination": [kernel.IPVS_CMD_DEL_DEST, "delete destination"],
  flush: [kernel.IPVS_CMD_FLUSH, "flush"],
  zero: [kernel.IPVS_CMD_ZERO, "zero"],
  "set-timeouts": [kernel.IPVS_CMD_SET_CONFIG, "set timeouts"],
  "start-daemon": [kernel.IPVS_CMD_NEW_DAEMON, "start daemon"],
  "stop-daemon": [kernel.IPVS_CMD_DEL_DAEMON, "stop daemon"],
};

export function operationOf(change: Change): Operation {
  return commands[change.command][1];
}

/** A change as the payload of a message. Throws a RangeError for a value that cannot be sent. */
export function encodeChange(change: Change): Uint8Array {
  return encodeCommand(commands[change.command][0], toAttributes(change));
}

/** The payload of a change as far as it names the service. Throws a RangeError for a faulty address. */
export function encodeServiceReference(command: Change["command"], service: ServiceKey): Uint8Array {
  return encodeCommand(commands[command][0], { service: toServiceReference(service) });
}

function toAttributes(change: Change): CommandAttributes {
  switch (change.command) {
    case "add-service":
    case "edit-service":
      return { service: toService(change.service) };
    case "delete-service":
      return { service: toServiceReference(change.service) };
    case "add-destination":
    case "edit-destination":
      return { service: toServiceReference(change.service), destination: toDestination(change.destination) };
    case "delete-destination":
      return { service: toServiceReference(change.service), destination: toDestinationReference(change.destination) };
    case "flush":
      return {};
    case "zero":
      return change.service ? { service: toServiceReference(change.service) } : {};
    case "set-timeouts": {
      const { tcp, tcpFin, udp } = change.timeouts;
      return { tcp, tcpFin, udp };
    }
    case "start-daemon":
      return { daemon: toDaemon(change.daemon) };
    case "stop-daemon":
      return { daemon: toDaemonReference(change.state, change.syncId) };
  }
}
