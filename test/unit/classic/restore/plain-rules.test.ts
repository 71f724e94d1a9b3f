import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "../../../../src/classic/grammar/parse.js";
import { PlainRuleReader } from "../../../../src/classic/restore/fast/plain-rules.js";
import { splitRestoreLine } from "../../../../src/classic/restore/split-line.js";
import { renderRules } from "../../../../src/format/text/rule-lines.js";
import { numericNames } from "../../../../src/format/text/shown-names.js";
import type { TableEntry } from "../../../../src/model/table.js";
import { markService, server, service } from "../../../support/entries.js";
import { Random } from "../../../support/random.js";
import { scriptHost } from "../../../support/scripted-host.js";

const context = { programName: "ipvsadm", resolver: scriptHost().host.resolver };
const parse = (line: string) => parseCommandLine(splitRestoreLine(line), context);

const serviceRules = [
  "-A -t 10.0.0.1:80 -s wlc",
  "-A -u 255.255.255.255:65535 -s rr -p 1",
  "-A -t 10.0.0.1:0 -s sh -p 2678400",
  "-A -f 7 -s wrr -p 360",
  "-A -f 999999999 -s abcdefghijklmno",
];

const rules = [
  "-a -t 10.0.0.1:80 -r 172.16.0.1:8080 -m -w 3",
  "-a -t 10.0.0.1:80 -r 172.16.0.2:8080 -g -w 0",
  "-a -t 10.0.0.1:80 -r 172.16.0.3:8080 -i",
  "-a -t 10.0.0.1:8 -r 172.16.0.3:8080 -i",
  "-a -u 255.255.255.255:65535 -r 0.0.0.0:0 -m -w 999999999",
  "-a -f 7 -r 172.16.0.1:8080 -g -w 1",
  "-a -f 007 -r 172.16.0.1:0080 -m -w 01",
];

test("a rule as -Sn prints it means what it means to the parser of all lines", async () => {
  const reader = new PlainRuleReader();
  for (const line of [...rules, ...serviceRules, ...rules]) {
    assert.deepEqual(reader.read(line), await parse(line), line);
  }
});

test("rules of one service share its key", () => {
  const reader = new PlainRuleReader();
  const keys = rules.map((line) => {
    const change = reader.read(line);
    return change?.command === "add-destination" ? change.service : undefined;
  });
  assert.ok(keys[0] === keys[1] && keys[1] === keys[2]);
  assert.equal(new Set(keys).size, 5);
});

test("every other line is left to the parser, also after a rule", () => {
  const reader = new PlainRuleReader();
  for (const line of [
    "",
    "-A -t 10.0.0.1:80",
    "-A -t 10.0.0.1:0 -s wlc",
    "-A -t 10.0.0.1:65536 -s wlc",
    "-A -t 10.0.0.256:80 -s wlc",
    "-A -t 10.0.0.1:http -s wlc",
    "-A -t [2001:db8::1]:80 -s wlc",
    "-A -f 0 -s wlc",
    "-A -f 7 -6 -s wlc",
    "-A -u 10.0.0.1:80 -s wlc -o",
    "-A -t 10.0.0.1:80 -s sh -b sh-port",
    "-A -t 10.0.0.1:80 -s wlc -p",
    "-A -t 10.0.0.1:80 -s wlc -p 0",
    "-A -t 10.0.0.1:80 -s wlc -p 2678401",
    "-A -t 10.0.0.1:80 -s wlc -p 360 -M 255.255.255.0",
    "-A -t 10.0.0.1:80 -s abcdefghijklmnop",
    "-A -t 10.0.0.1:80 -s wlc ",
    "-Anything",
    "-E -t 10.0.0.1:80 -s wlc",
    "ipvsadm -a -t 10.0.0.1:80 -r 172.16.0.1:80 -m",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:80 -m -w 1 ",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:80 -m -w 1\r",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:80 -m -w -1",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:80 -m -w 2147483648",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:80 -m -m",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:80",
    "-a -t 10.0.0.1:80 -r 172.16.0.1 -m",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:65536 -m",
    "-a -t 10.0.0.1:65536 -r 172.16.0.1:80 -m",
    "-a -t 10.0.0.01:80 -r 172.16.0.1:80 -m",
    "-a -t 10.0.0.256:80 -r 172.16.0.1:80 -m",
    "-a -t 10.1:80 -r 172.16.0.1:80 -m",
    "-a -t host:80 -r 172.16.0.1:80 -m",
    "-a -t [2001:db8::1]:80 -r 172.16.0.1:80 -i",
    "-a -t 10.0.0.1:http -r 172.16.0.1:80 -m",
    "-a -t 10.0.0.1:80 -r 172.16.0.1:80 -i -w 1 --tun-type ipip",
    "-a -f 0 -r 172.16.0.1:80 -m",
    "-a -f 4294967295 -r 172.16.0.1:80 -m",
    "-a -f 7 -6 -r 172.16.0.1:80 -m",
    "-e -t 10.0.0.1:80 -r 172.16.0.1:80 -m",
  ]) {
    assert.ok(reader.read(rules[0] ?? ""));
    assert.equal(reader.read(line), undefined, line);
  }
});

test("whatever is read as a rule means the same to the parser: lines of random words", async () => {
  const random = new Random(11);
  const octets = ["0", "1", "9", "10", "99", "100", "199", "255", "256", "01", "+1", ""];
  const address = () => Array.from({ length: 4 }, () => random.pick(octets)).join(".");
  const port = () => random.pick(["", ":0", ":1", ":80", ":080", ":65535", ":65536", ":http", ":+80"]);
  const service = () =>
    random.chance(0.3)
      ? `-f ${random.pick(["0", "1", "077", "999999999", "4294967296", "0x1"])}`
      : `${random.pick(["-t", "-u", "-t=", "-T"])} ${address()}${port()}`;
  const serviceRule = (key: string) => {
    const scheduler = random.pick(["", " -s wlc", " -s rr", " -s Wlc", " -s abcdefghijklmnop"]);
    const persistence = random.pick(["", "", " -p", " -p 0", " -p 1", " -p 0360", " -p 2678400", " -p 2678401"]);
    return `-A ${key}${scheduler}${persistence}`;
  };
  const serverRule = (key: string) => {
    const method = random.pick([" -m", " -g", " -i", "", " -mg"]);
    const weight = random.pick(["", " -w 1", " -w 0", " -w 007", " -w -1", " -w 4294967296", " -w"]);
    return `-a ${key} -r ${address()}${port()}${method}${weight}`;
  };
  const reader = new PlainRuleReader();
  const read = { "add-service": 0, "add-destination": 0 };
  let last = service();
  for (let count = 0; count < 80_000; count++) {
    if (random.chance(0.5)) last = service();
    const line = random.chance(0.25) ? serviceRule(last) : serverRule(last);
    const change = reader.read(line);
    if (change === undefined) continue;
    assert.ok(change.command === "add-service" || change.command === "add-destination");
    read[change.command]++;
    assert.deepEqual(change, await parse(line), line);
  }
  assert.ok(read["add-service"] > 100 && read["add-destination"] > 100, JSON.stringify(read));
});

/** A table whose rules are plain: IPv4, no tunnels, no settings besides scheduler and persistence. */
function plainTable(random: Random): TableEntry[] {
  return Array.from({ length: 1 + random.below(5) }, (_, index) => {
    const persistent = random.chance(0.3);
    const settings = { scheduler: random.pick(["wlc", "rr", "mh"]), persistent, timeout: persistent ? 300 + index : 0 };
    const key = { protocol: random.pick(["tcp", "udp"] as const), port: 80 + index };
    const destinations = Array.from({ length: random.below(5) }, (_, last) => {
      const forward = random.pick(["masq", "route"] as const);
      const port = forward === "route" ? key.port : random.below(65536);
      return server({ address: `172.16.0.${last}`, port, forward, weight: random.below(1_000_000_000) });
    });
    return random.chance(0.2)
      ? { service: markService({ family: "inet", fwmark: 1 + index }, settings), destinations }
      : { service: service({ ...key, ...settings }), destinations };
  });
}

test("every plain rule that a save prints is read here, and means the table", async () => {
  for (let seed = 0; seed < 300; seed++) {
    const reader = new PlainRuleReader();
    const table = plainTable(new Random(seed));
    const lines = [...renderRules(table, numericNames)].map(String);
    const found = lines.map((line) => reader.read(line));
    for (const [index, change] of found.entries()) {
      assert.notEqual(change, undefined, `seed ${seed}: ${lines[index]}`);
      assert.deepEqual(change, await parse(lines[index] ?? ""), `seed ${seed}`);
    }
    const rules = table.reduce((count, { destinations }) => count + 1 + destinations.length, 0);
    assert.equal(found.length, rules, `seed ${seed}`);
  }
});
