import assert from "node:assert/strict";
import { test } from "node:test";
import { Director } from "../../support/director.js";

const web = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80 };
const servers = [1, 2].map((last) => ({ family: "inet", address: `10.0.0.${last}`, port: 80, weight: last }));
const file = JSON.stringify({ ipvs: { schema: 1 }, services: [{ ...web, scheduler: "wrr", destinations: servers }] });
const lost = "write error: No space left on device";
const wayBack = /^to go back: ipvsadm undo 2026\S+$/;

async function arrange(): Promise<Director> {
  const director = new Director();
  assert.equal((await director.run("apply", { stdin: [file] })).status, 0);
  return director;
}

/** What is said where the output is lost, and what must come after the write error. */
const losses: readonly (readonly [line: string, after: RegExp | undefined, stdin?: string])[] = [
  ["help", undefined],
  ["diff", undefined, file],
  ["diff --json", undefined, file],
  ["diff --commands", undefined, file.replace('"weight":2', '"weight":5')],
  ["overrides --json", undefined],
  ["undo --list", undefined],
  ["undo --list --json", undefined],
  ["explain EEXIST", undefined],
  [
    "apply",
    /^the table was changed; to go back: ipvsadm undo 2026\S+-apply$/,
    file.replace('"weight":2', '"weight":5'),
  ],
  ["apply --json", /^the table was changed; to go/, file.replace('"weight":2', '"weight":5')],
  ["apply --dry-run", undefined, file.replace('"weight":2', '"weight":5')],
  ["apply", /^nothing was to change$/, file],
  ["set --server 10.0.0.1 weight=4", /^the table was changed; to go back: ipvsadm undo 2026\S+-set$/],
  ["flush --yes", /^the table was changed; to go back: ipvsadm undo 2026\S+-flush$/],
  ["undo", /^the table was changed; to go back: ipvsadm undo 2026\S+-undo$/],
  ["undrain --server 10.0.0.1 --weight 7", /^ {2}10\.0\.0\.1:80 of tcp 192\.0\.2\.10:80: weight 7$/],
  ["undrain --server 10.0.0.1 --weight 7 --json", /^ {2}10\.0\.0\.1:80 of tcp 192\.0\.2\.10:80: weight 7$/],
  [
    "drain --server 10.0.0.1 --no-wait",
    /^10\.0\.0\.1:80 of .*: drained after 0 s, .*ipvsadm undrain --server 10\.0\.0\.1$/,
  ],
  ["drain --server 10.0.0.1 --no-wait --json", /weight 0, which is held$/],
  ["ramp --server 10.0.0.1 --to 9 --over 30", /^10\.0\.0\.1:80 of tcp 192\.0\.2\.10:80: weight 9$/],
  ["ramp --server 10.0.0.1 --to 9 --over 30 --json", /^it stays there, held: 10\.0\.0\.1:80 of/],
];

for (const [line, after, stdin = ""] of losses) {
  test(`${line}: output that is lost is status 7, and the message says what became of the table`, async () => {
    const director = await arrange();
    const { status, error } = await director.run(line, { stdin: [stdin], outputIsFull: true });
    const lines = error.trimEnd().split("\n");
    const start = lines.findIndex((one) => one.endsWith(lost));
    assert.equal(lines[start], `ipvsadm ${line.split(" ")[0]}: ${lost}`, error);
    assert.equal(error.split(lost).length, 2, error);
    if (after === undefined) assert.equal(lines.length, start + 1, error);
    else assert.match(lines[start + 1] ?? "", after);
    assert.equal(status, 7);
  });
}

test("the way back that a message names works", async () => {
  const director = await arrange();
  const { error } = await director.run("undrain --server 10.0.0.1 --weight 7", { outputIsFull: true });
  const command = error.trimEnd().split("\n").at(-1) ?? "";
  assert.match(command, wayBack);
  assert.equal((await director.run(command.replace("to go back: ipvsadm ", ""))).status, 0);
  assert.deepEqual(director.table(), ["192.0.2.10:80 wrr: 10.0.0.1 x1, 10.0.0.2 x2"]);
});

test("a refusal keeps its status where its output is lost", async () => {
  const director = await arrange();
  const stdin = [JSON.stringify({ ipvs: { schema: 1 }, services: [] })];
  const { status, error } = await director.run("apply --json", { stdin, outputIsFull: true });
  assert.equal(status, 3);
  assert.doesNotMatch(error, /write error/);
});
