/** JSON documents restored into a kernel with a table. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../../../src/classic/run/classic.js";
import { runRestore, runSave } from "../../../../src/classic/run/scripts.js";
import type { Change } from "../../../../src/model/change.js";
import type { ErrorCode } from "../../../../src/platform/errno.js";
import { server as makeServer, markService } from "../../../support/entries.js";
import { makeHost } from "../../../support/fake-host.js";
import { FakeKernel } from "../../../support/fake-kernel.js";

const ipvs = { schema: 1 };
const service = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };
const server = { family: "inet", address: "10.0.0.2", port: 80 };
const mark = { family: "inet", fwmark: 1 };
const whole = {
  ipvs,
  services: [{ ...service, destinations: [server, { ...server, port: 81 }] }],
  timeouts: { tcp: 1, tcp_fin: 2, udp: 3 },
  daemons: [{ state: "backup", interface: "eth0", syncid: 1 }],
};

/** A kernel with the programs that restore into it, which keeps the changes that were made. */
class Director {
  readonly changes: Change[] = [];
  readonly kernel: FakeKernel;

  constructor(refuse?: (change: Change) => ErrorCode | undefined) {
    const afterChange = (change: Change) => this.changes.push(change);
    this.kernel = new FakeKernel({ afterChange, ...(refuse && { refuse }) });
  }

  /** Restores a document, and returns the exit status, what was said, and the commands of the changes. */
  async restore(how: "-R" | "ipvsadm-restore", document: unknown): Promise<[number, string, ...Change["command"][]]> {
    this.changes.length = 0;
    const host = makeHost({ stdin: [JSON.stringify(document)], openKernel: async () => this.kernel });
    const status = await (how === "-R" ? runClassic("ipvsadm", ["-R"], host) : runRestore([], host));
    assert.equal(host.output, "");
    return [status, host.error, ...this.changes.map(({ command }) => command)];
  }

  /** What ipvsadm-save prints, as a value. */
  async save(): Promise<unknown> {
    const host = makeHost({ openKernel: async () => this.kernel });
    assert.equal(await runSave(["--json"], host), 0);
    return JSON.parse(host.output);
  }
}

test("ipvsadm-restore changes what differs, and nothing else", async () => {
  const director = new Director();
  assert.equal((await director.restore("ipvsadm-restore", whole))[0], 0);
  assert.deepEqual(await director.restore("ipvsadm-restore", whole), [0, ""]);
  const edited = {
    ...service,
    scheduler: "rr",
    destinations: [
      { ...server, weight: 5 },
      { ...server, port: 82 },
    ],
  };
  assert.deepEqual(await director.restore("ipvsadm-restore", { ipvs, services: [edited, mark] }), [
    ...([0, "", "edit-service", "add-service", "add-destination", "edit-destination", "delete-destination"] as const),
  ]);
  assert.deepEqual(await director.restore("ipvsadm-restore", { ipvs, services: [mark] }), [0, "", "delete-service"]);
});

test("what was saved needs no change, though the kernel keeps more than a document says", async () => {
  const director = new Director();
  const key = { family: "inet", fwmark: 1 } as const;
  const tunnel = { type: "gue", port: 1, checksum: "csum" } as const;
  await director.kernel.change([
    // Timeout and mask without persistence, and a tunnel of a server that is not tunneled to.
    { command: "add-service", service: markService(key, { timeout: 60, netmask: "255.0.0.0", engine: "sip" }) },
    { command: "add-destination", service: key, destination: makeServer({ tunnel }) },
    { command: "add-destination", service: key, destination: makeServer({ port: 81, forward: "local" }) },
    // The C program would give a server that is routed to the port of its service.
    { command: "add-service", service: { ...markService(key), ...service, family: "inet", protocol: "tcp" } },
    {
      command: "add-destination",
      service: { ...service, family: "inet", protocol: "tcp" },
      destination: makeServer({ port: 8080, forward: "route" }),
    },
    { command: "start-daemon", daemon: { state: "master", interface: "eth0", syncId: 3 } },
  ]);
  const saved = await director.save();
  assert.deepEqual(await director.restore("ipvsadm-restore", saved), [0, ""]);
  assert.deepEqual(await director.save(), saved);
});

test("-R adds to what there is, and what is there already is refused", async () => {
  const director = new Director();
  const add = ["add-service", "add-destination", "add-destination"] as const;
  assert.deepEqual(await director.restore("-R", whole), [0, "", "set-timeouts", ...add, "start-daemon"]);
  assert.deepEqual(await director.restore("-R", { ...whole, services: [mark, ...whole.services] }), [
    255,
    "services[1]: Service already exists\n" +
      "services[1].destinations[0]: Destination already exists\n" +
      "services[1].destinations[1]: Destination already exists\n",
    ...(["set-timeouts", "add-service", ...add] as const),
  ]);
  assert.equal((await director.kernel.services()).length, 2);
});

test("every kind of refusal has its place, and the rest goes on", async () => {
  const director = new Director();
  await director.restore("ipvsadm-restore", {
    ipvs,
    services: [{ ...service, destinations: [server] }, mark],
    daemons: [{ state: "master", interface: "eth0" }],
  });
  const refusing = new Director(() => "ENOMEM");
  for (const { service: there, destinations } of director.kernel.entries()) {
    refusing.kernel.changeAside({ command: "add-service", service: there });
    for (const destination of destinations) {
      refusing.kernel.changeAside({ command: "add-destination", service: there, destination });
    }
  }
  for (const daemon of await director.kernel.daemons())
    refusing.kernel.changeAside({ command: "start-daemon", daemon });
  const services = [
    { family: "inet", fwmark: 2 },
    { ...service, scheduler: "rr", destinations: [{ ...server, port: 81 }] },
  ];
  const [status, said] = await refusing.restore("ipvsadm-restore", { ...whole, services });
  assert.equal(status, 255);
  assert.deepEqual(said.split("\n"), [
    "daemons: Memory allocation problem",
    "services[1]: Memory allocation problem",
    "services[0]: Memory allocation problem",
    "services[1].destinations[0]: Memory allocation problem",
    "services[1].destinations: Memory allocation problem",
    "services: Memory allocation problem",
    "timeouts: Memory allocation problem",
    "daemons[0]: Memory allocation problem",
    "",
  ]);
});
