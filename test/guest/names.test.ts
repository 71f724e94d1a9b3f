// needs: executable,small,ipvsadm
/**
 * Names on their way in and out, in the guest: Debian's ipvsadm, ours on Node and the two executables are given the same names
 * and addresses, with a name server and files of this test.
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { runClassic } from "../../src/classic/run/classic.js";
import { type Answer, startNameServer } from "../support/name-server.js";
import { fromRoot } from "../support/paths.js";
import { runOnKernel } from "../support/real-host.js";

interface Outcome {
  readonly status: number | null;
  /** Byte strings. */
  readonly stdout: string;
  readonly stderr: string;
}

type Program = (args: readonly string[], stdin?: string) => Promise<Outcome>;

const processOf =
  (path: string): Program =>
  async (args, stdin = "") => {
    const child = spawn(path, args);
    const [stdout, stderr] = [readBytes(child.stdout), readBytes(child.stderr)];
    child.stdin.on("error", () => {}).end(stdin, "latin1");
    const [status] = await once(child, "close");
    return { status, stdout: await stdout, stderr: await stderr };
  };

const original = processOf("/usr/sbin/ipvsadm");
const executable = processOf(fromRoot("dist/standalone/ipvsadm"));
const small = processOf(fromRoot("dist/small/ipvsadm"));
const node = processOf(fromRoot("test/lab/bin/ipvsadm"));
/** On Node, without the half second that a process takes to start in the guest. */
const inProcess: Program = (args) => {
  const bytes = args.map((arg) => Buffer.from(arg, "utf8").toString("latin1"));
  return runOnKernel((host) => runClassic("ipvsadm", bytes, host));
};

/** As users start them, and where there is much to do. */
const ours = { node, executable, small };
const oursForMany = { node: inProcess, executable, small };

async function readBytes(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk.toString("latin1");
  return text;
}

/** What the program says to each value, which `argsOf` makes arguments, and the table afterwards. */
async function tryAll(program: Program, values: readonly string[], argsOf: (value: string, port: number) => string[]) {
  await original(["-C"]);
  const said = new Map<string, Outcome>();
  for (const [index, value] of values.entries()) said.set(value, await program(argsOf(value, 1000 + index)));
  const { stdout } = await original(["-Sn"]);
  return { said, table: stdout.split("\n").sort() };
}

const addTo = (host: string, port: number) => ["-A", "-t", `${host}:${port}`];
const refusal: Outcome = { status: 2, stdout: "", stderr: "illegal virtual server address[:port] specified\n" };

async function listings(program: Program) {
  return { list: await program(["-L"]), save: await program(["-S"]), numbers: await program(["-Ln"]) };
}

const label = (length: number) => "x".repeat(length);
const reverse = (address: string) => `${address.split(".").reverse().join(".")}.in-addr.arpa`;
const reverse6 = (digits: string) => `${[...digits].reverse().join(".")}.ip6.arpa`;

const address = (last: number): Answer => [{ a: `10.20.0.${last}` }];
const names = (...labels: string[][]): Answer => labels.map((ptr) => ({ ptr }));

/** By the last byte of 10.40.0.x. */
const reverseNames: readonly Answer[] = [
  names(["plain", "lab"]),
  names(["first", "lab"], ["second", "lab"]),
  names(["evil\x1b[31m", "lab"]),
  names(["a_b", "lab"]),
  names(["dotted.label", "lab"]),
  names([label(63), label(63), "lab"]),
  names(["with blank", "lab"]),
  names(["caf\xc3\xa9", "lab"]),
  names(["-dash", "lab"]),
  names(["UPPER", "Lab"]),
  names([]),
  names(["10", "1", "2", "3"]),
  names(["bad\x01", "lab"], ["good", "lab"]),
  names(["*", "lab"]),
  names(["xn--caf-dma", "lab"]),
  names(["a/b", "lab"]),
  names(["do$lar", "lab"]),
  names(["new\nline", "lab"]),
  [{ cname: ["alias", "lab"] }, { ptr: ["target", "lab"] }],
  [],
  "servfail",
  "missing",
  "refused",
];

const dead = "10.40.9.1";

const zone = new Map<string, Answer>([
  ["", address(1)],
  ["plain.test", address(2)],
  ["a_b.test", address(3)],
  ["-x.test", address(4)],
  [`${label(63)}.test`, address(5)],
  ["xn--caf-dma.test", address(6)],
  ["xn--a.test", address(7)],
  ["caf\xc3\xa9.test", address(8)],
  // What Node makes of the name above, whose bytes it takes for characters.
  ["xn--caf-1ea30a.test", address(9)],
  ["a b.test", address(10)],
  ["*.test", address(11)],
  ["1.2.3.test", address(12)],
  ["localhost.test", address(13)],
  ["bare", address(14)],
  ["several.test", [{ a: "10.20.0.15" }, { a: "10.20.0.16" }]],
  ["alias.test", [{ cname: ["plain", "test"] }, { a: "10.20.0.2" }]],
  ["here-and-there.test", [{ a: "10.20.0.17" }, { a: "10.60.0.9" }]],
  ["only6.test", []],
  ["servfail.test", "servfail"],
  ["refused.test", "refused"],
  ["dead.test", "silence"],
  [reverse(dead), "silence"],
  [reverse6("20010db8000000000000000000000008"), names(["six", "lab"])],
  ...reverseNames.map((answer, index) => [reverse(`10.40.0.${index + 1}`), answer] as const),
]);

const hosts = `127.0.0.1 localhost
10.30.0.1 several-here
10.30.0.2 several-here second-alias
2001:db8::6 only6-here
::1 loop6
10.30.0.3 ${label(64)} ${label(70)} ${label(300)}
10.30.0.4 caf\xc3\xa9 * 1.2.3. abc:def x:y xn--a 256.1.1.1 a%b under_score
10.30.0.5 dot-here.
10.30.0.6 latin-\xe9
10.30.0.7 ev\x1bil
10.30.0.8 \xff
10.30.0.9 ${label(80)}
`;

/** Names that are odd in one way or another, and what the name server and the files above know. */
const hostNames = [
  ["*", "", ".", "..", "localhost", "LOCALHOST", "localhost.", "a_b", "a_b.test", "-x", "-x.test", "a.", "a..b"],
  [label(63), label(64), label(70), label(300), `${label(64)}.test`],
  [
    "xn--caf-dma",
    "xn--a",
    "xn--a.test",
    "xn--",
    "caf\u00e9",
    "caf\u00e9.test",
    "CAF\u00c9",
    "stra\u00dfe",
    "\u65e5\u672c",
  ],
  ["10.1", "0x7f.1", "0x", "1e3", "8080x", "1.2.3.4.5", "256.1.1.1", "08.1", "1.2.3", "1.2.3.", "1.2.3.4.", "10.1."],
  ["host with blank", "a b", "plain ", "\t", "1.2.3.4 x", "a/b", "a%b", "*.test", "a#b", "plain%lo", "127.0.0.1%lo"],
  ["plain", "PLAIN", "plain.", "plain.test", "Plain.Test.", "bare", "bare.", "missing", "missing.test.", "alias"],
  ["several", "several-here", "second-alias", "only6", "only6-here", "loop6", "dot-here", "dot-here.", "under_score"],
  ["servfail", "refused"],
  ["abc:def", "x:y", ":", "::1", "[::1]", "[plain]", "fe80::1%lo", "[fe80::1%lo]"],
].flat();

/** What Node cannot hand to libc as it is: it is refused without a look-up. See COMPATIBILITY.md. */
const beyondNode = ["*", label(300), "xn--a", "xn--a.test", "caf\u00e9"];

const services = "/etc/services";
const servicesText = readFileSync(services);
let server: { close(): void };

before(async () => {
  execFileSync("/sbin/modprobe", ["ip_vs"]);
  for (const line of ["link add dummy0 type dummy", "address add 10.60.0.1/24 dev dummy0", "link set dummy0 up"]) {
    execFileSync("/sbin/ip", line.split(" "));
  }
  server = await startNameServer("127.0.0.1", zone);
});
after(() => server.close());

beforeEach(async () => {
  writeFileSync("/etc/hosts", hosts, "latin1");
  writeFileSync("/etc/resolv.conf", "nameserver 127.0.0.1\nsearch test\n");
  writeFileSync("/etc/nsswitch.conf", "hosts: files dns\nservices: files\n");
  await original(["-C"]);
});
afterEach(() => {
  rmSync(services, { recursive: true });
  writeFileSync(services, servicesText);
});

test("hosts by name are those of gethostbyname", { timeout: 500_000 }, async () => {
  const theirs = await tryAll(original, hostNames, addTo);
  // The surroundings are as they should be.
  for (const name of ["*", "plain", "caf\u00e9", "xn--a", "1.2.3.", label(70)])
    assert.equal(theirs.said.get(name)?.status, 0, name);
  for (const name of ["", "plain.", "1.2.3.4.5", "256.1.1.1", "only6"])
    assert.deepEqual(theirs.said.get(name), refusal, name);
  assert.deepEqual(await tryAll(executable, hostNames, addTo), theirs, "the executable");

  const ours = await tryAll(inProcess, hostNames, addTo);
  const refused = (outcome: Outcome, name: string) => (beyondNode.includes(name) ? refusal : outcome);
  const expected = new Map([...theirs.said].map(([name, outcome]) => [name, refused(outcome, name)]));
  assert.deepEqual(ours.said, expected, "Node");
  const portsBeyondNode = beyondNode.map((name) => `:${1000 + hostNames.indexOf(name)} `);
  assert.deepEqual(
    ours.table,
    theirs.table.filter((line) => !portsBeyondNode.some((port) => line.includes(port))),
    "Node",
  );
});

test("of several addresses the first one counts; on Node the nearest", async () => {
  // The second address of this name is in the network of the guest's interface.
  const table = async (program: Program) => (await tryAll(program, ["here-and-there"], addTo)).table.join("").trim();
  assert.equal(await table(original), "-A -t 10.20.0.17:1000 -s wlc");
  assert.equal(await table(executable), "-A -t 10.20.0.17:1000 -s wlc");
  assert.equal(await table(node), "-A -t 10.60.0.9:1000 -s wlc");
});

test("names of other options and of standard input", async () => {
  const lines = [
    "-A -t plain:80 -p -M under_score",
    "-a -t plain:80 -r several:81 -m",
    "-A -u latin-\xe9:53 -s rr",
    "-A -t plain.:80",
    "-A -t bare:80",
  ];
  const results = [];
  for (const program of [original, executable, node]) {
    await original(["-C"]);
    const { status, stderr } = await program(
      ["-R"],
      program === node ? lines.toSpliced(2, 1).join("\n") : lines.join("\n"),
    );
    results.push({ status, stderr, table: (await original(["-Sn"])).stdout });
  }
  const [theirs, executables, nodes] = results;
  assert.equal(theirs?.status, 2);
  assert.match(
    theirs?.table ?? "",
    /-t 10.20.0.2:80 .* -M 10.30.0.4\n-a .* -r 10.20.0.15:81 (.*\n)*-A -u 10.30.0.6:53/,
  );
  assert.deepEqual(executables, theirs);
  assert.deepEqual(nodes, { ...theirs, table: theirs?.table.replace(/^-A -u .*\n/m, "") });
});

test("names of hosts are those of gethostbyaddr", async () => {
  const addresses = [
    ...reverseNames.map((_, index) => `10.40.0.${index + 1}`),
    ...["10.30.0.1", "10.30.0.2", "10.30.0.3", "10.30.0.4", "10.30.0.6", "10.30.0.7", "10.30.0.8", "10.30.0.9"],
    ...["127.0.0.1", "127.0.0.2", "0.0.0.0", "[2001:db8::6]", "[2001:db8::8]", "[::1]", "[::]", "[fe80::1]"],
    ...["[::ffff:10.40.0.1]", "[::10.40.0.1]", "[::ffff:10.30.0.1]"],
  ];
  const { said } = await tryAll(original, addresses, addTo);
  for (const [address, outcome] of said) assert.deepEqual(outcome, { status: 0, stdout: "", stderr: "" }, address);
  await original(["-a", "-t", "10.40.0.1:1000", "-r", "10.40.0.2:80", "-m"]);
  const theirs = await listings(original);
  for (const name of [
    "plain.lab:",
    "first.lab:",
    "target.lab:",
    "[six.lab]:",
    "caf\xc3\xa9:",
    "latin-\xe9:",
    "ev\x1bil:",
  ])
    assert.ok(theirs.save.stdout.includes(` ${name}`), name);
  assert.deepEqual(await listings(executable), theirs, "the executable");
  assert.deepEqual(await listings(node), theirs, "Node");
});

test("nsswitch.conf says where hosts are looked up", async () => {
  for (const sources of ["files", "dns"]) {
    writeFileSync("/etc/nsswitch.conf", `hosts: ${sources}\n`);
    const names = ["plain", "several-here"];
    const theirs = await tryAll(original, names, addTo);
    assert.deepEqual(
      [...theirs.said.values()].map(({ status }) => status),
      sources === "dns" ? [0, 2] : [2, 0],
    );
    await original(["-A", "-t", "10.40.0.1:80"]);
    await original(["-A", "-t", "10.30.0.1:80"]);
    const shown = await listings(original);
    for (const [runtime, program] of Object.entries(ours)) {
      assert.deepEqual(await listings(program), shown, `${runtime}, ${sources}`);
    }
    for (const [runtime, program] of Object.entries(ours)) {
      assert.deepEqual(await tryAll(program, names, addTo), theirs, `${runtime}, ${sources}`);
    }
  }
});

/** Does something again where it fails or takes more than so many seconds: a busy machine stops a guest for seconds. */
async function inTime(limit: number, what: string, act: () => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  while (failures.length < 5) {
    const start = performance.now();
    try {
      await act();
      const seconds = (performance.now() - start) / 1000;
      assert.ok(seconds < limit, `${what}: ${seconds} s, and at most ${limit} s are due`);
      return;
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

test("a dead name server is waited for as long as resolv.conf says", async () => {
  writeFileSync("/etc/resolv.conf", "nameserver 127.0.0.1\nsearch test\noptions timeout:2 attempts:1\n");
  const timed = async (program: Program, args: readonly string[]) => {
    const start = performance.now();
    const outcome = await program(args);
    return { outcome, seconds: (performance.now() - start) / 1000 };
  };
  await original(["-A", "-t", `${dead}:80`]);
  for (const args of [["-A", "-t", "dead:80"], ["-L"]]) {
    const theirs = await timed(original, args);
    assert.ok(theirs.seconds >= 2, `${args}: ${theirs.seconds} s`);
    for (const [runtime, program] of Object.entries(ours)) {
      await inTime(theirs.seconds * 1.5 + 3, `${runtime}, ${args}`, async () => {
        const { outcome, seconds } = await timed(program, args);
        assert.deepEqual(outcome, theirs.outcome, runtime);
        assert.ok(seconds >= 2, `${runtime}, ${args}: ${seconds} s`);
      });
    }
  }
});

test("the watcher waits for no name, and does not keep its user waiting at the end", async () => {
  for (let port = 1; port <= 6; port++) await original(["-A", "-t", `${dead}:${port}`]);
  await original(["-A", "-t", "10.30.0.1:80"]);
  for (const [runtime, program] of Object.entries({ node, executable })) {
    // libc waits ten seconds for a name server.
    await inTime(8, runtime, async () => {
      const { status, stdout, stderr } = await program(["watch", "--count", "4", "--interval", "0.5"]);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      const last = stdout.slice(stdout.lastIndexOf("IPVS "));
      assert.match(last, /TCP several-here:http /, runtime);
      assert.match(last, /TCP 10\.40\.9\.1:6 /, runtime);
    });
  }
});

test("names of services are those of getservbyname and getservbyport", async () => {
  writeFileSync(
    services,
    [
      "# comment 1/tcp",
      "web 80/tcp www http # alias-in-comment",
      "  indented\t 81/tcp\tHTTP\v tab",
      "web 82/tcp",
      "WEB 83/tcp",
      "second 80/tcp web",
      "big 65620/tcp",
      "name#x 85/tcp",
      "cut 86/tcp#comment alias",
      "caf\xc3\xa0 87/tcp \xa0alias",
      "blank 88 /tcp",
      "slashes 89//tcp",
      "none 90",
      "case 91/TCP",
      "octal 0140/tcp",
      "hexadecimal 0x61/tcp",
      "odd 098/tcp",
      "zero 0/tcp",
      "return 92/tcp\r",
      "web 80/udp",
      "12ab 93/tcp 94",
      "last 95/tcp",
    ].join("\n"),
    "latin1",
  );
  const ports = Array.from({ length: 20 }, (_, index) => 80 + index);
  await original(["-A", "-t", "10.0.0.1:0", "-p"]);
  for (const port of ports) await original(["-A", "-t", `10.0.0.1:${port}`]);
  await original(["-A", "-u", "10.0.0.1:80"]);
  writeFileSync("/etc/nsswitch.conf", "hosts: files\n");
  const shown = await listings(original);
  for (const text of [
    ":web ",
    ":indented ",
    ":WEB ",
    ":big ",
    ":cut ",
    ":octal ",
    ":hexadecimal ",
    ":slashes ",
    ":zero ",
    ":86 -s",
  ]) {
    assert.equal(shown.save.stdout.includes(text), text !== ":86 -s", text);
  }
  for (const [runtime, program] of Object.entries(ours)) assert.deepEqual(await listings(program), shown, runtime);

  const serviceNames = [
    ...[
      "web",
      "www",
      "http",
      "HTTP",
      "WEB",
      "indented",
      "tab",
      "second",
      "big",
      "name",
      "name#x",
      "cut",
      "alias",
      "comment",
    ],
    ...[
      "caf\u00e0",
      "blank",
      "slashes",
      "none",
      "case",
      "zero",
      "return",
      "12ab",
      "94",
      "last",
      "alias-in-comment",
      "",
      " ",
    ],
    ...["+80", "80x", "65536", "-1", "0x50"],
  ];
  const args = (name: string, port: number) => ["-A", "-t", `10.1.${port >> 8}.${port & 255}:${name}`];
  const theirs = await tryAll(original, serviceNames, args);
  for (const [runtime, program] of Object.entries(oursForMany)) {
    assert.deepEqual(await tryAll(program, serviceNames, args), theirs, runtime);
  }
});

test("a services database that cannot be read has no names", async () => {
  rmSync(services);
  mkdirSync(services);
  writeFileSync("/etc/nsswitch.conf", "hosts: files\n");
  await original(["-A", "-t", "10.0.0.1:80"]);
  const theirs = { ...(await listings(original)), refused: await original(["-A", "-t", "10.0.0.1:http"]) };
  assert.equal(theirs.refused.status, 2);
  for (const [runtime, program] of Object.entries(ours)) {
    const shown = { ...(await listings(program)), refused: await program(["-A", "-t", "10.0.0.1:http"]) };
    assert.deepEqual(shown, theirs, runtime);
  }
});
