import assert from "node:assert/strict";
import { test } from "node:test";
import { takeNamespace, takeScriptNamespace } from "../../../../src/classic/grammar/namespace-option.js";

for (const [line, namespace, rest] of [
  ["-L", undefined, "-L"],
  ["-L --netns blue", "blue", "-L"],
  ["--netns blue -Ln", "blue", "-Ln"],
  ["--netns=blue", "blue", ""],
  ["-Ln --netns=a=b -t 10.0.0.1:80", "a=b", "-Ln -t 10.0.0.1:80"],
  ["--set 1 2 --netns blue 3", "blue", "--set 1 2 3"],
  ["-L --netns --json", "--json", "-L"],
  // The original takes these for values and for an argument.
  ["-A -f 1 -s --netns", undefined, "-A -f 1 -s --netns"],
  ["-A -f 1 --pe --netns x", undefined, "-A -f 1 --pe --netns x"],
  ["--start-daemon master --mcast-interface --netns --syncid 3", undefined, undefined],
  ["-A -f 1 -s --netns --netns blue", "blue", "-A -f 1 -s --netns"],
  ["-L -- --netns blue", undefined, "-L -- --netns blue"],
  // What is wrong is left to be reported.
  ["-L --netns", undefined, "-L --netns"],
  ["-L --nonsense --netns blue", undefined, "-L --nonsense --netns blue"],
  ["-L --net blue", undefined, "-L --net blue"],
  ["-L --netnsx blue", undefined, "-L --netnsx blue"],
] as const) {
  test(`--netns in: ${line}`, () => {
    const words = line.split(" ");
    assert.deepEqual(takeNamespace(words), {
      namespace,
      args: rest === undefined ? words : rest.split(" ").filter((word) => word !== ""),
    });
  });
}

for (const [line, namespace, rest] of [
  ["-n --netns blue", "blue", "-n"],
  ["--netns=blue --json", "blue", "--json"],
  // The script of the original ignores what it does not know, and nothing may be restored elsewhere for that.
  ["--nonsense --netns blue", "blue", "--nonsense"],
  ["-h word -- --netns blue", "blue", "-h word --"],
  ["--netns=", "", ""],
] as const) {
  test(`--netns of a script in: ${line}`, () => {
    const args = rest.split(" ").filter((word) => word !== "");
    assert.deepEqual(takeScriptNamespace(line.split(" ")), { namespace, args });
  });
}

test("one command line has one namespace", () => {
  const message = "multiple 'netns' options specified";
  for (const take of [takeNamespace, takeScriptNamespace]) {
    assert.throws(() => take(["-L", "--netns", "a", "--netns=a"]), { name: "UsageError", status: 2, message });
  }
  assert.throws(() => takeScriptNamespace(["--netns"]), { status: 2, message: "--netns: missing argument" });
});
