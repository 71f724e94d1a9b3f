/** Faults of state folders and the lock that need root, file systems and users of their own. Runs in the guest. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync, lchownSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import { nodePlatform } from "../../src/host/node-platform.js";
import { systemHost } from "../../src/host/system-host.js";
import { endStateProcesses, runState } from "../support/state-process.js";

/** A file system of its own, of 1 MiB. */
const top = "/run/state";
const undo = `${top}/lib/undo`;

/** Somebody who may do nothing. */
const nobody = 65534;

const host = systemHost(nodePlatform, { run: `${top}/run`, lib: `${top}/lib` });
const folder = host.files.folder(undo);

beforeEach(() => {
  mkdirSync(top, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0755", "tmpfs", top]);
});
afterEach(async () => {
  await endStateProcesses();
  execFileSync("umount", [top]);
});

test("a full disk is an error, the old file stays, and nothing takes room", async () => {
  await folder.write("old", ["old"]);
  const { bfree } = statfsSync(top);
  const full = `${undo}/old: No space left on device`;
  await assert.rejects(
    folder.write(
      "old",
      Array.from({ length: 20 }, () => "x".repeat(100_000)),
    ),
    { message: full },
  );
  const inBun = await runState("bun", [top, "write", "old", "20"]);
  assert.deepEqual([inBun.status, inBun.stderr], [1, `${full}\n`]);
  assert.deepEqual(readdirSync(undo), ["old"]);
  assert.equal(readFileSync(`${undo}/old`, "utf8"), "old");
  assert.equal(statfsSync(top).bfree, bfree);
});

test("the lock can be taken on a full disk", async () => {
  (await host.lock({ command: "ipvsadm apply" }))();
  execFileSync("bash", ["-c", `head -c 2M /dev/zero >${top}/filler || true`], { stdio: "ignore" });
  const release = await host.lock({ command: "ipvsadm apply" });
  await assert.rejects(host.lock({ command: "ipvsadm set" }), {
    message: "another command holds the lock; use --wait TIME to wait",
  });
  release();
  (await host.lock({ command: "ipvsadm set" }))();
});

test("a file system that cannot be written is an error, and what is there can be read", async () => {
  await folder.write("old", ["old"]);
  execFileSync("mount", ["-o", "remount,ro", top]);
  await assert.rejects(folder.write("new", []), { message: `${undo}/new: Read-only file system` });
  await assert.rejects(folder.remove("old"), { message: `${undo}/old: Read-only file system` });
  await assert.rejects(host.lock({ command: "ipvsadm set" }), { message: `${top}/run: Read-only file system` });
  assert.deepEqual(await folder.list(), ["old"]);
});

test("another user's folder is refused, and so is one inside of it", async () => {
  await folder.write("old", ["old"]);
  for (const owned of [undo, `${top}/lib`]) {
    chownSync(owned, nobody, nobody);
    const message =
      `${owned}: owned by user ${nobody}, who can change what is in it\n` +
      "remove the folder, or give it to root if you trust what is in it";
    await assert.rejects(folder.write("new", []), { message });
    await assert.rejects(folder.read("old"), { message });
    chownSync(owned, 0, 0);
  }
  chownSync(top, nobody, nobody);
  await assert.rejects(folder.list(), {
    message: `${undo}: ${top} is owned by user ${nobody}\nchoose a folder that only root can change`,
  });
});

test("another user cannot take the lock, and a link that they have made does not lead root elsewhere", async () => {
  (await host.lock({ command: "ipvsadm set" }))();
  // The capability lets the user read the programs, wherever the project lies.
  const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  asNobody.push("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search");
  assert.match(
    (await runState("node", [top, "lock"], asNobody)).stderr,
    /^\/run\/state\/run\/\d+\/lock: Permission denied\n$/,
  );
  rmSync(`${top}/run`, { recursive: true });
  symlinkSync("/tmp", `${top}/run`);
  lchownSync(`${top}/run`, nobody, nobody);
  await assert.rejects(host.lock({ command: "ipvsadm set" }), /^FileError: \/run\/state\/run: symbolic link/);
});

test("another network namespace has a lock of its own", async () => {
  const release = await host.lock({ command: "ipvsadm set" });
  assert.equal((await runState("bun", [top, "lock"])).status, 1);
  assert.equal((await runState("bun", [top, "lock"], ["unshare", "--net"])).status, 0);
  assert.equal(readdirSync(`${top}/run`).length, 2);
  release();
});
