import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe } from "node:test";
import { nodePlatform } from "../../../src/host/node-platform.js";
import { systemHost } from "../../../src/host/system-host.js";
import { makeHost } from "../../support/fake-host.js";
import { FakeState } from "../../support/fake-state.js";
import { declareStateContract } from "../../support/state-contract.js";

describe("the fake host", () => {
  declareStateContract(async () => {
    const options = { state: new FakeState(), userFiles: { "/table": "a\xff\n" } };
    return {
      host: makeHost(options),
      other: makeHost(options),
      userFile: { path: "/table", content: "a\xff\n", missing: "/missing" },
    };
  });
});

describe("the real host", () => {
  let folder: string;
  after(() => rm(folder, { recursive: true }));

  declareStateContract(async () => {
    folder = await mkdtemp(join(tmpdir(), "state-"));
    const stateFolders = { run: join(folder, "run"), lib: join(folder, "lib") };
    const path = join(folder, "table");
    await writeFile(path, "a\xff\n", "latin1");
    return {
      host: systemHost(nodePlatform, stateFolders),
      other: systemHost(nodePlatform, stateFolders),
      userFile: { path, content: "a\xff\n", missing: join(folder, "missing") },
    };
  });
});
