import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { checkPage, type Hosts, recordPage } from "../cookbook/check.js";
import { firstMismatch, recordedLines, toLines } from "../cookbook/match.js";
import { networkBatches } from "../cookbook/network.js";
import { drawPacketPictures } from "../cookbook/packet-pictures.js";
import { parsePage } from "../cookbook/page.js";
import { cookbook, pagesNamed, pictures } from "../cookbook/pages.js";
import { drawPicture } from "../cookbook/picture.js";

const text = `# A page

| Host | Network | Address | Gateway | Serves |
|---|---|---|---|---|
| client | lan | 10.0.0.2/24, fd00::2/64 | 10.0.0.1 | |
| director | lan | \`10.0.0.1/24\` | | http 80, tcp 81 |
| director | wan | 192.0.2.1/24 | | |

| Step | From | To | Packet |
|---|---|---|---|
| 1 | client | director | a -> b |

The file \`/etc/x\`:

\`\`\`ini director:/etc/x
one
\`\`\`

\`\`\`console
director# echo a \\
  b
a b
client$ true
\`\`\`

After a second:

\`\`\`console eventually
client$ date
Thu ... 2026
...
\`\`\`

\`\`\`sh
not run
\`\`\`
`;

/** Hosts on which each command prints the next of these texts; the last one again and again. */
function fakeHosts(answers: Record<string, readonly string[]>): Hosts & { log: string[] } {
  let time = 0;
  const log: string[] = [];
  return {
    log,
    async run(host, command) {
      log.push(`${host}: ${command}`);
      const outputs = answers[command] ?? [""];
      const before = log.filter((line) => line === `${host}: ${command}`).length - 1;
      const output = outputs[Math.min(before, outputs.length - 1)] ?? "";
      return { output, status: output === "(fails)" ? 1 : output === "(hangs)" ? undefined : 0 };
    },
    async write(host, path, content) {
      log.push(`${host}: ${path} ${content}`);
    },
    now: () => time,
    async sleep(milliseconds) {
      time += milliseconds;
    },
  };
}

const good = () => ({ "echo a \\\n  b": ["a b\n"], date: ["", "Thu 26 Nov 2026  \nmore\nlines\n"] });

test("a page has hosts, files, commands with what they print, and steps", () => {
  const page = parsePage("page.md", text);
  assert.deepEqual(page.hosts, [
    {
      name: "client",
      interfaces: [{ network: "lan", addresses: ["10.0.0.2/24", "fd00::2/64"] }],
      gateways: ["10.0.0.1"],
      serves: [],
    },
    {
      name: "director",
      interfaces: [
        { network: "lan", addresses: ["10.0.0.1/24"] },
        { network: "wan", addresses: ["192.0.2.1/24"] },
      ],
      gateways: [],
      serves: ["http 80", "tcp 81"],
    },
  ]);
  assert.deepEqual(page.steps, [{ from: "client", to: "director", label: ["a -> b"] }]);
  assert.deepEqual(
    page.parts.map((part) =>
      part.kind === "file"
        ? part
        : [part.host, part.text, part.line, part.expected, part.expectedLine, part.eventually],
    ),
    [
      { kind: "file", host: "director", path: "/etc/x", text: "one\n", line: 15 },
      ["director", "echo a \\\n  b", 20, ["a b"], 22, false],
      ["client", "true", 23, [], 24, false],
      ["client", "date", 29, ["Thu ... 2026", "..."], 30, true],
    ],
  );
});

test("the network of a page is built from its table", () => {
  const batches = networkBatches(parsePage("page.md", text).hosts);
  assert.deepEqual(batches.at(-2), {
    namespace: "client",
    lines: [
      "link set lo up",
      "link set lan gso_max_segs 1 up",
      "address add 10.0.0.2/24 dev lan",
      "address add fd00::2/64 dev lan nodad",
      "route add default via 10.0.0.1",
    ],
  });
  assert.ok(batches[0]?.lines.includes("link add wan netns director type veth peer name p2 netns -bridges"));
});

for (const [what, from, to, error] of [
  ["a host that the table lacks", "client$ true", "nobody$ true", "page.md:23: the table of hosts has no 'nobody'"],
  ["a block without a prompt", "director# echo", "echo", "page.md:20: a block of commands begins with a prompt"],
  ["a block without an end", "not run\n```", "not run", "page.md:34: this block does not end"],
  [
    "an output that comes late, as nobody says",
    "After a second",
    "Then",
    "page.md:28: the text before this block does",
  ],
  ["a service that nobody knows", "http 80", "gopher 70", "page.md:6: 'gopher 70' cannot be served"],
  ["a host with a strange name", "| client |", "| -c |", "page.md:5: '-c' is not a name of a host"],
  [
    "a long name of a network",
    "| wan |",
    "| the-wide-area-net |",
    "page.md:7: 'the-wide-area-net' is not a name of an",
  ],
  ["a file that the text does not name", "file `/etc/x`", "file", "page.md:15: the text before this block does not"],
  [
    "no table of hosts",
    "| Host | Network | Address |",
    "| Machine | ",
    "page.md:15: the table of hosts has no 'director'",
  ],
] as const) {
  test(`a page is refused for ${what}`, () => {
    const broken = text.replace(from, to);
    assert.notEqual(broken, text);
    assert.throws(
      () => parsePage("page.md", broken),
      (thrown: Error) => thrown.message.startsWith(error) || assert.equal(thrown.message, error),
    );
  });
}

test("... stands for any text and any lines, nothing else does", () => {
  assert.equal(firstMismatch(["a", "b"], ["a", "b"]), undefined);
  assert.equal(firstMismatch(["a", "b"], ["a", "c"]), 1);
  assert.equal(firstMismatch(["a", "b"], ["a"]), 1);
  assert.equal(firstMismatch(["a"], ["a", "b"]), 1);
  assert.equal(firstMismatch(["a.c"], ["abc"]), 0);
  assert.equal(firstMismatch(["a...c"], ["a b c"]), undefined);
  assert.equal(firstMismatch(["...", "z"], ["a", "b", "z"]), undefined);
  assert.equal(firstMismatch(["...", "z"], ["a", "b"]), 1);
  assert.equal(firstMismatch(["a", "..."], ["a"]), undefined);
  assert.deepEqual(toLines("a  \n\nb\n\n"), ["a", "", "b"]);
});

test("a page passes when everything comes out", async () => {
  const hosts = fakeHosts(good());
  assert.equal(await checkPage(parsePage("page.md", text), hosts), undefined);
  assert.deepEqual(hosts.log, [
    "director: /etc/x one\n",
    "director: echo a \\\n  b",
    "client: true",
    "client: date",
    "client: date",
  ]);
});

for (const [what, answers, fault] of [
  ["another word", { ...good(), "echo a \\\n  b": ["a c\n"] }, /^page.md:22: something else came out/],
  [
    "output where none is shown",
    { ...good(), true: ["oh\n"] },
    /^page.md:23: something else[\s\S]*came out:\n {4}oh\n$/,
  ],
  ["a command that never gets there", { ...good(), date: ["Fri\n"] }, /^page.md:30: something else/],
  ["a command that hangs", { ...good(), true: ["(hangs)"] }, /^page.md:23: the command does not end/],
] as const) {
  test(`a page fails at ${what}`, async () => {
    assert.match((await checkPage(parsePage("page.md", text), fakeHosts(answers))) ?? "", fault);
  });
}

test("a command that prints nothing must succeed", async () => {
  const hosts = fakeHosts(good());
  const { run } = hosts;
  hosts.run = async (host, command) => (command === "true" ? { output: "", status: 1 } : run(host, command));
  assert.match((await checkPage(parsePage("page.md", text), hosts)) ?? "", /^page.md:23: the command failed with 1/);
});

test("recording keeps what fits, with its dots, and writes the rest", async () => {
  const page = parsePage("page.md", text);
  assert.equal(await recordPage(page, text, fakeHosts(good())), text);
  const other = { ...good(), true: ["one\ntwo\n"], date: ["Thu 27 Nov 2026\n", "Thu 27 Nov 2026\n"] };
  assert.equal(
    await recordPage(page, text, fakeHosts(other)),
    text.replace("client$ true\n", "client$ true\none\ntwo\n"),
  );
  assert.deepEqual(recordedLines(["a ... z", "b"], ["a 1 z", "c"]), ["a ... z", "c"]);
});

test("a block that is only recorded is not checked", async () => {
  const recorded = text.replace("```console\n", "```console recorded\n");
  const page = parsePage("page.md", recorded);
  const [checked, written] = [fakeHosts(good()), fakeHosts(good())];
  assert.equal(await checkPage(page, checked), undefined);
  assert.ok(!checked.log.includes("client: true"));
  assert.equal(await recordPage(page, recorded, written), recorded);
  assert.ok(written.log.includes("client: true"));
});

for (const name of pagesNamed([])) {
  test(`${name} is well formed, and its picture is drawn from it`, () => {
    const source = readFileSync(`${cookbook}/${name}`, "utf8");
    const page = parsePage(name, source);
    assert.ok(page.parts.length > 0);
    const picture = name.replace(/\.md$/, ".svg");
    assert.equal(source.includes(`](${picture})`), page.steps.length > 0);
    // `npm run cookbook -- --write` draws it.
    if (page.steps.length > 0) assert.equal(readFileSync(`${cookbook}/${picture}`, "utf8"), drawPicture(page));
  });
}

test("the pictures of packets are those that are drawn", () => {
  const drawn = drawPacketPictures();
  // `npm run cookbook -- --write` draws them.
  for (const [name, picture] of drawn) assert.equal(readFileSync(`${pictures}/${name}`, "utf8"), picture, name);
  assert.deepEqual(
    readdirSync(pictures)
      .filter((name) => name.startsWith("packet-"))
      .sort(),
    [...drawn.keys()].sort(),
  );
});
