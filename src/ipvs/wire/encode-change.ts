import type { Change, DestinationChange, ServiceChange } from "../../model/change.js";
import type { ServiceKey } from "../../model/table.js";
import type { AttributeSet, Declaration, Sent } from "../../netlink/codec/attribute-set.js";
import { GenericSeries } from "../../netlink/codec/generic.js";
import type { Operation } from "../ipvs-error.js";
import { daemonCommand, destinationCommand, type SentService, serviceCommand, timeoutsCommand } from "./attributes.js";
import * as kernel from "./constants.js";
import { toDaemon, toDaemonReference } from "./convert-daemon.js";
import { toDestination, toDestinationReference } from "./convert-destination.js";
import { toService, toServiceReference } from "./convert-service.js";

/** Names a service in a change of anything but its settings. */
type ToReference = (key: ServiceKey) => SentService;

interface Command<C> {
  /** On the wire. */
  readonly number: number;
  /** What errors call it. */
  readonly operation: Operation;
  readonly set: AttributeSet<Declaration>;
  /** Throws a RangeError for a value that cannot be sent. */
  readonly values: (change: C, toReference: ToReference) => Sent<Declaration>;
}

/** A command, whose values have to be those of its set. */
function define<C, D extends Declaration>(
  number: number,
  operation: Operation,
  set: AttributeSet<D>,
  values: (change: C, toReference: ToReference) => Sent<D>,
): Command<C> {
  return { number, operation, set, values };
}

const changeService = ({ service }: ServiceChange) => ({ service: toService(service) });

const changeDestination = ({ service, destination }: DestinationChange, toReference: ToReference) => ({
  service: toReference(service),
  destination: toDestination(destination),
});

const encodings: { readonly [Name in Change["command"]]: Command<Change & { readonly command: Name }> } = {
  "add-service": define(kernel.IPVS_CMD_NEW_SERVICE, "add service", serviceCommand, changeService),
  "edit-service": define(kernel.IPVS_CMD_SET_SERVICE, "edit service", serviceCommand, changeService),
  "delete-service": define(kernel.IPVS_CMD_DEL_SERVICE, "delete service", serviceCommand, (change, toReference) => ({
    service: toReference(change.service),
  })),
  "add-destination": define(kernel.IPVS_CMD_NEW_DEST, "add destination", destinationCommand, changeDestination),
  "edit-destination": define(kernel.IPVS_CMD_SET_DEST, "edit destination", destinationCommand, changeDestination),
  "delete-destination": define(
    kernel.IPVS_CMD_DEL_DEST,
    "delete destination",
    destinationCommand,
    ({ service, destination }, toReference) => ({
      service: toReference(service),
      destination: toDestinationReference(destination),
    }),
  ),
  flush: define(kernel.IPVS_CMD_FLUSH, "flush", serviceCommand, () => ({})),
  zero: define(kernel.IPVS_CMD_ZERO, "zero", serviceCommand, ({ service }, toReference) => ({
    service: service === "all" ? undefined : toReference(service),
  })),
  "set-timeouts": define(kernel.IPVS_CMD_SET_CONFIG, "set timeouts", timeoutsCommand, ({ timeouts }) => timeouts),
  "start-daemon": define(kernel.IPVS_CMD_NEW_DAEMON, "start daemon", daemonCommand, ({ daemon }) => ({
    daemon: toDaemon(daemon),
  })),
  "stop-daemon": define(kernel.IPVS_CMD_DEL_DAEMON, "stop daemon", daemonCommand, ({ state, syncId }) => ({
    daemon: toDaemonReference(state, syncId),
  })),
};

export function operationOf(change: Change): Operation {
  return encodings[change.command].operation;
}

export function makeSeries(): GenericSeries {
  return new GenericSeries(kernel.IPVS_GENL_VERSION);
}

/** Changes as the payloads of messages, as a batch of the series. Throws a RangeError for a value that cannot be sent. */
export function encodeChanges(changes: readonly Change[], series = makeSeries()): Uint8Array[] {
  series.beginBatch();
  const toReference = rememberLast(toServiceReference);
  return changes.map((change) => {
    const { number, set, values }: Command<never> = encodings[change.command];
    return series.encode(number, set, values(change as never, toReference));
  });
}

/** A key comes with each of its destinations: it is converted once. */
function rememberLast(toReference: ToReference): ToReference {
  let last: ServiceKey | undefined;
  let reference: SentService = {};
  return (key) => {
    if (key !== last) {
      reference = toReference(key);
      last = key;
    }
    return reference;
  };
}
