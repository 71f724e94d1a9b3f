import assert from "node:assert/strict";
import { test } from "node:test";
import { Ipvs } from "../../../src/index.js";
import type { IpvsClient } from "../../../src/ipvs/client.js";
import { IpvsError } from "../../../src/ipvs/ipvs-error.js";
import type { Change } from "../../../src/model/change.js";
import { isMarkService, type ServiceEntry, type ServiceKey } from "../../../src/model/table.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { server, service } from "../../support/entries.js";

const web = { protocol: "tcp", address: "10.0.0.1", port: 80 } as const;

/** A kernel of the services, each of which has one destination; it answers a call in the next turn of the event loop. */
class SlowKernel implements IpvsClient {
  /** What it was asked, in order. */
  readonly calls: string[] = [];
  readonly changes: Change[] = [];
  /** The most calls that were unanswered at the same time. */
  busiest = 0;
  #busy = 0;

  constructor(private readonly entries: readonly ServiceEntry[] = [service()]) {}

  info = () => this.#answer("info", { version: "1.2.1", connectionTableSize: 4096 });
  services = () => this.#answer("services", [...this.entries]);
  serviceSettings = () => this.#answer("serviceSettings", [...this.entries]);
  timeouts = () => this.#answer("timeouts", { tcp: 900, tcpFin: 120, udp: 300 });
  daemons = () => this.#answer("daemons", []);

  async service(key: ServiceKey): Promise<ServiceEntry> {
    const found = this.entries.find((entry) => portOf(entry) === portOf(key));
    return this.#answer("service", found ?? new IpvsError("get service", errnoOf("ESRCH")));
  }

  destinations = (key: ServiceKey) => this.#answer("destinations", [server({ port: portOf(key), weight: 7 })]);

  destinationLoads = (key: ServiceKey) => this.destinations(key);
  countedServices = () => this.#answer("countedServices", undefined);
  countedServers = () => this.#answer("countedServers", []);

  change(changes: readonly Change[]) {
    this.changes.push(...changes);
    const outcomes = changes.map(({ command }) =>
      command === "flush" ? new IpvsError("flush", errnoOf("EPERM")) : undefined,
    );
    return this.#answer(changes.map(({ command }) => command).join(" "), outcomes);
  }

  close(): void {
    this.calls.push("close");
  }

  async #answer<T>(call: string, answer: T | IpvsError): Promise<T> {
    this.calls.push(call);
    this.busiest = Math.max(this.busiest, ++this.#busy);
    await new Promise((resolve) => setImmediate(resolve));
    this.#busy--;
    if (answer instanceof IpvsError) throw answer;
    return answer;
  }
}

function portOf(key: ServiceKey): number {
  return isMarkService(key) ? 0 : key.port;
}

/** The library on another kernel than the real one, which its private constructor takes. */
function makeIpvs(kernel: IpvsClient): Ipvs {
  return Reflect.construct(Ipvs, [kernel]);
}

test("a table of many services is read with a bounded number of requests at a time, in its order", async () => {
  const services = Array.from({ length: 300 }, (_, index) => service({ port: 300 - index }));
  const kernel = new SlowKernel(services);
  const table = await makeIpvs(kernel).list();
  assert.deepEqual(
    table.map((entry) => [entry.service, portOf(entry.service)]),
    services.map((entry) => [entry, portOf(entry)]),
  );
  assert.deepEqual(
    table.map(({ destinations }) => destinations.map(({ port }) => port)),
    services.map((entry) => [portOf(entry)]),
  );
  assert.equal(kernel.busiest, 64);
});

test("an edit is made of what the kernel has", async () => {
  const kernel = new SlowKernel([service({ scheduler: "mh", schedulerFlags: [1] })]);
  const ipvs = makeIpvs(kernel);
  await ipvs.editService({ ...web, timeout: 60 });
  await ipvs.editDestination(web, { address: "10.1.0.1", upperThreshold: 5 });
  const [first, second] = kernel.changes;
  assert.ok(first?.command === "edit-service" && second?.command === "edit-destination");
  assert.deepEqual(
    [first.service.scheduler, first.service.schedulerFlags, first.service.timeout, first.service.persistent],
    ["mh", [1], 60, true],
  );
  const { weight, forward, upperThreshold } = second.destination;
  assert.deepEqual([weight, forward, upperThreshold], [7, "masq", 5]);
});

test("nothing comes between the reading and the change of an edit, and every call keeps its turn", async () => {
  const kernel = new SlowKernel();
  const ipvs = makeIpvs(kernel);
  await Promise.all([
    ipvs.zero("all"),
    ipvs.editDestination(web, { address: "10.1.0.1", weight: 1 }),
    ipvs.editService({ ...web, scheduler: "rr" }),
    ipvs.timeouts(),
    ipvs.change([{ command: "delete-service", service: web }]),
  ]);
  const edits = ["service", "destinations", "edit-destination", "service", "edit-service"];
  assert.deepEqual(kernel.calls, ["zero", ...edits, "timeouts", "delete-service"]);
});

test("an edit that fails holds up none of the calls after it", async () => {
  const kernel = new SlowKernel([]);
  const ipvs = makeIpvs(kernel);
  const failing = ipvs.editService(web);
  const later = ipvs.zero("all");
  await assert.rejects(failing, { name: "IpvsError", message: "No such service" });
  await later;
  assert.deepEqual(kernel.calls, ["service", "zero"]);
});

test("an edit of a destination that is not there is refused as the kernel would", async () => {
  const kernel = new SlowKernel();
  await assert.rejects(makeIpvs(kernel).editDestination(web, { address: "10.1.0.1", port: 8080 }), {
    name: "IpvsError",
    operation: "edit destination",
    message: "No such destination",
  });
  assert.deepEqual(kernel.changes, []);
});

test("a refusal rejects, or is the outcome in a batch", async () => {
  const ipvs = makeIpvs(new SlowKernel());
  await assert.rejects(ipvs.clear(), { name: "IpvsError", operation: "flush" });
  const outcomes = await ipvs.change([{ command: "flush" }, { command: "zero", service: "all" }]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome?.operation),
    ["flush", undefined],
  );
});

test("nothing is sent where a value is wrong, and the call rejects", async () => {
  const kernel = new SlowKernel();
  const ipvs = makeIpvs(kernel);
  const wrong = { ...web, port: 70000 };
  const destination = { address: "10.1.0.1", weight: -1 };
  const calls: readonly (() => Promise<unknown>)[] = [
    () => ipvs.get(wrong),
    () => ipvs.addService(wrong),
    () => ipvs.editService(wrong),
    () => ipvs.deleteService(wrong),
    () => ipvs.zero(wrong),
    () => ipvs.addDestination(web, destination),
    () => ipvs.deleteDestination(wrong, destination),
    () => ipvs.editDestination(wrong, destination),
    () => ipvs.setTimeouts({ tcp: -1 }),
    () => ipvs.startDaemon({ state: "master", interface: "" }),
    () => ipvs.stopDaemon({ state: "master", syncId: -1 }),
    () =>
      ipvs.change([
        { command: "zero", service: "all" },
        { command: "delete-service", service: wrong },
      ]),
  ];
  for (const call of calls) await assert.rejects(call(), RangeError, String(call));
  assert.deepEqual(kernel.calls, []);
  // Only what is there shows that the weight is wrong.
  await assert.rejects(ipvs.editDestination(web, destination), RangeError);
  assert.deepEqual(kernel.changes, []);
});

test("a connection that is disposed of is closed", () => {
  const kernel = new SlowKernel();
  makeIpvs(kernel)[Symbol.dispose]();
  assert.deepEqual(kernel.calls, ["close"]);
});
