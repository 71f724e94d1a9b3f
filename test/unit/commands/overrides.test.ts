import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { Director } from "../../support/director.js";
import { fromRoot } from "../../support/paths.js";

const web = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
const one = { family: "inet", address: "10.0.0.1", port: 80, weight: 2 } as const;
const two = { family: "inet", address: "10.0.0.2", port: 80, weight: 3 } as const;
const documentWith = (...services: readonly object[]) => JSON.stringify({ ipvs: { schema: 1 }, services });
const both = { stdin: [documentWith({ ...web, scheduler: "wrr", destinations: [one, two] })] };
const held = ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x7"];
const asInFile = ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x3"];
const file = "/run/ipvsadm/4026531840";
const hold = ["set", "-t", "192.0.2.10:80", "-r", "10.0.0.2", "--hold", "new disk", "weight=7"];
const override = "server 10.0.0.2:80 of tcp 192.0.2.10:80 weight 7 held since 2026-11-22T18:24:00Z: new disk";

/** A director with two servers, of which one's weight is held. */
async function holding(): Promise<Director> {
  const director = new Director();
  assert.equal((await director.run("apply", both)).status, 0);
  const { status, error } = await director.run(hold);
  assert.deepEqual([status, error], [0, ""]);
  assert.deepEqual(director.table(), held);
  return director;
}

const stored = (director: Director) => director.state.folders.get(file)?.get("overrides.json");

test("a weight that is held is no difference, and apply leaves it", async () => {
  const director = await holding();
  const { status, output } = await director.run("diff", both);
  assert.deepEqual([status, output], [0, `= ${override}\nnothing to change\n`]);
  const applied = await director.run("apply", both);
  assert.deepEqual(
    [applied.status, applied.output, applied.error],
    [0, "nothing to change\n", `ipvsadm apply: note: left as it is:\n  ${override}\n`],
  );
  assert.deepEqual(director.table(), held);
  const json = JSON.parse((await director.run("diff --json", both)).output);
  assert.equal(json.held[0].reason, "new disk");
  assert.deepEqual(json.changes, []);
  const schema = JSON.parse(readFileSync(fromRoot("schema/ipvsadm-plan-1.schema.json"), "utf8"));
  assert.ok(new Ajv2020({ strict: false }).validate(schema, json));
});

test("apply still changes what is not held, and the weight that somebody else gave the server", async () => {
  const director = await holding();
  director.kernel.changeAside({
    command: "edit-destination",
    service: web,
    destination: {
      ...two,
      weight: 1,
      forward: "route",
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
    },
  });
  const stdin = [documentWith({ ...web, scheduler: "wrr", destinations: [{ ...one, weight: 5 }, two] })];
  assert.equal((await director.run("apply", { stdin })).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x5, 10.0.0.2 x7"]);
});

test("--no-overrides counts the difference, and ends the hold", async () => {
  const director = await holding();
  const { status, output } = await director.run("diff --no-overrides", both);
  assert.equal(status, 1);
  assert.match(output, /^~ server 10\.0\.0\.2:80 of tcp 192\.0\.2\.10:80 weight 7 -> 3\n0 to add, 1 to change/);
  assert.equal((await director.run("apply --no-overrides", both)).status, 0);
  assert.deepEqual(director.table(), asInFile);
  assert.equal((await director.run("overrides")).output, "");
  assert.equal(stored(director), undefined);
});

test("set changes a weight that is held only with --no-overrides or another --hold", async () => {
  const director = await holding();
  const refused = await director.run("set --server 10.0.0.2 weight=5");
  assert.equal(refused.status, 3);
  assert.match(refused.error, /^ipvsadm set: held by somebody else:\n {2}server .*: new disk\n.*--no-overrides\n$/);
  assert.deepEqual(director.table(), held);
  // What is no weight is not held.
  assert.equal((await director.run("set --server 10.0.0.2 upper_threshold=10")).status, 0);
  assert.equal((await director.run("set --server 10.0.0.2 --hold again weight=6")).status, 0);
  const [again] = JSON.parse(stored(director) ?? "").overrides;
  // What is given back is what there was before the first hold.
  assert.deepEqual([again.weight, again.previous_weight, again.reason], [6, 3, "again"]);
  assert.equal((await director.run("set --server 10.0.0.2 --no-overrides weight=5")).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x2, 10.0.0.2 x5"]);
  assert.equal(stored(director), undefined);
});

test("a weight can be held as it is", async () => {
  const director = new Director();
  await director.run("apply", both);
  const { status, output } = await director.run("set --server 10.0.0.2 --hold why weight=3");
  assert.deepEqual([status, output], [0, "nothing to change\n"]);
  assert.match((await director.run("overrides")).output, /weight 3 held since .*: why\n$/);
});

test("undo of a hold ends it", async () => {
  const director = await holding();
  assert.equal((await director.run("undo")).status, 0);
  assert.deepEqual(director.table(), asInFile);
  assert.equal(stored(director), undefined);
});

test("an override ends with its server or service, and does not come back with it", async () => {
  const deletions = [
    { command: "delete-destination", service: web, destination: two },
    { command: "delete-service", service: web },
    { command: "flush" },
  ] as const;
  for (const deletion of deletions) {
    const director = await holding();
    director.kernel.changeAside(deletion);
    assert.deepEqual(await director.run("overrides"), { status: 0, output: "", error: "", questions: [] });
    assert.equal((await director.run("apply", both)).status, 0);
    assert.deepEqual(director.table(), asInFile, deletion.command);
    assert.equal(stored(director), undefined);
  }
  const director = await holding();
  const stdin = [documentWith({ ...web, scheduler: "wrr", destinations: [one] })];
  assert.equal((await director.run("apply", { stdin })).status, 0);
  assert.equal(stored(director), undefined);
});

test("overrides lists, says where the table differs, and forgets", async () => {
  const director = await holding();
  assert.equal((await director.run("overrides")).output, `${override}\n`);
  assert.equal((await director.run("overrides --server 10.0.0.1")).output, "");
  assert.equal((await director.run("overrides -t 192.0.2.10:80")).output, `${override}\n`);
  assert.equal((await director.run("overrides -t 192.0.2.10:81")).output, "");
  const json: { readonly overrides: readonly { readonly previous_weight: number }[] } = JSON.parse(
    (await director.run("overrides --json")).output,
  );
  const schema = JSON.parse(readFileSync(fromRoot("schema/ipvsadm-overrides-1.schema.json"), "utf8"));
  assert.ok(new Ajv2020({ strict: false }).validate(schema, json));
  assert.equal(json.overrides[0]?.previous_weight, 3);
  const none = await director.run("overrides --clear --server 10.0.0.1");
  assert.deepEqual([none.status, none.error], [3, "ipvsadm overrides: no weight of these is held\n"]);
  const { status, output } = await director.run("overrides --clear -t 192.0.2.10:80 -r 10.0.0.2");
  assert.deepEqual([status, output], [0, "10.0.0.2:80 of tcp 192.0.2.10:80 keeps weight 7, which is held no more\n"]);
  assert.deepEqual(director.table(), held);
  assert.equal((await director.run("diff", both)).status, 1);
});

test("nothing is changed where the hold cannot be written, or the file is damaged", async () => {
  const director = new Director();
  await director.run("apply", both);
  director.state.refusal = new SystemError(errnoOf("ENOSPC"));
  const full = await director.run(hold);
  assert.equal(full.status, 7);
  assert.match(full.error, /overrides\.json: No space left on device/);
  assert.deepEqual(director.table(), asInFile);
  director.state.folders.set(file, new Map([["overrides.json", '{"ipvs":{"schema":1},"overrides":[{}]}']]));
  const damaged = await director.run("apply", both);
  assert.equal(damaged.status, 7);
  assert.match(damaged.error, /overrides\.json: damaged: overrides\[0\]\.service: is missing\nremove the file/);
});

test("a change that the kernel refuses holds nothing", async () => {
  let isRefusing = false;
  const director = new Director({ refuse: () => (isRefusing ? "ENOMEM" : undefined) });
  await director.run("apply", both);
  isRefusing = true;
  const { status } = await director.run(hold);
  isRefusing = false;
  assert.equal(status, 3);
  assert.equal(stored(director), undefined);
});

test("a reason may be in any language", async () => {
  const director = new Director();
  await director.run("apply", both);
  const reason = "Wartung: Lüfter von À bis 東京";
  const bytes = Buffer.from(reason, "utf8").toString("latin1");
  assert.equal((await director.run(["set", "--server", "10.0.0.2", "--hold", bytes, "weight=1"])).status, 0);
  const { output } = await director.run("overrides");
  assert.match(Buffer.from(output, "latin1").toString("utf8"), new RegExp(`: ${reason}\\n`));
});

test("a hold needs a server, a weight and a reason", async () => {
  const director = new Director();
  await director.run("apply", both);
  const cases = [
    [["set", "--server", "10.0.0.2", "--hold", "x", "upper_threshold=1"], /--hold holds weights/],
    [["set", "-t", "192.0.2.10:80", "--hold", "x", "scheduler=rr"], /--hold holds weights/],
    [["set", "--server", "10.0.0.2", "--hold", "", "weight=1"], /--hold takes a reason/],
    [["set", "--server", "10.0.0.2", "--hold", "\x1b[2J", "weight=1"], /--hold takes a reason/],
  ] as const;
  for (const [args, sentence] of cases) {
    const { status, error } = await director.run(args);
    assert.equal(status, 2);
    assert.match(error, sentence);
  }
  assert.deepEqual(director.table(), asInFile);
});
