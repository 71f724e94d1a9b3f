/** What every host's state folders and lock do, as tests: one list for the fake host and for the real one. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Host } from "../../src/host/host.js";
import { FileError } from "../../src/platform/state/file-error.js";
import { LockError } from "../../src/platform/state/lock-error.js";

/** Two hosts of one system, as two processes have them. */
export interface HostPair {
  readonly host: Host;
  readonly other: Host;
  /** The path of a file with this content, and of none. */
  readonly userFile: { readonly path: string; readonly content: string; readonly missing: string };
}

const text = "ä\n€\n";

export function declareStateContract(open: () => Promise<HostPair>): void {
  let pair: HostPair;
  before(async () => {
    pair = await open();
  });

  const folder = (name: string) => pair.host.files.folder(`${pair.host.stateFolders.lib}/${name}`);
  const readText = async (name: string, file: string) => {
    const bytes = await folder(name).read(file);
    return bytes && Buffer.from(bytes).toString("utf8");
  };

  test("a folder that is missing is empty, and nothing is made of it by looking", async () => {
    assert.deepEqual(await folder("missing").list(), []);
    assert.equal(await folder("missing").read("file"), undefined);
    await folder("missing").remove("file");
    assert.deepEqual(await folder("missing").list(), []);
  });

  test("what is written is read, listed and removed", async () => {
    await folder("undo").write("2.json", ["", text, "end"]);
    await folder("undo").write("1.json", []);
    assert.equal(await readText("undo", "2.json"), `${text}end`);
    assert.equal(await readText("undo", "1.json"), "");
    assert.deepEqual(await folder("undo").list(), ["1.json", "2.json"]);
    await folder("undo").write("2.json", ["new"]);
    assert.equal(await readText("undo", "2.json"), "new");
    await folder("undo").remove("2.json");
    await folder("undo").remove("2.json");
    assert.equal(await readText("undo", "2.json"), undefined);
    assert.deepEqual(await folder("undo").list(), ["1.json"]);
  });

  test("another host finds what one has written", async () => {
    await folder("a/b").write("shared", ["text"]);
    const found = await pair.other.files.folder(`${pair.other.stateFolders.lib}/a/b`).read("shared");
    assert.deepEqual(found && [...found], [...Buffer.from("text")]);
  });

  test("large texts are written whole", async () => {
    const chunks = Array.from({ length: 3000 }, (_, index) => `${index} ${"x".repeat(1000)}ä\n`);
    await folder("undo").write("large", chunks);
    assert.equal(await readText("undo", "large"), chunks.join(""));
    await folder("undo").write("large", [chunks.join("")]);
    assert.equal(await readText("undo", "large"), chunks.join(""));
  });

  test("chunks that fail leave the file as it was, and nothing else", async () => {
    await folder("failing").write("file", ["old"]);
    const failing = function* () {
      yield "x".repeat(1_000_000);
      throw new Error("no more");
    };
    await assert.rejects(folder("failing").write("file", failing()), { message: "no more" });
    assert.equal(await readText("failing", "file"), "old");
    assert.deepEqual(await folder("failing").list(), ["file"]);
  });

  test("names that lead elsewhere, or hide, are refused", async () => {
    for (const name of ["", ".", "..", ".hidden", "a/b", "../a", "/etc/passwd", "a b", "a\n", "ä", "a\0"]) {
      await assert.rejects(folder("undo").read(name), RangeError, JSON.stringify(name));
      await assert.rejects(folder("undo").write(name, []), RangeError);
      await assert.rejects(folder("undo").remove(name), RangeError);
    }
  });

  test("a folder with a relative path is refused when it is used", async () => {
    const relative = pair.host.files.folder("undo");
    const refusal = { name: "FileError", message: "undo: a folder needs an absolute path" };
    const uses = [relative.list(), relative.read("file"), relative.write("file", []), relative.remove("file")];
    await Promise.all(uses.map((use) => assert.rejects(use, refusal)));
  });

  test("a file of the user's is read, and a missing one is refused with its path", async () => {
    const { path, content, missing } = pair.userFile;
    const pieces: Uint8Array[] = [];
    for await (const piece of pair.host.files.read(path)) pieces.push(piece);
    assert.equal(Buffer.concat(pieces).toString("latin1"), content);
    const readMissing = async () => {
      for await (const _ of pair.host.files.read(missing));
    };
    await assert.rejects(readMissing, (error: unknown) => {
      assert.ok(error instanceof FileError);
      assert.deepEqual([error.path, error.code], [missing, "ENOENT"]);
      assert.equal(error.message, `${missing}: No such file or directory`);
      return true;
    });
  });

  test("the network namespace is a number", async () => {
    assert.match(await pair.host.networkNamespace(), /^\d+$/);
    assert.equal(await pair.host.networkNamespace(), await pair.other.networkNamespace());
  });

  test("one command at a time has the lock, and the other one learns who has it", async () => {
    const release = await pair.host.lock({ command: "ipvsadm apply" });
    for (const host of [pair.host, pair.other]) {
      await assert.rejects(host.lock({ command: "ipvsadm set" }), (error: unknown) => {
        assert.ok(error instanceof LockError);
        assert.equal(error.holder?.command, "ipvsadm apply");
        assert.match(
          error.message,
          /^another command holds the lock: 'ipvsadm apply' \(process \d+\) since \d+ s; use --wait TIME to wait$/,
        );
        return true;
      });
    }
    release();
    release();
    const next = await pair.other.lock({ command: "ipvsadm set" });
    release();
    await assert.rejects(pair.host.lock({ command: "ipvsadm undo" }), /'ipvsadm set'/);
    next();
  });

  test("a command that waits gets the lock when it is released", async () => {
    const release = await pair.host.lock({ command: "ipvsadm apply" });
    const order: string[] = [];
    const waiting = pair.other.lock({ command: "ipvsadm set", wait: 60 }).then((last) => {
      order.push("locked");
      return last;
    });
    await pair.host.clock.sleep(300);
    order.push("released");
    release();
    (await waiting)();
    assert.deepEqual(order, ["released", "locked"]);
  });

  test("waiting ends after its time, and with its signal", async () => {
    const release = await pair.host.lock({ command: "ipvsadm apply" });
    const late = { name: "LockError", message: /^another command still holds the lock after 0\.2 s: 'ipvsadm apply'/ };
    await assert.rejects(pair.other.lock({ command: "ipvsadm set", wait: 0.2 }), late);
    const controller = new AbortController();
    const reason = new Error("stop");
    const waiting = pair.other.lock({ command: "ipvsadm set", wait: 60, signal: controller.signal });
    await Promise.all([
      assert.rejects(waiting, reason),
      pair.host.clock.sleep(150).then(() => controller.abort(reason)),
    ]);
    await assert.rejects(pair.other.lock({ command: "ipvsadm set", signal: controller.signal }), reason);
    release();
    (await pair.other.lock({ command: "ipvsadm set" }))();
  });
}
