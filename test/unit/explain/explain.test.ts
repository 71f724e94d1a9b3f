import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runVerb } from "../../../src/commands/run.js";
import { commandLineFaults, findCommandLineFault } from "../../../src/explain/command-line-faults.js";
import { explainRefusal, findRefusals, isRefused, parseOperation, simplified } from "../../../src/explain/explain.js";
import { explainedRefusals } from "../../../src/explain/refusals.js";
import { IpvsError, operations, sentenceOf } from "../../../src/ipvs/ipvs-error.js";
import { type ErrorCode, errnoOf } from "../../../src/platform/errno.js";
import { server } from "../../support/entries.js";
import { makeHost, refusingKernel } from "../../support/fake-host.js";
import { fromRoot } from "../../support/paths.js";

async function explain(...args: string[]) {
  const host = makeHost();
  const status = await runVerb(["explain", ...args], host);
  return { status, output: host.output, error: host.error };
}

test("an operation and an errno have one explanation", () => {
  for (const operation of operations) {
    for (const code of new Set(explainedRefusals.map((refusal) => refusal.code))) {
      const found = explainedRefusals.filter((refusal) => refusal.code === code && isRefused(operation, refusal));
      assert.ok(found.length <= 1, `${operation}, ${code}`);
    }
    assert.ok(isRefused(operation, explainedRefusals.find(({ code }) => code === "EPERM") ?? assert.fail()));
  }
});

test("texts read alike: causes as messages do, checks as sentences, and a command each", () => {
  for (const { check, causes } of explainedRefusals) {
    assert.match(check, /^[A-Z].*\.$/);
    for (const { text, command } of causes) {
      assert.match(text, /^[a-z].*[^.]$/);
      assert.match(command, /^[a-z]/);
    }
    assert.ok(
      causes.some(({ applies }) => applies === undefined),
      check,
    );
  }
});

test("every sentence of ipvsadm is found, with its operation", () => {
  for (const operation of operations) {
    for (const refusal of explainedRefusals.filter((one) => isRefused(operation, one))) {
      const sentence = sentenceOf(operation, refusal.code);
      for (const text of [sentence, `ipvsadm: ${sentence.toLowerCase()}.`]) {
        assert.ok(findRefusals({ text }).get(refusal)?.includes(operation), `${operation}: ${text}`);
      }
    }
  }
});

test("every sentence of the old grammar about a command line is explained", () => {
  const folder = fromRoot("src/classic/grammar/");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const sentences = [...sources.map((name) => `${folder}${name}`), fromRoot("src/cli/service-key.ts")].flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/new UsageError\(\s*(?:"(.*?)"|`((?:[^`\\]|\\.)*)`)/g)].map(
      ([, plain, template]) => (plain ?? template ?? "").replaceAll(/\$\{[^}]*\}/g, "x").replaceAll("\\n", "\n"),
    ),
  );
  assert.ok(sentences.length > 20);
  const unknown = sentences.filter(
    (sentence) => findCommandLineFault(simplified(sentence.replaceAll("\\`", "`"))) === undefined,
  );
  assert.deepEqual(unknown, []);
});

test("explanations of command lines read like the others", () => {
  for (const { check, causes } of commandLineFaults) {
    assert.match(check, /^[A-Z-].*\.$/);
    for (const { text, command } of causes) {
      assert.match(text, /^[a-z-].*[^.]$/);
      assert.match(command, /^[a-z]/);
    }
  }
});

test("operations are written with blanks or hyphens", () => {
  assert.equal(parseOperation("add-service"), "add service");
  assert.equal(parseOperation("Add  Service"), "add service");
  assert.equal(parseOperation("add"), undefined);
});

const questions: readonly [string[], RegExp][] = [
  [["Memory allocation problem"], /^ENOMEM, any operation\n/],
  [["Permission denied (you must be root)"], /^EPERM, any operation\n/],
  [["Can't initialize ipvs: Permission denied (you must be root)"], /^EPERM, any operation\n/],
  [["Permission", "denied", "(you", "must", "be", "root)"], /^EPERM/],
  [["17"], /Service already exists[\s\S]*Destination already exists[\s\S]*Daemon has already run/],
  [["enoent", "--for", "add-service"], /^ENOENT, add service\n[\s\S]*modprobe ip_vs_SCHEDULER/],
  [["--for", "stop daemon"], /ESRCH, stop daemon/],
  [["set", "timeouts"], /EINVAL, set timeouts/],
  [["add-server"], /^EPERM, add destination\n/],
  [["ipvsadm: -w: unknown option"], /in full/],
  [["EINVAL", "--for", "add-server"], /^EINVAL, add destination\n/],
  [["Zero port specified for non-persistent service"], /Checked: {2}A service of every port/],
  [["ipvsadm: illegal weight specified"], /Message: {2}ipvsadm: illegal weight specified\n[\s\S]*weight=50%/],
  [["Are you sure that IP Virtual Server is built in the kernel or as module?"], /modprobe ip_vs\n/],
  [["Invalid argument"], /EINVAL, add destination/],
  [[], /Errors: .*ENOENT/],
];

for (const [args, answer] of questions) {
  test(`explain ${args.join(" ")}`, async () => {
    const { status, output, error } = await explain(...args);
    assert.deepEqual([status, error], [0, ""]);
    assert.match(output, answer);
  });
}

test("what is not known is exit status 2 and a sentence", async () => {
  for (const [args, message] of [
    [["something else"], "nothing is known of 'something else'; run 'ipvsadm explain' for what is"],
    [["EEXIST", "--for", "flush"], "nothing is known of 'EEXIST' for flush; run 'ipvsadm explain' for what is"],
    [["EPERM", "--for", "nothing"], "--for: there is no operation 'nothing'; run 'ipvsadm explain' for the list"],
  ] as const) {
    assert.deepEqual(await explain(...args), { status: 2, output: "", error: `ipvsadm explain: ${message}\n` });
  }
});

const key = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 } as const;
const settings = {
  scheduler: "no$(such)",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
  netmask: "255.255.255.255",
} as const;

test("the short form, with what the change has", () => {
  const of = (operation: (typeof operations)[number], code: ErrorCode, details = {}) =>
    explainRefusal(new IpvsError(operation, errnoOf(code), details));
  const add = (scheduler: string) => ({
    change: { command: "add-service", service: { ...key, ...settings, scheduler } },
  });
  assert.match(of("add service", "ENOENT", add("foo")) ?? "", /^the scheduler is .*; see: modprobe ip_vs_foo$/);
  // Nothing that a shell would run.
  assert.match(of("add service", "ENOENT", add("no$(such)")) ?? "", /modprobe ip_vs_SCHEDULER$/);
  assert.match(of("add service", "ENOENT") ?? "", /modprobe ip_vs_SCHEDULER$/);
  const { change } = add("rr");
  const engine = { change: { ...change, service: { ...change.service, engine: "sip" } } };
  assert.match(of("add service", "ENOENT", engine) ?? "", /modprobe -a ip_vs_rr ip_vs_pe_sip$/);
  const destination = server({ family: "inet6", address: "2001:db8::1" });
  const other = { change: { command: "add-destination", service: key, destination } };
  assert.match(of("add destination", "EINVAL", other) ?? "", /needs the forwarding method tunnel/);
  assert.equal(of("flush", "EEXIST"), undefined);
  assert.match(of("initialize", "EPERM") ?? "", /not run by root: run it with sudo; see: id -un/);
});

test("a verb that the kernel refuses prints it below the message", async () => {
  const host = makeHost({
    files: { ip_vs: () => Buffer.from("IP Virtual Server version 1.2.1 (size=4096)\n") },
    openKernel: refusingKernel("ENOMEM"),
  });
  const { Watch } = await import("../../../src/commands/watch.js");
  assert.ok(Watch);
  const failing = { ...host, proc: host.proc };
  Object.defineProperty(failing.proc, "repeated", {
    value: () => {
      throw new IpvsError("get services", errnoOf("EPERM"));
    },
  });
  assert.equal(await runVerb(["watch", "--count", "1"], failing), 7);
  assert.match(
    host.error,
    /^ipvsadm watch: Permission denied.*\nthe command is not run by root: run it with sudo; see: id -un\n$/,
  );
});

test("a line that a verb printed is found as its message is", () => {
  const message = "Scheduler or persistence engine not found";
  const expected = findRefusals({ text: message });
  assert.ok(expected.size > 0);
  for (const place of [
    "services[0]",
    "services[0].destinations[12]",
    "service tcp [2001:db8::1]:80",
    "service inet fwmark 7",
  ]) {
    assert.deepEqual(findRefusals({ text: `ipvsadm apply: ${place}: ${message}` }), expected);
  }
  assert.equal(findRefusals({ text: `ipvsadm apply: web.yaml: ${message} or so` }).size, 0);
});
