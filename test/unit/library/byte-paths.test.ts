import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runVerb } from "../../../src/commands/run.js";
import { nodePlatform } from "../../../src/host/node-platform.js";
import { systemHost } from "../../../src/host/system-host.js";
import { listUndo } from "../../../src/library/table-changes.js";
import { makeHost } from "../../support/fake-host.js";
import { FakeKernel } from "../../support/fake-kernel.js";

const top = mkdtempSync(join(tmpdir(), "byte-paths-"));
after(() => rmSync(top, { recursive: true }));

/** A verb with the files of this machine and the kernel of a fake host. */
async function runOnFiles(args: readonly string[], stdin: readonly string[] = []) {
  const fake = makeHost({ stdin });
  const { files, lock, networkNamespace } = systemHost(nodePlatform, { run: `${top}/run`, lib: `${top}/lib` });
  const kernel = new FakeKernel();
  const status = await runVerb(args, { ...fake, files, lock, networkNamespace, openKernel: async () => kernel });
  return { status, output: fake.output, error: fake.error };
}

/** Names as bytes, and as the library takes them. */
const names = [
  { bytes: Buffer.from("ü", "utf8"), text: "ü" },
  { bytes: Buffer.from([0xff, 0xc3, 0xbc]), text: "\udcff\udcc3\udcbc" },
];

for (const { bytes, text } of names) {
  test(`--undo-folder uses the folder with the bytes ${bytes.toString("hex")}, and so does the library`, async () => {
    const path = Buffer.concat([Buffer.from(`${top}/`), bytes]);
    const argument = ["--undo-folder", path.toString("latin1")];
    const applied = await runOnFiles(["apply", ...argument], ["-A -t 192.0.2.10:80 -s rr\n"]);
    assert.deepEqual([applied.status, applied.error], [0, ""]);
    assert.equal(readdirSync(path).length, 1);
    const [entry] = await listUndo(`${top}/${text}`);
    assert.equal(entry?.command, "apply");
    const { output } = await runOnFiles(["undo", "--list", ...argument]);
    assert.ok(output.startsWith(entry?.id ?? "no id"), output);
  });
}

test("the library refuses a path that has no bytes", async () => {
  await assert.rejects(listUndo("/\ud800"), {
    name: "RangeError",
    message: 'a path cannot have a lone surrogate: "/\\ud800"',
  });
});
