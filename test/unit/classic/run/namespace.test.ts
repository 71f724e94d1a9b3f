import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../../../src/classic/run/classic.js";
import { runRestore, runSave } from "../../../../src/classic/run/scripts.js";
import { runVerb } from "../../../../src/commands/run.js";
import type { Host } from "../../../../src/host/host.js";
import { type FakeHostOptions, makeHost, refusingKernel } from "../../../support/fake-host.js";

/** Runs a program; `order` is what it did to the namespace and to the kernel. */
async function observe(run: (host: Host) => Promise<number>, options: FakeHostOptions = {}) {
  const order: string[] = [];
  const host = makeHost({
    enterNamespace: (path) => {
      order.push(path);
      return undefined;
    },
    openKernel: () => {
      order.push("kernel");
      return refusingKernel("EPERM")();
    },
    ...options,
  });
  return { status: await run(host), order, error: host.error, output: host.output };
}

const classic =
  (...args: string[]) =>
  (host: Host) =>
    runClassic("ipvsadm", args, host);

for (const [what, run] of [
  ["a listing", classic("-L", "--netns", "blue")],
  ["a command line without a command", classic("--netns=blue")],
  ["a change", classic("--netns", "blue", "-A", "-f", "1")],
  ["a restore", classic("-R", "--netns", "blue")],
  ["ipvsadm-save", (host: Host) => runSave(["-n", "--netns", "blue"], host)],
  ["ipvsadm-restore", (host: Host) => runRestore(["-h", "--netns=blue"], host)],
] as const) {
  test(`${what} enters the namespace before it reaches the kernel`, async () => {
    const { order, status } = await observe(run);
    assert.deepEqual(order.slice(0, 2), ["/run/netns/blue", "kernel"]);
    assert.equal(status, 2);
  });
  test(`${what} touches nothing where the namespace cannot be entered`, async () => {
    const refused = await observe(run, { enterNamespace: () => ({ code: "ENOENT", reason: "" }) });
    assert.deepEqual(
      [refused.order, refused.status, refused.output, refused.error],
      [
        [],
        2,
        "",
        "--netns blue: /run/netns/blue: there is no such network namespace\n'ip netns list' lists the names\n",
      ],
    );
  });
}

test("no namespace is entered for help, the version or a wrong name", async () => {
  for (const word of ["-h", "--version"]) {
    const { order, status } = await observe(classic(word, "--netns", "blue"));
    assert.deepEqual([order, status], [[], 0]);
  }
  const wrong = await observe(classic("-L", "--netns", "../blue"));
  assert.deepEqual([wrong.order, wrong.status], [[], 2]);
  assert.match(wrong.error, /^--netns \.\.\/blue: not a network namespace/);
});

test("--netns without its value is reported in popt's words, and a second one in ipvsadm's", async () => {
  const kernel = { openKernel: async () => ({ close() {} }) as Awaited<ReturnType<Host["openKernel"]>> };
  const missing = await observe(classic("-L", "--netns"), kernel);
  assert.deepEqual([missing.status, missing.error], [255, "--netns: missing argument\n"]);
  const twice = await observe(classic("-L", "--netns", "a", "--netns", "b"));
  assert.deepEqual([twice.order, twice.status, twice.error], [[], 2, "multiple 'netns' options specified\n"]);
});

test("a line of a restore cannot leave the namespace", async () => {
  const { error, status } = await observe(classic("-R", "--netns", "blue"), {
    openKernel: async () => ({ close() {} }) as Awaited<ReturnType<Host["openKernel"]>>,
    stdin: ["-A -f 1 --netns red\n"],
  });
  assert.deepEqual([status, error], [2, "--netns is for a command line, not for a line of its input\n"]);
  const checked = makeHost({ stdin: ["-A -f 1 --netns red\n"] });
  assert.equal(await runClassic("ipvsadm", ["-R", "--test"], checked), 2);
  assert.equal(checked.error, "line 1: --netns is for a command line, not for a line of its input\n");
});

test("a verb enters the namespace after its flags are checked and before anything else", async () => {
  const verb =
    (...args: string[]) =>
    (host: Host) =>
      runVerb(args, host);
  const entered = await observe(verb("undo", "--netns", "blue", "--list"));
  assert.deepEqual([entered.order, entered.status], [["/run/netns/blue"], 0]);
  const wrong = await observe(verb("undo", "--netns", "blue", "--nonsense"));
  assert.deepEqual([wrong.order, wrong.status], [[], 2]);
  const name = await observe(verb("doctor", "--netns", "a/b"));
  assert.deepEqual([name.order, name.status], [[], 2]);
  const refused = await observe(verb("flush", "--yes", "--netns", "blue"), {
    enterNamespace: () => ({ code: "EPERM", reason: "" }),
  });
  assert.deepEqual([refused.order, refused.status], [[], 7]);
  assert.match(refused.error, /^ipvsadm flush: --netns blue: \/run\/netns\/blue: no permission to enter/);
});
