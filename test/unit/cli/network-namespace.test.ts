import assert from "node:assert/strict";
import { test } from "node:test";
import { joinNetworkNamespace, parseNetworkNamespace } from "../../../src/cli/network-namespace.js";
import { makeHost } from "../../support/fake-host.js";

for (const [text, path] of [
  ["blue", "/run/netns/blue"],
  ["-blue", "/run/netns/-blue"],
  ["...", "/run/netns/..."],
  ["b\xc3\xa4 u;$(id)", "/run/netns/b\xc3\xa4 u;$(id)"],
  ["x".repeat(255), `/run/netns/${"x".repeat(255)}`],
  ["/var/run/netns/blue", "/var/run/netns/blue"],
  ["/proc/1/../2/ns/net", "/proc/1/../2/ns/net"],
  ["pid:1", "/proc/1/ns/net"],
  ["pid:4194304", "/proc/4194304/ns/net"],
] as const) {
  test(`the network namespace ${text.slice(0, 20)} is a file`, () => {
    assert.equal(parseNetworkNamespace(text).path, path);
  });
}

for (const [text, message] of [
  ["", /^--netns : not a network namespace; give a name of 'ip netns list', an absolute path or pid:NUMBER$/],
  [".", /^--netns \.: not a network namespace/],
  ["..", /^--netns \.\.: not a network namespace/],
  ["../blue", /^--netns \.\.\/blue: not a network namespace/],
  ["blue/", /^--netns blue\/: not a network namespace/],
  ["blue\0red", /^--netns: a name cannot contain a NUL byte$/],
  ["/run/netns/blue\0", /^--netns: a name cannot contain a NUL byte$/],
  ["pid:", /^--netns pid:: pid: takes the number of a process$/],
  ["pid:0", /takes the number of a process/],
  ["pid:-1", /takes the number of a process/],
  ["pid:1/../2", /takes the number of a process/],
  ["pid:99999999999999", /takes the number of a process/],
  ["x".repeat(256), /^--netns x{100}\.\.\.: a name has at most 255 bytes$/],
] as const) {
  test(`${JSON.stringify(text).slice(0, 20)} names no network namespace`, () => {
    assert.throws(() => parseNetworkNamespace(text), { name: "UsageError", status: 2, message });
  });
}

test("a namespace that can be entered is entered, once", async () => {
  const entered: string[] = [];
  const host = makeHost({
    enterNamespace: (path) => {
      entered.push(path);
      return undefined;
    },
  });
  await joinNetworkNamespace("blue", host);
  assert.deepEqual(entered, ["/run/netns/blue"]);
});

const asRoot = "run it as root; in a container, CAP_SYS_ADMIN over that namespace is needed";

for (const [text, code, message] of [
  [
    "blue",
    "ENOENT",
    "--netns blue: /run/netns/blue: there is no such network namespace\n'ip netns list' lists the names",
  ],
  ["pid:7", "ENOENT", "--netns pid:7: /proc/7/ns/net: there is no such network namespace\nthere is no process 7"],
  [
    "/tmp/x",
    "ENOENT",
    "--netns /tmp/x: /tmp/x: there is no such network namespace\ngive the file of an existing network namespace",
  ],
  [
    "/tmp/x",
    "EINVAL",
    "--netns /tmp/x: /tmp/x: not a network namespace\n" +
      "'ip netns list' has those with names, and every process has its own in /proc/PID/ns/net",
  ],
  ["blue", "EPERM", `--netns blue: /run/netns/blue: no permission to enter this network namespace\n${asRoot}`],
  ["pid:1", "EACCES", `--netns pid:1: /proc/1/ns/net: no permission to open this network namespace\n${asRoot}`],
  ["blue", "ELOOP", "--netns blue: /run/netns/blue: the reason"],
  ["blue", "", "--netns blue: /run/netns/blue: the reason"],
  [`/${"x".repeat(200)}`, "", `--netns /${"x".repeat(99)}...: /${"x".repeat(99)}...: the reason`],
] as const) {
  test(`a namespace that cannot be entered: ${text.slice(0, 20)} ${code}`, async () => {
    const host = makeHost({ enterNamespace: () => ({ code, reason: "the reason" }) });
    await assert.rejects(joinNetworkNamespace(text, host), { name: "VerbError", status: 7, message });
  });
}
