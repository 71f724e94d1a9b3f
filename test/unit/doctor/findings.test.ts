import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding } from "../../../src/doctor/finding.js";
import { quoteWord, setCommand, unquoteWord } from "../../../src/doctor/naming.js";
import { renderFixScript } from "../../../src/doctor/render/findings.js";

const finding = (id: string, object: string, ...commands: string[]): Finding => ({
  id,
  severity: "warning",
  object,
  read: "it is wrong",
  why: "it matters",
  commands,
});

test("a word of a shell command comes back as it was", () => {
  for (const word of ["lan", "eth0.5", "a b", "x';id;'", "'", "$(id)"])
    assert.equal(unquoteWord(quoteWord(word)), word);
});

test("a script runs each command once, and its file has the settings without quotes", () => {
  const hostile = setCommand("/proc/sys/net/ipv4/conf/x';id;'/rp_filter", 2);
  const findings = [
    finding("one", "interface a\nb", hostile),
    finding("two", "the rest", hostile, "ip link set lan up", setCommand("/proc/sys/net/ipv4/ip_forward", 1)),
  ];
  assert.deepEqual([...renderFixScript(findings)].slice(2), [
    "",
    "# warning one: interface a?b: it is wrong",
    "sysctl -w 'net.ipv4.conf.x'\\'';id;'\\''.rp_filter=2'",
    "",
    "# warning two: the rest: it is wrong",
    "ip link set lan up",
    "sysctl -w net.ipv4.ip_forward=1",
    "",
    "cat >/etc/sysctl.d/90-ipvsadm-doctor.conf <<'END'",
    "net.ipv4.conf.x';id;'.rp_filter=2",
    "net.ipv4.ip_forward=1",
    "END",
  ]);
});
