/** What `ipvsadm drain --json` and `ipvsadm ramp --json` print: one line per event. */
import { drainOutcomes, rampOutcomes } from "../../../model/changes/server-outcomes.js";
import { largestInteger, largestUnsigned } from "../../../model/limits.js";
import type { GroupValues } from "../../../model/selection/connection-group.js";
import { codec, flag, integer, type Kind, listOf, oneOf, text, unicode } from "../kinds.js";
import { object, optional, required } from "../objects.js";
import { workFields } from "./events.js";

const connectionCount = integer(0, largestUnsigned);
/** Milliseconds are exact enough. */
const secondsKind: Kind<number> = {
  schema: () => ({ type: "number", minimum: 0 }),
  name: "number",
  read: (value) => Number(value),
  write: (value) => Math.round(value * 1000) / 1000,
};
const names = listOf(unicode("text"));

const clientKind = object("a client of a drained server", {
  client: required(
    codec(text("an address"), String, (values: GroupValues) => values.client?.address ?? ""),
    "Its address.",
    { from: ({ values }: { readonly values: GroupValues }) => values },
  ),
  count: required(connectionCount, "Its connections."),
});

const leftFields = {
  seconds: required(secondsKind, "Since the beginning."),
  active: required(connectionCount, "Connections that are left and established, or being opened."),
  inactive: required(connectionCount, "Other connections that are left."),
  living: optional(connectionCount, "Of all of them, those that can still carry data; absent where nobody has looked."),
};

/** Every kind of event of a drain. */
export const drainEventKinds = {
  begin: object("the beginning of a drain", {
    ...workFields("begin", "What happened: the weights are 0."),
    servers: required(names, "The servers."),
    remarks: required(names, "What is known in advance."),
    undo: optional(unicode("text"), "By which `ipvsadm undo` gives the weights back; absent where they were 0 before."),
  }),
  waiting: object("a reading of a drain", {
    ...workFields("waiting", "What happened: a reading."),
    ...leftFields,
  }),
  end: object("the end of a drain", {
    ...workFields("end", "What happened: the command ends."),
    outcome: required(
      oneOf(...drainOutcomes),
      "`drained`: the connections are over; `started`: it did not wait; `deadline`: the time was over first; `raised`: " +
        "somebody else has given a server a weight; `interrupted`: by a signal.",
    ),
    ...leftFields,
    isDeleted: required(flag, "Whether the servers are deleted.", { name: "deleted" }),
    isUndrained: required(flag, "Whether they have their weights again.", { name: "undrained" }),
    gone: required(names, "Servers that somebody else has deleted."),
    raised: required(names, "Servers to which somebody else has given a weight."),
    clients: required(listOf(clientKind), "The clients with the most connections that are left."),
  }),
} as const;

const rampedServerKind = object("a server of a ramp", {
  name: required(unicode("text"), "The server."),
  weight: required(integer(0, largestInteger), "The weight that it was given."),
});

const rampedServers = required(listOf(rampedServerKind), "The servers.");

/** Every kind of event of a ramp. */
export const rampEventKinds = {
  begin: object("the beginning of a ramp", {
    ...workFields("begin", "What happened: the servers have their first weights."),
    remarks: required(names, "What is known in advance."),
    undo: optional(
      unicode("text"),
      "By which `ipvsadm undo` takes the ramp back; absent where nothing has changed yet.",
    ),
  }),
  step: object("a step of a ramp", {
    ...workFields("step", "What happened: the servers have other weights."),
    seconds: leftFields.seconds,
    servers: rampedServers,
  }),
  end: object("the end of a ramp", {
    ...workFields("end", "What happened: the command ends."),
    outcome: required(
      oneOf(...rampOutcomes),
      "`done`: the servers have their last weights; `taken`: somebody else has given a server a weight; `interrupted`: by " +
        "a signal; `gone`: somebody else has deleted the servers; `unchanged`: they had their last weights already, and " +
        "this is the only event.",
    ),
    seconds: leftFields.seconds,
    servers: rampedServers,
    taken: required(names, "Servers to which somebody else has given a weight."),
  }),
} as const;
