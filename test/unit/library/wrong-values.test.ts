import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyState,
  type DesiredState,
  diagnose,
  drain,
  exportMetrics,
  Ipvs,
  parseDocument,
  rampWeights,
  setFields,
  undrain,
} from "../../../src/index.js";

/** No call may come as far as the kernel. */
const untouched = {} as Ipvs;
const server = { server: "10.0.0.1" };

/** What a program in JavaScript can pass. */
function withWeight(weight: unknown): DesiredState {
  const destinations = [{ family: "inet", address: "10.0.0.1", port: 80 }];
  const services = [
    { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80, scheduler: "rr", destinations },
  ];
  const state = parseDocument(JSON.stringify({ ipvs: { schema: 1 }, services }));
  Object.assign(state.services?.[0]?.destinations[0] ?? {}, { weight });
  return state;
}

async function end(values: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of values);
}

const calls: readonly (readonly [what: string, call: () => Promise<unknown>, message: RegExp])[] = [
  [
    "applyState, for a weight",
    () => applyState(untouched, withWeight("3")),
    /^DocumentError: services\[0\]\.destinations\[0\]\.weight: must be an integer/,
  ],
  ["applyState, for a fraction", () => applyState(untouched, withWeight(1.5)), /weight: must be an integer/],
  [
    "applyState, for nothing",
    () => applyState(untouched, undefined as never),
    /^TypeError: desired must be an object, not undefined/,
  ],
  ["drain, for a text", () => drain(untouched, "10.0.0.1" as never), /^TypeError: selector must be an object, not "10/],
  ["diagnose", () => diagnose({ vips: [{ address: "web" }] }), /not an inet address: web/],
  ["drain, for a server", () => drain(untouched, { server: "web" }), /^RangeError: server must be ADDRESS/],
  ["drain, for a deadline", () => drain(untouched, server, { deadline: Number.NaN }), /deadline must be a number/],
  ["drain, for a reason", () => drain(untouched, server, { reason: "x".repeat(201) }), /reason of 1 to 200 characters/],
  [
    "drain, for half a character",
    () => drain(untouched, server, { reason: "\ud800" }),
    /reason of 1 to 200 characters/,
  ],
  [
    "drain, for a condition",
    () => drain(untouched, server, { until: "emtpy" as "empty" }),
    /until must be one of quiet, /,
  ],
  [
    "drain, for the deadline's action",
    () => drain(untouched, server, { atDeadline: "remove" as "delete" }),
    /atDeadline must be one of keep, /,
  ],
  [
    "drain, for a service that is null",
    () => drain(untouched, { ...server, service: null as never }),
    /service is null; leave it out/,
  ],
  [
    "rampWeights, for a curve",
    () => rampWeights(untouched, server, { over: 9, curve: "lin" as "linear" }),
    /curve must be one of linear, /,
  ],
  ["undrain", () => undrain(untouched, server, { weight: 0 }), /weight must be an integer from 1, not 0/],
  ["rampWeights", () => rampWeights(untouched, server, { over: 0 }), /over and every must be more than 0/],
  [
    "setFields",
    () => setFields(untouched, { destination: { address: "10.0.0.1" } }, {}),
    /a destination needs a service/,
  ],
  [
    "watch",
    () => end(Ipvs.watch({ interval: 0, signal: AbortSignal.timeout(500) })),
    /interval must be more than 0 seconds, not 0/,
  ],
  ["exportMetrics", () => end(exportMetrics({ labels: ["adress"] })), /there is no label 'adress'; there are family, /],
];

for (const [what, call, message] of calls) {
  test(`a wrong value rejects, and throws nothing at once: ${what}`, async () => {
    await assert.rejects(call(), (error) => message.test(String(error)));
  });
}
