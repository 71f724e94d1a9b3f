import assert from "node:assert/strict";
import { test } from "node:test";
import { isBigWork } from "../../../src/entry/big-work.js";
import type { Program } from "../../../src/entry/program.js";

/** What is asked about the size of a call, when all of it is big. */
function askedOf(program: Program, line: string): readonly string[] {
  const asked: string[] = [];
  const size = {
    hasInput: () => asked.push("input") > 0,
    hasBytes: (path: string, least: number) => asked.push(`${path} ${least}`) > 0,
  };
  assert.equal(isBigWork(program, line === "" ? [] : line.split(" "), size), asked.length > 0, line);
  return asked;
}

test("a restore is as big as its input", () => {
  for (const line of ["-R", "--restore", "-R --test"]) assert.deepEqual(askedOf("ipvsadm", line), ["input"]);
  assert.deepEqual(askedOf("ipvsadm-restore", ""), ["input"]);
});

test("a listing or a save is as big as the table, more so where /proc does not have all of it", () => {
  const table = (least: number) => [`/proc/net/ip_vs ${least * 1024}`];
  for (const line of ["-Ln", "-ln", "--list -n", "-L -n", "-Sn", "--save --numeric"]) {
    assert.deepEqual(askedOf("ipvsadm", line), table(768), line);
  }
  assert.deepEqual(askedOf("ipvsadm-save", "-n"), table(768));
  for (const line of ["-Ln --stats", "-ln --rate"]) assert.deepEqual(askedOf("ipvsadm", line), table(192), line);
  const others = ["", "-L", "-S", "-L --stats", "-ln --json", "-L -n --thresholds", "-Ln --stats --json"];
  for (const line of others) assert.deepEqual(askedOf("ipvsadm", line), table(64), line);
  assert.deepEqual(askedOf("ipvsadm-save", ""), table(64));
});

test("a list of connections is as big as its file", () => {
  for (const line of ["-Lnc", "-lnc", "-Lcn", "-L -n -c", "-L --connection -n"]) {
    assert.deepEqual(askedOf("ipvsadm", line), ["/proc/net/ip_vs_conn 49152"], line);
  }
});

test("one service, changes and everything else are not big", () => {
  const lines = ["-Ln -t 10.0.0.1:80", "-L -f 1", "-Lnu 10.0.0.1:53", "-L --tcp-service 10.0.0.1:80", "-C", "-Z"];
  lines.push("-Ln --netns blue", "-Lnc --netns=blue", "--netns blue -L");
  for (const line of [...lines, "-A -t 10.0.0.1:80", "-a -f 1 -r 10.0.0.1", "--set 1 2 3", "-h", "nonsense", "-n -L"]) {
    assert.deepEqual(askedOf("ipvsadm", line), [], line);
  }
});
