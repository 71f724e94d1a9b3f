import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { SystemStateFolder } from "../../../../src/platform/state/state-folder.js";
import { endStateProcesses, runState, runtimes, StateProcess } from "../../../support/state-process.js";

let top: string;
let lib: string;
let undo: string;
let folder: SystemStateFolder;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "state-"));
  lib = join(top, "lib");
  undo = join(lib, "undo");
  folder = new SystemStateFolder(undo, [lib]);
});
afterEach(async () => {
  await endStateProcesses();
  await rm(top, { recursive: true });
});

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test("folders and files are their owner's only, also where somebody's umask says otherwise", async () => {
  const before = process.umask(0);
  try {
    await folder.write("file", ["text"]);
  } finally {
    process.umask(before);
  }
  assert.deepEqual([lib, undo, join(undo, "file")].map(modeOf), ["700", "700", "600"]);
});

/** What somebody else may have prepared, and the sentence about it. Everything is there and in order before. */
const prepared: readonly [what: string, prepare: () => void, sentence: () => string][] = [
  [
    "a link in place of the folder",
    () => {
      execFileSync("mv", [undo, join(top, "elsewhere")]);
      symlinkSync(join(top, "elsewhere"), undo);
    },
    () => `${undo}: symbolic link in place of a folder\nremove it; the folder is made when it is needed`,
  ],
  [
    "a link in place of the folder around it",
    () => {
      execFileSync("mv", [lib, join(top, "elsewhere")]);
      symlinkSync(join(top, "elsewhere"), lib);
    },
    () => `${lib}: symbolic link in place of a folder\nremove it; the folder is made when it is needed`,
  ],
  [
    "a file in place of the folder",
    () => {
      execFileSync("rm", ["-r", undo]);
      writeFileSync(undo, "");
    },
    () => `${undo}: not a folder\nremove it; the folder is made when it is needed`,
  ],
  [
    "a folder that everybody may write to",
    () => chmodSync(undo, 0o777),
    () =>
      `${undo}: writable by others (mode 0777)\nremove the folder, or run 'chmod 0700 ${undo}' if you trust what is in it`,
  ],
  [
    "a folder that its group may write to, around it",
    () => chmodSync(lib, 0o770),
    () =>
      `${lib}: writable by others (mode 0770)\nremove the folder, or run 'chmod 0700 ${lib}' if you trust what is in it`,
  ],
  [
    "surroundings in which everybody may rename",
    () => chmodSync(top, 0o777),
    () => `${undo}: ${top} is writable by others (mode 0777)\nchoose a folder that only root can change`,
  ],
];

for (const [what, prepare, sentence] of prepared) {
  test(`refused, without reading or writing anything: ${what}`, async () => {
    await folder.write("file", ["text"]);
    prepare();
    const refusal = { name: "FileError", message: sentence() };
    await assert.rejects(folder.list(), refusal);
    await assert.rejects(folder.read("file"), refusal);
    await assert.rejects(folder.write("file", ["new"]), refusal);
    await assert.rejects(folder.remove("file"), refusal);
  });
}

test("a folder in one where only owners may rename, such as /tmp, is no matter", async () => {
  chmodSync(top, 0o1777);
  await folder.write("file", ["text"]);
  assert.deepEqual(await folder.list(), ["file"]);
});

test("folders above those of the program's own may be links", async () => {
  mkdirSync(join(top, "disk"));
  symlinkSync(join(top, "disk"), join(top, "var"));
  const linked = new SystemStateFolder(join(top, "var/lib/undo"), [join(top, "var/lib")]);
  await linked.write("file", ["text"]);
  assert.deepEqual(readdirSync(join(top, "disk/lib/undo")), ["file"]);
});

test("paths are cleaned, and relative ones refused", async () => {
  await new SystemStateFolder(`${lib}//x/../undo/`, [`${lib}/`]).write("file", ["text"]);
  assert.deepEqual(readdirSync(lib), ["undo"]);
  assert.throws(() => new SystemStateFolder("undo", [lib]), { message: "undo: a folder needs an absolute path" });
});

test("a path is bytes, and a message shows it as text", async () => {
  const path = Buffer.from(`${top}/ü/\xff`, "latin1");
  const named = new SystemStateFolder(path.toString("latin1"), [join(top, "ü")]);
  mkdirSync(Buffer.from(`${top}/ü`, "latin1"));
  await named.write("file", ["text"]);
  assert.deepEqual(readdirSync(path), ["file"]);
  assert.deepEqual(await named.list(), ["file"]);
  assert.equal((await named.read("file"))?.length, 4);
  await named.remove("file");
  assert.deepEqual(readdirSync(path), []);
  const written = Buffer.from(`${top}/ü`, "utf8").toString("latin1");
  mkdirSync(join(top, "ü"), { mode: 0o777 });
  chmodSync(join(top, "ü"), 0o777);
  await assert.rejects(new SystemStateFolder(written, [written]).list(), {
    message: `${top}/ü: writable by others (mode 0777)\nremove the folder, or run 'chmod 0700 ${top}/ü' if you trust what is in it`,
  });
});

test("a link in place of a file is not followed", async () => {
  await folder.write("other", [""]);
  const target = join(top, "target");
  writeFileSync(target, "precious");
  symlinkSync(target, join(undo, "file"));
  await assert.rejects(folder.read("file"), { message: `${undo}/file: symbolic link in place of a file\nremove it` });
  await folder.write("file", ["text"]);
  assert.equal(readFileSync(target, "utf8"), "precious");
  assert.equal(readFileSync(join(undo, "file"), "utf8"), "text");
});

test("what is no file is refused, and a FIFO is not waited for", async () => {
  await folder.write("other", [""]);
  mkdirSync(join(undo, "folder"));
  execFileSync("mkfifo", [join(undo, "fifo")]);
  await assert.rejects(folder.read("folder"), { message: `${undo}/folder: not a regular file` });
  await assert.rejects(folder.read("fifo"), { message: `${undo}/fifo: not a regular file` });
  await assert.rejects(folder.write("folder", [""]), { name: "FileError", code: "EISDIR" });
  await assert.rejects(folder.remove("folder"), { name: "FileError", code: "EISDIR" });
  assert.deepEqual(readdirSync(undo).sort(), ["fifo", "folder", "other"]);
});

test("what a writer has left that was killed is removed an hour later", async () => {
  await folder.write("file", ["text"]);
  const hourAgo = Date.now() / 1000 - 3601;
  for (const name of [".old.1-x", ".new.1-x"]) writeFileSync(join(undo, name), "");
  utimesSync(join(undo, ".old.1-x"), hourAgo, hourAgo);
  utimesSync(join(undo, "file"), hourAgo, hourAgo);
  assert.deepEqual(await folder.list(), ["file"]);
  await folder.write("other", ["text"]);
  assert.deepEqual(readdirSync(undo).sort(), [".new.1-x", "file", "other"]);
});

for (const runtime of runtimes) {
  test(`${runtime}: a writer that is killed leaves the old file`, async () => {
    assert.equal((await runState(runtime, [top, "write", "file", "1"])).stdout, "written\n");
    const writer = new StateProcess(runtime, [top, "write", "file", "20", "stop"]);
    await writer.said("stopped");
    writer.child.kill("SIGKILL");
    assert.equal((await writer.end()).status, "SIGKILL");
    assert.deepEqual(await folder.list(), ["file"]);
    assert.equal((await folder.read("file"))?.length, 100_000);
  });
}

test("a file that may not grow any more is an error, and the old one stays", async () => {
  await folder.write("file", ["old"]);
  // Bun, as most programs, is killed by SIGXFSZ; Node ignores that signal. The limit is in blocks of 1024 bytes.
  const limited = ["bash", "-c", 'ulimit -f 1000; exec "$@"', "limited"];
  const { status, stderr } = await runState("node", [top, "write", "file", "20"], limited);
  assert.deepEqual([status, stderr], [1, `${undo}/file: File too large\n`]);
  assert.deepEqual(readdirSync(undo), ["file"]);
  assert.equal(readFileSync(join(undo, "file"), "utf8"), "old");
});

for (const runtime of runtimes) {
  test(`${runtime}: files of users: a folder and a missing one are refused, /dev/stdin and names in UTF-8 are read`, async () => {
    const read = (path: string, wrapper?: readonly string[]) => runState(runtime, [top, "read", path], wrapper);
    assert.equal((await read(top)).stderr, `${top}: Is a directory\n`);
    const named = Buffer.from(join(top, "täble"), "utf8");
    assert.equal((await read(named.toString("latin1"))).stderr, `${top}/täble: No such file or directory\n`);
    writeFileSync(named, "text");
    assert.equal((await read(named.toString("latin1"))).stdout, "4 bytes\n");
    const fed = ["bash", "-c", 'head -c 300000 /dev/zero | "$@"', "fed"];
    assert.equal((await read("/dev/stdin", fed)).stdout, "300000 bytes\n");
    execFileSync("mkfifo", [join(top, "fifo")]);
    const fifo = ["bash", "-c", `head -c 5 /dev/zero >'${top}/fifo' & "$@"`, "fifo"];
    assert.equal((await read(join(top, "fifo"), fifo)).stdout, "5 bytes\n");
  });
}

test("a folder that cannot be made is refused at once, by the name of what cannot be made", {
  timeout: 20_000,
}, async () => {
  const refused = new SystemStateFolder("/proc/nosuch/deeper/undo", []);
  await assert.rejects(refused.write("file", ["text"]), { message: "/proc/nosuch: No such file or directory" });
  writeFileSync(join(top, "taken"), "");
  const below = new SystemStateFolder(join(top, "taken/deeper/undo"), []);
  await assert.rejects(below.write("file", ["text"]), { code: "ENOTDIR" });
});

test("all that is missing of the folders around is made", async () => {
  await new SystemStateFolder(join(top, "a/b/c"), []).write("file", ["text"]);
  assert.equal(readFileSync(join(top, "a/b/c/file"), "utf8"), "text");
});
