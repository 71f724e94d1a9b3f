import assert from "node:assert/strict";
import { test } from "node:test";
import { parseListenAddress } from "../../../src/commands/flags/listen-address.js";
import { runVerb } from "../../../src/commands/run.js";
import { errnoOf } from "../../../src/platform/errno.js";
import type { HttpHandler } from "../../../src/platform/network/http-server.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { service } from "../../support/entries.js";
import { type FakeHostOptions, makeHost, refusingKernel } from "../../support/fake-host.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { FakeState } from "../../support/fake-state.js";
import { noTotals } from "../../support/proc-text.js";

const working: FakeHostOptions = {
  files: { ip_vs_stats: () => noTotals },
  openKernel: async () => new FakeKernel(),
};

async function run(args: string, options: FakeHostOptions = working) {
  const host = makeHost(options);
  const status = await runVerb(["metrics", ...args.split(" ").filter((arg) => arg !== "")], host);
  return { status, output: host.output, error: host.error };
}

test("printed once", async () => {
  const { status, output, error } = await run("");
  assert.deepEqual([status, error], [0, ""]);
  assert.match(output, /^ipvs_up 1$/m);
  assert.match((await run("--openmetrics")).output, /# EOF\n$/);
});

const faults: readonly [string, RegExp][] = [
  ["--listen example.org:80", /--listen takes ADDRESS:PORT with an IP address/],
  ["--listen :9733", /--listen takes/],
  ["--listen 127.0.0.1", /--listen takes/],
  ["--listen 127.0.0.1:65536", /--listen takes/],
  ["--listen ::1:80", /--listen takes/],
  ["--listen 9733 --textfile /x", /cannot also be provided/],
  ["--names prometheus", /--names=prometheus to be one of/],
  ["--labels nothing", /--labels: there is no label 'nothing'; there are family/],
  ["--labels proto", /there is no label 'proto'/],
  ["--labels address,", /there is no label ''/],
  ["--max-series 0", /--max-series takes a whole number from 1/],
  ["more", /Unexpected argument/],
];

for (const [args, message] of faults) {
  test(`metrics ${args}: exit status 2 and a sentence`, async () => {
    const { status, output, error } = await run(args);
    assert.deepEqual([status, output], [2, ""]);
    assert.match(error, message);
  });
}

test("where there is no table, the metrics say so, and the exit status", async () => {
  for (const [code, expected, message] of [
    ["EPERM", 7, "reading the table needs root or CAP_NET_ADMIN"],
    ["ENOPROTOOPT", 7, "the kernel has no IPVS, or its module is not loaded; run: modprobe ip_vs"],
    ["EINTR", 3, "initialize: Interrupted system call"],
  ] as const) {
    const { status, output, error } = await run("", { ...working, openKernel: refusingKernel(code) });
    assert.equal(status, expected);
    assert.match(output, /^ipvs_up 0$/m);
    assert.equal(error, `ipvsadm metrics: ${message}\n`);
  }
});

test("a table with more series than are allowed is refused, and a fault of the program itself is status 7", async () => {
  const kernel = new FakeKernel();
  await kernel.change([{ command: "add-service", service: service() }]);
  const many = await run("--max-series 1", { ...working, openKernel: async () => kernel });
  assert.equal(many.status, 3);
  assert.match(many.output, /^ipvs_scrape_error\{reason="too_many_series"\} 1$/m);
  assert.match(many.error, /^ipvsadm metrics: the table has more than 1 series; leave the servers out/);
  const faulty = await run("", { ...working, openKernel: () => Promise.reject(new TypeError("a fault")) });
  assert.equal(faulty.status, 7);
  assert.match(faulty.output, /^ipvs_scrape_error\{reason="unexpected"\} 1$/m);
});

test("a file is replaced, also by metrics that say that there is no table", async () => {
  const state = new FakeState();
  assert.equal((await run("--textfile /x/ipvs.prom", { ...working, state })).status, 0);
  assert.match(state.replaced.get("/x/ipvs.prom")?.text ?? "", /^ipvs_up 1$/m);
  assert.equal(state.replaced.get("/x/ipvs.prom")?.mode, 0o644);
  const refused = { ...working, state, openKernel: refusingKernel("EPERM") };
  assert.equal((await run("--textfile /x/ipvs.prom", refused)).status, 7);
  assert.match(state.replaced.get("/x/ipvs.prom")?.text ?? "", /^ipvs_up 0$/m);
  state.refusal = new SystemError(errnoOf("ENOSPC"));
  const { status, error } = await run("--textfile /x/ipvs.prom", { ...working, state });
  assert.deepEqual([status, error], [7, "ipvsadm metrics: /x/ipvs.prom: No space left on device\n"]);
});

test("an address that cannot be listened on is exit status 7", async () => {
  const { status, error } = await run("--listen 9733");
  assert.deepEqual([status, error], [7, "ipvsadm metrics: cannot listen on 9733: address already in use\n"]);
});

test("a server says where it is, and each reason for a missing table once", async () => {
  let handle: HttpHandler | undefined;
  let code: "EPERM" | undefined;
  let end = () => {};
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  const host = makeHost({
    ...working,
    openKernel: async () => (code === undefined ? new FakeKernel() : refusingKernel(code)()),
    listenHttp: async (endpoint, handler) => {
      handle = handler;
      return { endpoint, closed, close: end };
    },
  });
  const running = runVerb(["metrics", "--listen", "[::1]:9733"], host);
  const scrape = async () => {
    await host.clock.sleep(1000);
    await handle?.({ method: "GET", path: "/metrics", accept: "" });
  };
  for (const next of [undefined, "EPERM", "EPERM", undefined, undefined] as const) {
    code = next;
    await scrape();
  }
  end();
  assert.equal(await running, 0);
  assert.equal(
    host.error,
    "ipvsadm metrics: serving http://[::1]:9733/metrics\n" +
      "ipvsadm metrics: reading the table needs root or CAP_NET_ADMIN\n" +
      "ipvsadm metrics: the table can be read again\n",
  );
});

test("addresses to listen on", () => {
  for (const [text, address, port] of [
    ["9733", "127.0.0.1", 9733],
    ["0.0.0.0:0", "0.0.0.0", 0],
    ["[2001:DB8::0:1]:80", "2001:db8::1", 80],
  ] as const) {
    assert.deepEqual(parseListenAddress(text), { address, port });
  }
});
