import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../../src/classic/run/classic.js";
import { runVerb } from "../../../src/commands/run.js";
import { Director } from "../../support/director.js";
import { type FakeHostOptions, makeHost } from "../../support/fake-host.js";
import { connectionsTitle } from "../../support/random-connections.js";

const desired = JSON.stringify({
  ipvs: { schema: 1 },
  services: [{ family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80, destinations: [] }],
});

/** Command lines whose output has colors, and their input. `watch` takes a terminal over, and has a suite of its own. */
const colored: Readonly<Record<string, FakeHostOptions>> = {
  "-L --timeout --json": {},
  "diff --json": { stdin: [desired] },
  diff: { stdin: [desired] },
  "apply --json --dry-run": { stdin: [desired] },
  "undo --list --json": {},
  "overrides --json": {},
  "connections --json": {},
  doctor: { userFiles: { "/proc/sys/net/ipv4/ip_forward": "0\n" } },
};

async function outputOf(line: string, options: FakeHostOptions): Promise<string> {
  const { kernel, state } = new Director();
  const files = { ip_vs: () => "IP Virtual Server version 1.2.1 (size=4096)\n", ip_vs_conn: () => connectionsTitle };
  const host = makeHost({ state, files, openKernel: async () => kernel, ...options, ...colored[line] });
  const args = line.split(" ");
  await (line.startsWith("-") ? runClassic("ipvsadm", args, host) : runVerb(args, host));
  assert.notEqual(host.output, "", host.error);
  return host.output;
}

const hasEscapes = (text: string) => text.includes("\x1b[3");

for (const line of Object.keys(colored)) {
  test(`ipvsadm ${line}: colors on a terminal that has them, unless NO_COLOR is set`, async () => {
    const show = async (env: Record<string, string>) => hasEscapes(await outputOf(line, { screen: {}, env }));
    assert.equal(await show({ TERM: "xterm" }), true);
    assert.equal(await show({ NO_COLOR: "" }), true);
    assert.equal(await show({ TERM: "dumb" }), false);
    assert.equal(await show({ NO_COLOR: "1" }), false);
    assert.equal(hasEscapes(await outputOf(line, { env: { TERM: "xterm" } })), false);
  });
}
