import assert from "node:assert/strict";
import { test } from "node:test";
import { OptionError } from "../../../../src/classic/grammar/option-error.js";
import { parseCommandLine } from "../../../../src/classic/grammar/parse.js";
import { UsageError } from "../../../../src/cli/usage-error.js";
import { resolver } from "../../../support/fixtures.js";

const parse = (line: string) =>
  parseCommandLine(line === "" ? [] : line.split(" "), { programName: "ipvsadm", resolver });

const plain = { view: "plain", exact: false, numeric: false, sorted: true, persistentConnections: false };

test("no word at all lists the table with names", async () => {
  assert.deepEqual(await parse(""), {
    command: "list",
    subject: { kind: "table" },
    format: plain,
    json: false,
  });
});

test("a service has its defaults", async () => {
  assert.deepEqual(await parse("-A -t 10.0.0.1:http"), {
    command: "add-service",
    service: {
      family: "inet",
      protocol: "tcp",
      address: "10.0.0.1",
      port: 80,
      scheduler: "wlc",
      schedulerFlags: [],
      onePacket: false,
      persistent: false,
      timeout: 0,
      netmask: "255.255.255.255",
    },
  });
});

test("every setting of a service is taken", async () => {
  const line = "-E -f 4294967295 -6 -s abcdefghijklmnopq -b flag-3,flag-1 -p 7 -M 64 -o --pe sip";
  assert.deepEqual(await parse(line), {
    command: "edit-service",
    service: {
      family: "inet6",
      fwmark: 4294967295,
      scheduler: "abcdefghijklmno",
      schedulerFlags: [1, 3],
      onePacket: true,
      persistent: true,
      timeout: 7,
      netmask: 64,
      engine: "sip",
    },
  });
});

test("a server has its defaults", async () => {
  assert.deepEqual(await parse("-a -t 10.0.0.1:80 -r 10.0.0.2:90"), {
    command: "add-destination",
    service: { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 },
    destination: {
      family: "inet",
      address: "10.0.0.2",
      port: 80,
      forward: "route",
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
    },
  });
});

test("every setting of a server is taken", async () => {
  const line = "-e -u 10.0.0.1:53 -r [2001:DB8:0::1]:90 -i -w 5 -x 9 -y 3 --tun-type gue --tun-port 6080 --tun-remcsum";
  assert.deepEqual(await parse(line), {
    command: "edit-destination",
    service: { family: "inet", protocol: "udp", address: "10.0.0.1", port: 53 },
    destination: {
      family: "inet6",
      address: "2001:db8::1",
      port: 53,
      forward: "tunnel",
      weight: 5,
      upperThreshold: 9,
      lowerThreshold: 3,
      tunnel: { type: "gue", port: 6080, checksum: "remcsum" },
    },
  });
});

test("a server is deleted with the port that was given", async () => {
  const service = { family: "inet", protocol: "sctp", address: "10.0.0.1", port: 80 };
  assert.deepEqual(await parse("-d --sctp-service 10.0.0.1:80 -r 10.0.0.2:90"), {
    command: "delete-destination",
    service,
    destination: { family: "inet", address: "10.0.0.2", port: 90 },
  });
});

test("daemons and timeouts are taken", async () => {
  const line =
    "--start-daemon backup --syncid 7 --mcast-interface lo --mcast-group ff02::81 --mcast-port 9 --mcast-ttl 3 --sync-maxlen 1300";
  assert.deepEqual(await parse(line), {
    command: "start-daemon",
    daemon: {
      state: "backup",
      interface: "lo",
      syncId: 7,
      syncMaxLength: 1300,
      multicastGroup: "ff02::81",
      multicastPort: 9,
      multicastTtl: 3,
    },
  });
  assert.deepEqual(await parse("--stop-daemon master --syncid 9"), {
    command: "stop-daemon",
    state: "master",
    syncId: 9,
  });
  assert.deepEqual(await parse("1 --set 0 3"), { command: "set-timeouts", timeouts: { tcp: 1, tcpFin: 0, udp: 3 } });
});

test("a list shows its subject in the view of highest precedence", async () => {
  const key = { family: "inet", fwmark: 5 };
  const cases = {
    "-L -n -X --nosort --tun-info --rate --stats": {
      subject: { kind: "table" },
      format: { ...plain, view: "stats", exact: true, numeric: true, sorted: false },
    },
    "-l -f 5 --tun-info --persistent-conn": {
      subject: { kind: "service", key },
      format: { ...plain, view: "persistent-conn", persistentConnections: true },
    },
    "-Lc --persistent-conn": {
      subject: { kind: "connections" },
      format: { ...plain, view: "persistent-conn", persistentConnections: true },
    },
    "-L --timeout": { subject: { kind: "timeouts" }, format: plain },
    "-L --daemon": { subject: { kind: "daemons" }, format: plain },
    "-L --daemon --json": { subject: { kind: "daemons" }, format: plain, json: true },
    "-Lc --json": { subject: { kind: "connections" }, format: plain, json: true },
  };
  for (const [line, rest] of Object.entries(cases)) {
    assert.deepEqual(await parse(line), { command: "list", json: false, ...rest });
  }
});

test("the other commands carry what they need", async () => {
  const key = { family: "inet", fwmark: 5 };
  assert.deepEqual(await parse("-C"), { command: "flush" });
  assert.deepEqual(await parse("-R"), { command: "restore", test: false });
  assert.deepEqual(await parse("-R --test"), { command: "restore", test: true });
  assert.deepEqual(await parse("-Sn"), { command: "save", numeric: true, json: false });
  assert.deepEqual(await parse("-S --json"), { command: "save", numeric: false, json: true });
  assert.deepEqual(await parse("-Z"), { command: "zero", service: "all" });
  // No address and no port at all: every service, as without one.
  assert.deepEqual(await parse("-Z -t 0.0.0.0"), { command: "zero", service: "all" });
  assert.deepEqual(await parse("-Z -u ::"), { command: "zero", service: "all" });
  assert.ok("service" in (await parse("-Z -t 0.0.0.0:80")));
  assert.deepEqual(await parse("-Z -f 5"), { command: "zero", service: key });
  assert.deepEqual(await parse("-D -f 5"), { command: "delete-service", service: key });
  assert.deepEqual(await parse("-h -L -Q"), { command: "help" });
  assert.deepEqual(await parse("--version x"), { command: "version" });
});

test("only a fault of an option itself leaves a restore going", async () => {
  const ends = async (line: string) => {
    const error = await parse(line).catch((error: unknown) => error);
    assert.ok(error instanceof UsageError);
    return !(error instanceof OptionError);
  };
  for (const line of ["-L -Q", "-L -w", "-L --numeric=1"]) assert.equal(await ends(line), false, line);
  for (const line of ["-Q", "-L -w x", "-L -A", "-L word", "-C -n", "-n"]) assert.equal(await ends(line), true, line);
});
