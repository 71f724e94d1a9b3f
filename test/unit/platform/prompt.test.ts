import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { endStateProcesses, type Runtime, runState, runtimes, StateProcess } from "../../support/state-process.js";

afterEach(endStateProcesses);

const shell = (command: string) => ["bash", "-c", `${command}`, "shell"];

/** What the terminal shows when a question is answered so. */
async function answer(runtime: Runtime, typed: string, redirected = ""): Promise<string> {
  const command = `exec script -qefc "$(printf '%q ' "$@")${redirected}" /dev/null`;
  const run = new StateProcess(runtime, ["/nowhere", "confirm"], shell(command));
  await run.said("go on? [y/N] ");
  run.child.stdin.write(typed);
  const { stdout } = await run.end();
  return stdout.replaceAll("\r", "");
}

for (const runtime of runtimes) {
  test(`${runtime}: only a yes is one`, { timeout: 60_000 }, async () => {
    assert.match(await answer(runtime, "Yes\n"), /\ntrue\n$/);
    for (const typed of ["yesterday\n", "\x04"]) assert.match(await answer(runtime, typed), /\bfalse\n$/, typed);
  });

  test(`${runtime}: Ctrl-C interrupts a question`, { timeout: 60_000 }, async () => {
    assert.match(await answer(runtime, "\x03"), /interrupted by SIGINT\n$/);
  });

  test(`${runtime}: a question is asked on the terminal where standard streams are redirected`, {
    timeout: 60_000,
  }, async () => {
    assert.match(await answer(runtime, "y\n", "</dev/null 2>/dev/null"), /\ntrue\n$/);
  });

  test(`${runtime}: without a terminal nothing is asked`, async () => {
    assert.deepEqual(await runState(runtime, ["/nowhere", "confirm"], ["setsid", "--wait"]), {
      status: 0,
      stdout: "undefined\n",
      stderr: "",
    });
  });

  test(`${runtime}: progress is shown on a terminal that can clear a line, and nowhere else`, async () => {
    const shown = async (environment: string, redirected = "") => {
      const command = `exec env ${environment} script -qefc "$(printf '%q ' "$@")${redirected}" /dev/null`;
      return (await runState(runtime, ["/nowhere", "progress"], shell(command))).stdout;
    };
    assert.equal(await shown("TERM=xterm"), "\r\x1b[K1 of 2\r\x1b[Kterminal: true\r\n");
    assert.equal(await shown("TERM=dumb"), "terminal: true\r\n");
    const { stdout, stderr } = await runState(runtime, ["/nowhere", "progress"]);
    assert.deepEqual([stdout, stderr], ["terminal: false\n", ""]);
  });
}
