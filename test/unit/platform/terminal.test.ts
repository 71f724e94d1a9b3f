import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

const module = new URL("../../../src/platform/terminal.js", import.meta.url).href;
const program = `
  const { Terminal } = await import(${JSON.stringify(module)});
  new Terminal({ onInput() {}, onResize() {} }).open();
  setInterval(() => {}, 1000);`;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
  test(`the screen is given back before ${signal} ends the process`, async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("latin1").on("data", (text) => {
      if (output === "") child.kill(signal);
      output += text;
    });
    const [, endedBy] = await once(child, "close");
    assert.equal(endedBy, signal);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals get them.
    assert.match(output, /^\x1b\[\?1049h.*\x1b\[\?1049l$/s);
  });
}
