import assert from "node:assert/strict";
import { test } from "node:test";
import { runVerb } from "../../../src/commands/run.js";
import { checkIds } from "../../../src/doctor/checks.js";
import { renderOverrides } from "../../../src/format/json/changes/override-document.js";
import { compactStyle } from "../../../src/format/json/json-style.js";
import type { Change } from "../../../src/model/change.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { SystemError } from "../../../src/platform/system-calls.js";
import { address, front, lan, loopback } from "../../support/doctor-facts.js";
import { markService, server, service } from "../../support/entries.js";
import { FakeClock, type FakeHostOptions, makeHost } from "../../support/fake-host.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { FakeState } from "../../support/fake-state.js";

const web = service({ address: "10.0.1.100" });
const changes: readonly Change[] = [
  { command: "add-service", service: web },
  { command: "add-destination", service: web, destination: server({ address: "10.0.2.11" }) },
];

const network: NonNullable<FakeHostOptions["network"]> = {
  links: async () => [loopback, front, { ...lan, name: "l\u001bn" }],
  addresses: async () => [address("10.0.1.1", front, 24), address("10.0.1.100", front, 32)],
  route: async (_family, text) =>
    text === "10.0.1.100" ? { type: "local", interface: 1 } : { type: "unicast", interface: 3 },
};

/** A director whose settings are in order but for those that are given. */
async function run(line: string, files: NonNullable<FakeHostOptions["userFiles"]> = {}, options: FakeHostOptions = {}) {
  const kernel = new FakeKernel();
  await kernel.change(changes);
  const host = makeHost({
    network,
    files: { ip_vs: () => "" },
    openKernel: async () => kernel,
    userFiles: {
      "/proc/self/ns/net": "net:[4026531840]",
      "/proc/1/ns/net": "net:[4026531840]",
      "/proc/sys/kernel/osrelease": "6.1.0\n",
      "/proc/sys/net/ipv4/ip_forward": "1\n",
      "/proc/sys/net/ipv4/vs/conn_reuse_mode": "1\n",
      "/proc/sys/net/ipv4/vs/drop_entry": "0\n",
      "/proc/sys/net/ipv4/vs/drop_packet": "0\n",
      "/proc/sys/net/ipv4/vs/secure_tcp": "0\n",
      ...files,
    },
    ...options,
  });
  const status = await runVerb(["doctor", ...line.split(" ").filter(Boolean)], host);
  return { status, output: host.output, error: host.error };
}

const forwardingOff = { "/proc/sys/net/ipv4/ip_forward": "0\n" };

test("a director in order: no fault, status 0", async () => {
  assert.deepEqual(await run(""), { status: 0, output: "no fault found\n", error: "" });
  assert.deepEqual(JSON.parse((await run("--json")).output).findings, []);
});

test("an error: what was read, why it matters, what to run, and status 1", async () => {
  assert.deepEqual(await run("", forwardingOff), {
    status: 1,
    output:
      "error fwd4: server 10.0.2.11:80 of service TCP 10.0.1.100:80: /proc/sys/net/ipv4/ip_forward is 0\n" +
      "  Without forwarding the kernel drops the replies of masqueraded servers.\n" +
      "  run: sysctl -w net.ipv4.ip_forward=1\n" +
      "1 error\n",
    error: "",
  });
});

test("--only, --skip and --threshold choose", async () => {
  assert.equal((await run("--skip fwd4", forwardingOff)).output, "no fault found\n");
  assert.equal((await run("--only route --only neigh", forwardingOff)).output, "no fault found\n");
  const hint = { "/proc/sys/net/ipv4/vs/cache_bypass": "1\n" };
  assert.match((await run("", hint)).output, /^hint cache-bypass: .*\n[\s\S]*\n1 hint\n$/);
  assert.deepEqual(await run("--threshold warning", hint), { status: 0, output: "no fault found\n", error: "" });
});

test("without any check to run, or with flags for a description, nothing is called in order", async () => {
  assert.deepEqual(await run("--only fwd4 --skip fwd4", forwardingOff), {
    status: 2,
    output: "",
    error: "ipvsadm doctor: --only and --skip leave no check\n",
  });
  const { status, output, error } = await run("fwd4 --json");
  assert.deepEqual([status, output], [2, ""]);
  assert.match(error, /: --json does not go with the ID of a check, which is only described\n$/);
  assert.equal((await run("fwd4")).status, 0);
});

test("--json is an object with the findings", async () => {
  const { status, output, error } = await run("--json", forwardingOff);
  const { version, role, findings } = JSON.parse(output);
  assert.deepEqual([status, error, version, role], [1, "", 1, "director"]);
  assert.deepEqual(
    findings.map(({ id, severity, commands }: Record<string, unknown>) => [id, severity, commands]),
    [["fwd4", "error", ["sysctl -w net.ipv4.ip_forward=1"]]],
  );
});

test("--fix-script is a shell script that also keeps the settings", async () => {
  const { output } = await run("--fix-script", forwardingOff);
  assert.equal(
    output,
    "#!/bin/sh -e\n# Commands of ipvsadm doctor. Read them before you run them.\n\n" +
      "# error fwd4: server 10.0.2.11:80 of service TCP 10.0.1.100:80: /proc/sys/net/ipv4/ip_forward is 0\n" +
      "sysctl -w net.ipv4.ip_forward=1\n\n" +
      "cat >/etc/sysctl.d/90-ipvsadm-doctor.conf <<'END'\nnet.ipv4.ip_forward=1\nEND\n",
  );
});

test("-f examines a file in place of the table", async () => {
  const lines = "-A -t 10.0.1.100:80 -s nothing\n-a -t 10.0.1.100:80 -r 10.0.2.12 -m -w 0\n";
  const { status, output } = await run("-f web.rules", {
    "web.rules": lines,
    "/lib/modules/6.1.0/modules.dep": "",
    "/proc/modules": "",
  });
  assert.equal(status, 1);
  assert.match(output, /^error no-server: service TCP 10\.0\.1\.100:80: all of its servers have weight 0$/m);
  assert.match(output, /^error sched-module: service TCP 10\.0\.1\.100:80: the kernel has no module ip_vs_nothing$/m);
});

test("without privileges the table is unknown, and the status 7", async () => {
  const { status, output, error } = await run("", {}, { openKernel: makeHost().openKernel });
  assert.equal(status, 7);
  assert.match(
    output,
    /^unknown live-syn, .*fwd4.*: the IPVS table cannot be read: .*\nno fault found; \d+ checks could/m,
  );
  assert.match(error, /^ipvsadm doctor: the IPVS table cannot be read: /);
});

test("without the module that is the finding, and the kernel is not asked, for it would load the module", async () => {
  const openKernel = () => Promise.reject(new Error("asked"));
  const { status, output } = await run("--only module", {}, { files: {}, openKernel });
  assert.equal(status, 1);
  assert.match(output, /run: modprobe ip_vs\n1 error\n$/);
});

test("a setting that may not be read is unknown", async () => {
  const hidden = { "/proc/sys/net/ipv4/ip_forward": new SystemError(errnoOf("EACCES")) };
  const { status, output } = await run("", hidden);
  assert.equal(status, 0);
  assert.match(
    output,
    /^unknown fwd4: \/proc\/sys\/net\/ipv4\/ip_forward: Permission denied\nno fault found; 1 check could/,
  );
});

test("the programs that write the table are those of this network namespace", async () => {
  const processes = (...namespaces: string[]) =>
    Object.fromEntries(
      ["kube-router", "ldirectord /etc/"].flatMap((name, index) => [
        [`/proc/${70 + index}/comm`, `${name}\n`],
        [`/proc/${70 + index}/ns/net`, namespaces[index] ?? ""],
      ]),
    );
  const own = "net:[4026531840]";
  assert.match(
    (await run("", processes(own, own))).output,
    /^warning owner: the table: ldirectord and kube-router run here$/m,
  );
  assert.equal((await run("", processes(own, "net:[4026532000]"))).output, "no fault found\n");
  const hidden = { ...processes(own, own), "/proc/71/ns/net": new SystemError(errnoOf("EACCES")) };
  assert.match((await run("", hidden)).output, /^unknown owner: \/proc\/71\/ns\/net: Permission denied$/m);
});

test("what is set at boot: the first folder's file of a name, the last name's value, and only in the first namespace", async () => {
  const name = Buffer.from("10-ä.conf", "utf8").toString("latin1");
  const files = {
    [`/etc/sysctl.d/${name}`]:
      "# no\nnet.ipv4.ip_forward = 1\n-net.ipv4.vs.drop_entry=1\nnet.ipv4.conf.*.rp_filter = 1\n",
    [`/usr/lib/sysctl.d/${name}`]: "net.ipv4.vs.drop_packet = 1\n",
    "/usr/lib/sysctl.d/20-b.conf":
      "net/ipv4/ip_forward = 0\nnet.ipv4.conf.eth0/5.rp_filter = 2\nnet.ipv4.vs.nothing = 1\n",
    "/usr/lib/sysctl.d/README": "net.ipv4.vs.secure_tcp = 1\n",
    "/proc/sys/net/ipv4/conf/eth0.5/rp_filter": "0\n",
  };
  const { output } = await run("--only boot", files);
  assert.deepEqual(
    Buffer.from(output, "latin1")
      .toString("utf8")
      .split("\n")
      .filter((line) => line.startsWith("hint")),
    [
      "hint boot: net.ipv4.ip_forward: it is 1, and /usr/lib/sysctl.d/20-b.conf sets it to 0 at boot",
      "hint boot: net.ipv4.vs.drop_entry: it is 0, and /etc/sysctl.d/10-ä.conf sets it to 1 at boot",
      "hint boot: net.ipv4.conf.eth0.5.rp_filter: it is 0, and /usr/lib/sysctl.d/20-b.conf sets it to 2 at boot",
    ],
  );
  const elsewhere = await run("--only boot", { ...files, "/proc/1/ns/net": "net:[4026532000]" });
  assert.equal(elsewhere.output, "no fault found\n");
});

test("a server that was drained two days ago, and weights that cannot be read", async () => {
  const state = new FakeState();
  const held = {
    service: { family: "inet", protocol: "tcp", address: "10.0.1.100", port: 80 },
    destination: { family: "inet", address: "10.0.2.11", port: 80 },
    weight: 0,
    kind: "drain",
    since: "2026-11-20T10:00:00Z",
    reason: "new disk",
    previousWeight: 1,
  } as const;
  const text = [...renderOverrides([held], compactStyle)].join("");
  state.folders.set("/run/ipvsadm/4026531840", new Map([["overrides.json", text]]));
  const { output } = await run("--only overrides", {}, { state });
  assert.equal(
    output.split("\n")[0],
    "hint overrides: server 10.0.2.11:80 of service TCP 10.0.1.100:80: its weight has been held at 0 for 2 d " +
      "(drain since 2026-11-20T10:00:00Z, new disk)",
  );
  assert.match(output, /^ {2}run: ipvsadm undrain -t 10\.0\.1\.100:80 -r 10\.0\.2\.11:80$/m);
  state.folders.set("/run/ipvsadm/4026531840", new Map([["overrides.json", "{"]]));
  assert.match((await run("--only overrides", {}, { state })).output, /^unknown overrides: .*overrides\.json: damaged/);
});

test("--watch looks twice, and sees what rises meanwhile", async () => {
  const clock = new FakeClock();
  const filtered = () => (clock.monotonic() >= 5000 ? 3 : 1);
  const files = {
    "/proc/sys/net/ipv4/conf/all/rp_filter": "0\n",
    "/proc/sys/net/ipv4/conf/front/rp_filter": "1\n",
    get "/proc/net/netstat"() {
      return `TcpExt: IPReversePathFilter\nTcpExt: ${filtered()}\n`;
    },
  };
  const watched = await run("--only rpfilter --watch 5", {}, { clock, userFiles: files });
  assert.equal(clock.monotonic(), 5000);
  assert.match(watched.output, /^warning rpfilter: interface front: rp_filter is 1, and .* rose by 2$/m);
});

test("connections to a service whose servers have none are those of a firewall mark", async () => {
  const connections =
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n" +
    "TCP 0A000102 9C40 0A000164 0050 0A00020B 0050 ESTABLISHED     899\n";
  const kernel = new FakeKernel();
  await kernel.change([...changes, { command: "add-service", service: markService({ family: "inet", fwmark: 7 }) }]);
  const options: FakeHostOptions = {
    files: { ip_vs: () => "", ip_vs_conn: () => connections },
    openKernel: async () => kernel,
  };
  const { output } = await run("--only mark-shadow", {}, options);
  assert.match(output, /^hint mark-shadow: service TCP 10\.0\.1\.100:80: there are 1 connections to its address/);
  const another = { ...options.files, ip_vs_conn: () => connections.replace(" 0050 0A00020B", " 0051 0A00020B") };
  assert.equal((await run("--only mark-shadow", {}, { ...options, files: another })).output, "no fault found\n");
});

test("a real server without its virtual address, whose interface has a hostile name", async () => {
  const files = Object.fromEntries(
    ["all", "lo", "front", "l\u001bn"].flatMap((name) => [
      [`/proc/sys/net/ipv4/conf/${name}/arp_ignore`, "0\n"],
      [`/proc/sys/net/ipv4/conf/${name}/arp_announce`, "2\n"],
    ]),
  );
  const onLan = { ...network, addresses: async () => [address("10.0.2.11", lan, 24)] };
  const { output } = await run("--role real-server --vip 10.0.2.100", files, { network: onLan });
  assert.match(output, /^error rs-arp-ignore: interface l\?n: arp_ignore is 0/m);
  assert.match(output, /^ {2}run: ip address add 10\.0\.2\.100\/32 dev lo$/m);
});

test("no description of a check is Markdown", async () => {
  for (const id of checkIds) assert.doesNotMatch((await run(id)).output, /^#|\*\*|\\/m, id);
});

test("the id of a check describes it", async () => {
  const { status, output } = await run("fwd4");
  assert.equal(status, 0);
  assert.match(output, /^fwd4\n {2}Forwarding of IPv4 is off: error, on a director, for masq\.\n\n {2}Found when: /);
});

const faults: readonly [string, RegExp][] = [
  ["nothing", /unknown value nothing/],
  ["--only nothing", /unknown value --only=nothing/],
  ["--role real-server", /--role real-server needs --vip ADDRESS/],
  ["--vip 10.0.0.1", /add --role real-server/],
  ["--role real-server --vip nowhere.invalid", /--vip takes an address, not nowhere\.invalid/],
  ["--watch 0", /--watch takes a time from 100ms/],
  ["--json --fix-script", /cannot also be provided/],
];

for (const [line, sentence] of faults) {
  test(`ipvsadm doctor ${line}: exit status 2 and a sentence`, async () => {
    const { status, output, error } = await run(line);
    assert.deepEqual([status, output], [2, ""]);
    assert.match(error, sentence);
  });
}

test("a file that is not there: status 7", async () => {
  const { status, error } = await run("-f nothing.json");
  assert.equal(status, 7);
  assert.match(error, /nothing\.json: No such file or directory/);
});
