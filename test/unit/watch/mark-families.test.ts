import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTable } from "../../../src/proc/proc-table.js";
import { familiesOfMarks } from "../../../src/watch/reading/mark-families.js";
import { titles } from "../../support/proc-text.js";

const both = () => Promise.resolve(["inet", "inet6"] as const);

async function familiesOf(rows: string, candidates: Parameters<typeof familiesOfMarks>[1] = both) {
  return familiesOfMarks(parseTable(titles + rows), candidates);
}

const ipv6Server = "  -> [fd00:0000:0000:0000:0000:0000:0000:0002]:0000      Route   1      0          0         \n";
const ipv4Server = "  -> 0A010009:0000      Route   1      0          0         \n";
const tunnel = "  -> 0A010009:0000      Tunnel  1      0          0         \n";

test("servers show the family of a mark, unless they are tunneled", async () => {
  assert.deepEqual(await familiesOf(`FWM  00000008 wlc \n${ipv6Server}`), ["inet6"]);
  assert.deepEqual(await familiesOf(`FWM  00000008 wlc \n${ipv4Server}`), ["inet"]);
  assert.deepEqual(await familiesOf(`FWM  00000008 wlc \n${tunnel}${ipv6Server}`), ["inet6"]);
  assert.deepEqual(await familiesOf(`FWM  00000008 wlc \n${tunnel}`, () => Promise.resolve(["inet6"])), ["inet6"]);
});

test("the mask of persistence shows the family of a mark", async () => {
  assert.deepEqual(await familiesOf("FWM  00000008 wlc persistent 3000 80000000\n"), ["inet6"]);
  assert.deepEqual(await familiesOf("FWM  00000008 wlc persistent 3000 00000040\n"), ["inet6"]);
  assert.deepEqual(await familiesOf("FWM  00000008 wlc persistent 3000 FFFFFF00\n"), ["inet"]);
});

test("two services of a mark have both families, in any order", async () => {
  assert.deepEqual(await familiesOf("FWM  00000008 wlc \nFWM  00000008 wlc \n"), ["inet", "inet6"]);
  assert.deepEqual(await familiesOf(`FWM  00000008 wlc \nFWM  00000008 wlc \n${ipv4Server}`), ["inet6", "inet"]);
});

test("a row that was read twice is the same service, where the kernel was asked", async () => {
  const asked = () => Promise.resolve(["inet6"] as const);
  assert.deepEqual(await familiesOf("FWM  00000008 wlc \nFWM  00000008 wlc \n", asked), ["inet6", "inet6"]);
});
