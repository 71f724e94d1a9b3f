import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FileError } from "../../../src/platform/state/file-error.js";
import { replaceUserFile } from "../../../src/platform/state/replace-file.js";

test("a file is replaced whole or not at all, with the mode whatever the umask", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "replace-"));
  const umask = process.umask(0o077);
  context.after(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, "ipvs.prom");
  writeFileSync(path, "old", { mode: 0o600 });
  await replaceUserFile(path, 0o644, ["new ", "\u{1f600}\n"]);
  assert.equal(readFileSync(path, "utf8"), "new \u{1f600}\n");
  assert.equal(statSync(path).mode & 0o777, 0o644);

  const failing = function* () {
    yield "half";
    throw new RangeError("a fault");
  };
  await assert.rejects(replaceUserFile(path, 0o644, { [Symbol.iterator]: failing }), RangeError);
  assert.equal(readFileSync(path, "utf8"), "new \u{1f600}\n");

  mkdirSync(join(folder, "taken"));
  for (const wrong of [join(folder, "nowhere/x"), join(folder, "taken")]) {
    await assert.rejects(replaceUserFile(wrong, 0o644, ["x"]), FileError);
  }
  // Byte strings, as arguments are.
  await replaceUserFile(join(folder, "\xc3\xa9\xff"), 0o644, ["x"]);
  const longest = "x".repeat(255);
  await replaceUserFile(join(folder, longest), 0o644, ["x"]);
  assert.deepEqual(readdirSync(folder, "latin1").sort(), ["ipvs.prom", "taken", "\xc3\xa9\xff", longest].sort());
});

test("a device, a pipe and links are not replaced", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "replace-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  symlinkSync("/dev/null", join(folder, "null"));
  symlinkSync(pipe, join(folder, "link"));
  writeFileSync(join(folder, "file"), "old");
  symlinkSync(join(folder, "file"), join(folder, "other"));
  for (const name of ["pipe", "null", "link", "other"]) {
    const path = join(folder, name);
    await assert.rejects(replaceUserFile(path, 0o644, ["x"]), {
      name: "FileError",
      message: `${path}: not a file\na file is needed, which is replaced as a whole`,
    });
  }
  assert.ok(lstatSync(pipe).isFIFO());
  assert.ok(lstatSync(join(folder, "null")).isSymbolicLink());
  assert.deepEqual(readdirSync(folder).sort(), ["file", "link", "null", "other", "pipe"]);
});
