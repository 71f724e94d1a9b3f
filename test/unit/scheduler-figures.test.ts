/** The long run in docs/cookbook/schedulers.md fits what the schedulers promise, and its plot is drawn from it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parsePage } from "../cookbook/page.js";
import { cookbook } from "../cookbook/pages.js";
import { drawSchedulerPlot, readSchedulerFigures, type SchedulerFigures } from "../cookbook/scheduler-plot.js";

const page = parsePage("schedulers.md", readFileSync(`${cookbook}/schedulers.md`, "utf8"));
const figures = readSchedulerFigures(page);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const weights = [40, 30, 20];

/** How far the shares are from those of the weights, at most, as a part of all. */
function awayFrom(expected: readonly number[], values: readonly number[]): number {
  return Math.max(
    ...values.map((value, index) => Math.abs(value / sum(values) - (expected[index] ?? 0) / sum(expected))),
  );
}

const promises: Record<string, (figures: SchedulerFigures) => boolean> = {
  rr: ({ connections }) => Math.max(...connections) - Math.min(...connections) <= 1,
  // Within one round of nine.
  wrr: ({ connections }) =>
    connections.every((value, index) => Math.abs(value - (2100 * (weights[index] ?? 0)) / 90) <= 4),
  lc: ({ open }) => awayFrom([1, 1, 1], open) < 0.02,
  wlc: ({ open }) => awayFrom(weights, open) < 0.03,
  sed: ({ open }) => awayFrom(weights, open) < 0.03,
  nq: ({ open }) => awayFrom(weights, open) < 0.03,
  fo: ({ connections }) => connections[0] === 2100,
  ovf: ({ connections: [first = 0, second = 0, third = 0] }) => first > second && second > 0 && third === 0,
  sh: ({ loyalClients, connections }) => loyalClients === 100 && awayFrom(weights, connections) < 0.1,
  "sh,port": ({ connections }) => awayFrom(weights, connections) < 0.1,
  mh: ({ loyalClients, connections }) => loyalClients === 100 && awayFrom(weights, connections) < 0.1,
  "mh,port": ({ connections }) => awayFrom(weights, connections) < 0.1,
  dh: ({ loyalAddresses }) => loyalAddresses === 100,
  lblc: ({ loyalAddresses, loyalClients }) => loyalAddresses > 50 && loyalClients === 0,
  lblcr: ({ loyalAddresses, loyalClients }) => loyalAddresses > 50 && loyalClients === 0,
};

test("every scheduler got at least 2,000 connections, and none was refused", () => {
  assert.deepEqual(
    figures.map(({ name }) => name),
    Object.keys(promises),
  );
  for (const { name, connections, refused } of figures) assert.ok(sum(connections) >= 2000 && refused === 0, name);
});

for (const line of figures) test(`${line.name} does what it promises`, () => assert.ok(promises[line.name]?.(line)));

test("the plot of the schedulers is drawn from the page", () => {
  // `npm run cookbook -- --write schedulers` draws it.
  assert.equal(readFileSync(`${cookbook}/who-got-what.svg`, "utf8"), drawSchedulerPlot(figures));
});
