import assert from "node:assert/strict";
import { test } from "node:test";
import { runClassic } from "../../../../src/classic/run/classic.js";
import { runRestore } from "../../../../src/classic/run/scripts.js";
import { makeHost } from "../../../support/fake-host.js";

interface Tested {
  readonly status: number;
  readonly error: string;
}

/** Runs a program with input and --test on a host whose kernel must not be opened. */
async function tested(program: "-R" | "ipvsadm-restore", input: string): Promise<Tested> {
  const openKernel = () => Promise.reject(new Error("the kernel was opened"));
  const host = makeHost({ stdin: [input.slice(0, 3), input.slice(3)], openKernel });
  const status = await (program === "-R"
    ? runClassic("ipvsadm", ["-R", "--test"], host)
    : runRestore(["--test"], host));
  assert.equal(host.output, "");
  return { status, error: host.error };
}

const rules = "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m\n-E -t 10.0.0.1:80 -s wrr\n";

for (const program of ["-R", "ipvsadm-restore"] as const) {
  test(`${program} --test of good input is 0 and touches nothing`, async () => {
    assert.deepEqual(await tested(program, rules), { status: 0, error: "" });
    assert.deepEqual(await tested(program, '{"ipvs":{"schema":1},"services":[]}'), { status: 0, error: "" });
    assert.deepEqual(await tested(program, ""), { status: 0, error: "" });
  });

  test(`${program} --test reports every mistake with its line`, async () => {
    const input = `${rules}-A -t 10.0.0.1:80\n\n-A -t nonsense:\n-a -t 10.0.0.1:80 -r 10.0.0.2:80\n-w\n-d -t 10.0.0.1:80 -r 10.0.0.9\n-R\n`;
    assert.deepEqual(await tested(program, input), {
      status: 2,
      error: [
        "line 4: Service already exists",
        "line 6: illegal virtual server address[:port] specified",
        "line 7: Destination already exists",
        "line 8: Try `ipvsadm -h' or 'ipvsadm --help' for more information.",
        "line 9: No such destination",
        "line 10: a restore within a restore is refused",
        "",
      ].join("\n"),
    });
  });

  test(`${program} --test reports the mistake of a document with its path`, async () => {
    const { status, error } = await tested(program, '{"ipvs":{"schema":1},"timeouts":{"tcp":0,"tcp_fin":1,"udp":1}}');
    assert.equal(status, 2);
    assert.match(error, /^timeouts\.tcp: must be an integer from 1/);
  });
}

test("a service that no line adds is a mistake only where the table is replaced", async () => {
  const input = "-a -t 10.0.0.1:80 -r 10.0.0.2:80\n";
  assert.deepEqual(await tested("-R", input), { status: 0, error: "" });
  assert.deepEqual(await tested("ipvsadm-restore", `# a comment\n${input}`), {
    status: 2,
    error: "line 2: Service not defined\n",
  });
  const cleared = `-C\n${input}-D -t 10.0.0.1:80\n`;
  assert.equal((await tested("-R", cleared)).error, "line 2: Service not defined\nline 3: No such service\n");
});

test("a last line that the original loses is a mistake of -R, and none of ipvsadm-restore", async () => {
  const input = "-A -t 10.0.0.1:80\n-A -t 10.0.0.2:80  ";
  assert.deepEqual(await tested("-R", input), {
    status: 2,
    error: "line 2: is not run, since it ends with blanks and has no newline\n",
  });
  for (const good of [`${input}\n`, `${input}\n   `])
    assert.deepEqual(await tested("-R", good), { status: 0, error: "" });
  assert.deepEqual(await tested("ipvsadm-restore", input), { status: 0, error: "" });
});

test("--test needs -R, and nothing else beside it", async () => {
  for (const args of [
    ["-A", "-t", "10.0.0.1:80", "--test"],
    ["-R", "--test", "-n"],
    ["-L", "--test"],
  ]) {
    const host = makeHost();
    assert.equal(await runClassic("ipvsadm", args, host), 2, args.join(" "));
  }
});
