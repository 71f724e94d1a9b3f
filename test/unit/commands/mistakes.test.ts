import assert from "node:assert/strict";
import { test } from "node:test";
import { Director } from "../../support/director.js";
import { noTotals, procText } from "../../support/proc-text.js";

const web = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 };
const servers = [1, 3].map((weight) => ({ family: "inet", address: `10.0.0.${weight}`, port: 80, weight }));
const file = JSON.stringify({
  ipvs: { schema: 1 },
  services: [
    { ...web, scheduler: "wrr", destinations: servers },
    { ...web, protocol: "udp", port: 53, scheduler: "wrr", destinations: servers },
    { family: "inet", fwmark: 5, scheduler: "wrr", destinations: [] },
  ],
});

async function arrange(): Promise<Director> {
  const director = new Director({ schedulers: ["rr", "wrr"] });
  assert.equal((await director.run("apply", { stdin: [file] })).status, 0);
  return director;
}

/** Command lines that are refused, and what is said. */
const refusals: readonly (readonly [line: string, status: number, message: RegExp])[] = [
  [
    "set -t 192.0.2.10:80 -r 10.0.0.3 weight=-20",
    2,
    /: server 10\.0\.0\.3:80 of tcp 192\.0\.2\.10:80: weight: -20 of 3 is below 0; to set it to 0: weight=0\n$/,
  ],
  ["set -t 192.0.2.10:80 -r 10.0.0.3 weight=2 weight=3", 2, /: weight is given twice\n$/],
  ["set -t 192.0.2.10:80 -r 10.0.0.3 --expect weight=2 --expect weight=3 weight=3", 2, /: weight is given twice\n$/],
  [
    "set -t 192.0.2.10:80 weight=2",
    2,
    /service tcp 192\.0\.2\.10:80: weight: belongs to a server: add -r SERVER or --server ADDRESS\n$/,
  ],
  ["set -t 192.0.2.10:80 -r 10.0.0.3 scheduler=rr", 2, /scheduler: belongs to a service: leave out the server\n$/],
  [
    "set -t 192.0.2.10:80 -r 10.0.0.3 upperThreshold=9",
    2,
    /: upperThreshold: unknown field; there are .*did you mean "?upper_threshold/,
  ],
  ["set -t 192.0.2.10:80 -r 10.0.0.3 upper-threshold=9", 2, /: upper-threshold: unknown field; /],
  [
    "set -t 192.0.2.10:80 -r 10.0.0.3 weight=99999999999",
    2,
    /: weight: must be an integer from 0 to 2147483647, not 99999999999\n$/,
  ],
  ["set timeouts.udp=99999999999", 2, /: timeouts\.udp: must be an integer from 1 to \d+, not 99999999999\n$/],
  ["set -f 5 -6 scheduler=rr", 2, /: "-6" is not FIELD=VALUE\nuse --ipv6\n$/],
  ["drain -f 5 -6 -r 10.0.0.3", 2, /\nuse --ipv6\n$/],
  [
    "ramp --server 10.0.0.3 --to 9 --over 400d",
    2,
    /: --over takes a time .*, more than 0 and at most 365d, not "400d"\n$/,
  ],
  ["ramp --server 10.0.0.3 --to 9 --over 0", 2, /, more than 0 and at most 365d, not "0"\n$/],
  ["set timeouts.udp=soon", 2, /: timeouts\.udp: must be a number/],
  ["set timeouts.udp=0", 2, /: timeouts\.udp: must be an integer from 1 /],
  [
    "set -t 192.0.2.10:80 scheduler=foo",
    3,
    /\nipvsadm set: service tcp 192\.0\.2\.10:80: Scheduler or persistence engine not found\n/,
  ],
  [
    "set -t 192.0.2.10:81 -r 10.0.0.3 weight=2",
    3,
    /: there is no service tcp 192\.0\.2\.10:81; at this address there is tcp 192\.0\.2\.10:80, udp 192\.0\.2\.10:53\n$/,
  ],
  [
    "drain -t 192.0.2.10 -r 10.0.0.3",
    3,
    /: there is no service tcp 192\.0\.2\.10:0; at this .*\nwithout a port it is the service of every port; name one as ADDRESS:PORT\n$/,
  ],
  ["undrain -u 192.0.2.10:80 -r 10.0.0.3", 3, /: there is no service udp 192\.0\.2\.10:80; at this address/],
  ["ramp -f 6 -r 10.0.0.3 --to 9 --over 30", 3, /: there is no service inet fwmark 6; there are inet fwmark 5\n$/],
  [
    "set -t 192.0.2.10:80 -r 10.0.0.3:81 weight=2",
    3,
    /: the service tcp 192\.0\.2\.10:80 has no server 10\.0\.0\.3:81; it has 10\.0\.0\.3:80, 10\.0\.0\.1:80\n$/,
  ],
  ["drain --server 10.0.9.0/24", 3, /: no service has a server 10\.0\.9\.0\/24\n$/],
];

for (const [line, status, message] of refusals) {
  test(`${line}: refused with what is wrong, and nothing changes`, async () => {
    const director = await arrange();
    const before = director.table();
    const result = await director.run(line);
    assert.match(result.error, message);
    assert.equal(result.status, status);
    assert.deepEqual(director.table(), before);
  });
}

for (const [verb, args, stdin, message] of [
  ["apply", ["-f", ""], "", "-f takes the name of a file, and the one that is given is empty"],
  [
    "diff",
    [],
    "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n",
    "a listing of `ipvsadm -L`, which lacks settings; `ipvsadm-save -n` writes what can be read",
  ],
] as const) {
  test(`${verb}: ${message}`, async () => {
    const { status, output, error } = await new Director().run([verb, ...args], { stdin: [stdin] });
    assert.deepEqual([status, output, error], [2, "", `ipvsadm ${verb}: ${message}\n`]);
  });
}

test("set prints what it has changed, as diff does", async () => {
  const director = await arrange();
  const { status, output } = await director.run("set --server 10.0.0.3 weight=2");
  assert.equal(status, 0);
  assert.deepEqual(output.split("\n").slice(0, 3), [
    "~ server 10.0.0.3:80 of tcp 192.0.2.10:80 weight 3 -> 2",
    "~ server 10.0.0.3:80 of udp 192.0.2.10:53 weight 3 -> 2",
    "2 changes made; to take them back: ipvsadm undo 20261122T182400.001Z-set",
  ]);
  assert.equal((await director.run("set --server 10.0.0.3 weight=2")).output, "nothing to change\n");
});

test("several changes of one list are no repetition", async () => {
  const director = new Director();
  const services = [{ ...web, scheduler: "mh", destinations: [] }];
  await director.run("apply", { stdin: [JSON.stringify({ ipvs: { schema: 1 }, services })] });
  const { status, output } = await director.run(
    "set -t 192.0.2.10:80 sched_flags=mh-port sched_flags+=mh-fallback sched_flags-=mh-port",
  );
  assert.equal(status, 0);
  assert.match(output, /sched_flags none -> mh-fallback\n/);
});

for (const [line, selector, where] of [
  ["apply --only 192.0.2.99", "--only 192.0.2.99", "the file or the table"],
  ["apply --only 192.0.2.10 --only tcp:192.0.2.10:81", "--only tcp:192.0.2.10:81", "the file or the table"],
  ["apply --ignore fwmark:6 --only 192.0.2.10", "--ignore fwmark:6", "the file or the table"],
  ["diff --only 192.0.2.99", "--only 192.0.2.99", "the file or the table"],
  ["flush --only 203.0.113.1 --yes", "--only 203.0.113.1", "the table"],
] as const) {
  test(`${line}: what selects nothing is a warning`, async () => {
    const director = await arrange();
    const { status, output, error } = await director.run(line, { stdin: [file] });
    const [verb] = line.split(" ");
    assert.equal(error, `ipvsadm ${verb}: warning: ${selector} selects nothing in ${where}\n`);
    assert.equal(output, "nothing to change\n");
    assert.equal(status, 0);
  });
}

test("a selector is met by a service of the file or of the table, also by one that another selector leaves out", async () => {
  const director = await arrange();
  const line = "apply --only 192.0.2.10 --ignore tcp:192.0.2.10 --max-delete 100%";
  const { status, error } = await director.run(line, { stdin: ['{"ipvs":{"schema":1},"services":[]}'] });
  assert.equal(status, 0);
  assert.doesNotMatch(error, /selects nothing/);
  assert.equal(director.table().length, 2);
});

test("watch says that the service to watch is not there", async () => {
  const director = new Director();
  const files = { ip_vs: () => procText(new Map()), ip_vs_stats: () => noTotals };
  const { status, output } = await director.run("watch -t 192.0.2.10 --count 1", { files });
  assert.equal(status, 0);
  assert.match(output, /^! there is no service tcp 192\.0\.2\.10:0$/m);
  assert.doesNotMatch((await director.run("watch --count 1", { files })).output, /there is no service/);
});

test("an undo of an old command says what has changed since, and what it will be", async () => {
  const director = await arrange();
  const first = await director.run("set -t 192.0.2.10:80 -r 10.0.0.3 weight=2");
  await director.run("set -t 192.0.2.10:80 -r 10.0.0.3 weight=9");
  const [id = ""] = /\S+-set/.exec(first.output) ?? [];
  const { status, error } = await director.run(`undo ${id}`);
  assert.equal(status, 0);
  assert.equal(
    error,
    "ipvsadm undo: warning: this has changed since that command:\n" +
      "  ~ server 10.0.0.3:80 of tcp 192.0.2.10:80 weight 2 -> 9\n" +
      "the undo changes it to what was before the command:\n" +
      "  ~ server 10.0.0.3:80 of tcp 192.0.2.10:80 weight 9 -> 3\n",
  );
});

test("a dry run that a guard refuses shows the plan all the same", async () => {
  const director = await arrange();
  const options = { stdin: ['{"ipvs":{"schema":1},"services":[]}'] };
  const { status, output, error } = await director.run("apply --dry-run", options);
  assert.equal(status, 3);
  assert.match(output, /^- service tcp 192\.0\.2\.10:80$/m);
  assert.match(error, /3 of 3 services would be deleted.*:\n {2}- service/);
  const json = await director.run("apply --dry-run --json", options);
  assert.equal(json.status, 3);
  const document = JSON.parse(json.output);
  assert.equal(document.outcome, "planned");
  assert.equal(document.changes.length, 3);
  assert.match(document.error, /3 of 3 services/);
});

test("times take units everywhere", async () => {
  const director = await arrange();
  const { status, output, error } = await director.run("set timeouts.udp=6m timeouts.tcp=1h --wait 100ms");
  assert.deepEqual([status, error], [0, ""]);
  assert.match(output, /^~ timeouts tcp \d+ -> 3600 udp \d+ -> 360$/m);
  const held = await director.run("set -t 192.0.2.10:80 persistent.timeout=2m --wait 5s");
  assert.deepEqual([held.status, /persistent\.timeout none -> 120/.test(held.output)], [0, true], held.output);
  assert.equal((await director.run("set -t 192.0.2.10:80 -r 10.0.0.3 weight=5m")).status, 2);
  assert.equal((await director.run("set timeouts.udp=30 --wait 2d")).status, 2);
  const files = { ip_vs: () => procText(new Map()), ip_vs_stats: () => noTotals };
  assert.equal((await director.run("watch --count 2 --interval 100ms", { files })).status, 0);
  assert.equal((await director.run("watch --count 2 --interval 10ms", { files })).status, 2);
});

test("a ramp to the weight that there is has nothing to do", async () => {
  const director = await arrange();
  const { status, output, error } = await director.run("ramp --server 10.0.0.3 --to 3 --over 1m");
  assert.deepEqual([status, output, error], [0, "nothing to do: the weight is 3 already\n", ""]);
});

test("undrain of a server that is not drained says what it has", async () => {
  const director = await arrange();
  const { status, error } = await director.run("undrain -t 192.0.2.10:80 -r 10.0.0.3");
  assert.equal(status, 3);
  assert.match(
    error,
    /: 10\.0\.0\.3:80 of tcp 192\.0\.2\.10:80 has weight 3, and nobody holds it: it is not drained; to give/,
  );
});
