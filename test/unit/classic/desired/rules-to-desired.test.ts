import assert from "node:assert/strict";
import { test } from "node:test";
import { rulesToDesired } from "../../../../src/classic/desired/rules-to-desired.js";
import { renderRules } from "../../../../src/format/text/rule-lines.js";
import { numericNames } from "../../../../src/format/text/shown-names.js";
import type { DesiredState } from "../../../../src/model/desired.js";
import { destinationIdentity } from "../../../../src/model/identity.js";
import type { Destination } from "../../../../src/model/table.js";
import { assertLinear } from "../../../support/cost.js";
import { resolver } from "../../../support/fixtures.js";
import { Random } from "../../../support/random.js";
import { randomTable } from "../../../support/random-table.js";
import { desiredStateOf } from "../../../support/texts.js";

const read = (text: string) => rulesToDesired(Buffer.from(text, "latin1"), resolver);

const only = "does not describe a state; only -A, -a, --set and --start-daemon do";

const faults: readonly (readonly [what: string, text: string, message: string])[] = [
  ["a command that edits", "-A -f 1\n-D -f 1\n", `line 2: -D ${only}`],
  ["a command in its long form", "--clear\n", `line 1: --clear ${only}`],
  [
    "every command of another kind",
    "-E -f 1\n-e\n-d\n-C\n-Z\n-Ln\n-R\n-S\n-h\n--version\n--stop-daemon master\n",
    ["-E", "-e", "-d", "-C", "-Z", "-L", "-R", "-S", "-h", "--version", "--stop-daemon"]
      .map((command, index) => `line ${index + 1}: ${command} ${only}`)
      .join("\n"),
  ],
  [
    "no command",
    "-A -f 1\nfoo\x1b\n-x\n--foo\n-n -A\n",
    `line 2: "foo\\u001b" ${only}\nline 3: "-x" ${only}\nline 4: "--foo" ${only}\nline 5: "-n" ${only}`,
  ],
  [
    "a value",
    "-A -t nonsense:\n# comment\n\n-A -f 1 -p 0\n",
    "line 1: illegal virtual server address[:port] specified\nline 4: invalid timeout value `0' specified",
  ],
  ["an argument of bytes", "-A -f 1 \xff\x1b\n", "line 1: unexpected argument \\xff\\x1b"],
  ["an indented comment", " # comment\n", `line 1: "#" ${only}`],
  [
    "a service twice",
    "-A -t 10.0.0.1:80 -s rr\n-A -t 10.0.0.1:80 -s wlc\n",
    "line 2: tcp 10.0.0.1:80 is already on line 1",
  ],
  [
    "a server twice",
    "-A -f 1\n-a -f 1 -r 10.0.0.2 -g\n-a -f 1 -r 10.0.0.3\n-a -f 1 -r 10.0.0.2 -m\n",
    "line 4: 10.0.0.2:0 is already on line 2",
  ],
  [
    "a server that becomes the same by the service's port",
    "-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 10.0.0.2:1\n-a -t 10.0.0.1:80 -r 10.0.0.2:2\n",
    "line 3: 10.0.0.2:80 is already on line 2",
  ],
  [
    "a server of no service",
    "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m\n-A -t 10.0.0.1:80\n",
    "line 1: no line before adds the service tcp 10.0.0.1:80",
  ],
  [
    "a server of a service that is wrong",
    "-A -t 10.0.0.1:80 -p 0\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m\n",
    "line 1: invalid timeout value `0' specified",
  ],
  [
    "another family without a tunnel",
    "-A -f 1\n-a -f 1 -r [2001:db8::1]:80 -m\n",
    "line 2: Different address family is allowed only for tunneling servers",
  ],
  ["thresholds", "-A -f 1\n-a -f 1 -r 10.0.0.2 -x 5 -y 6\n", "line 2: lower_threshold: is above the upper_threshold"],
  ["timeouts twice", "--set 1 2 3\n--set 1 2 3\n", "line 2: the timeouts are already on line 1"],
  [
    "a daemon twice",
    "--start-daemon master\n--start-daemon backup\n--start-daemon master --syncid 1\n",
    "line 3: master daemon is already on line 1",
  ],
  [
    "another family beside a daemon",
    "--start-daemon master\n-A -f 1\n-a -f 1 -r 10.0.0.2 -i\n-a -f 1 -r [2001:db8::1]:80 -i\n",
    "line 4: family: a family other than the service's is not allowed with a sync daemon",
  ],
  [
    "all of it, in the order of the lines",
    "-A -f 1\n-A -f 1\n-C\n-a -f 2 -r 10.0.0.1\n",
    `line 2: inet fwmark 1 is already on line 1\nline 3: -C ${only}\nline 4: no line before adds the service inet fwmark 2`,
  ],
];

for (const [what, text, message] of faults) {
  test(`a fault with its line: ${what}`, async () => {
    await assert.rejects(read(text), { name: "DocumentError", message, path: "" });
  });
}

test("of a great many mistakes a hundred are reported", async () => {
  await assert.rejects(read("x\n".repeat(1000)), ({ message }: Error) => {
    const lines = message.split("\n");
    assert.equal(lines.length, 101);
    assert.match(lines[99] ?? "", /^line 100: /);
    assert.equal(lines[100], "and 900 more mistakes");
    return true;
  });
});

test("parts that no line describes are not part of the state", async () => {
  assert.deepEqual(await read("--set 1 0 3\n"), { timeouts: { tcp: 1, tcpFin: 0, udp: 3 } });
  assert.deepEqual(await read("--start-daemon backup --syncid 7 --mcast-interface eth1\n"), {
    daemons: [{ state: "backup", interface: "eth1", syncId: 7 }],
  });
  assert.deepEqual(Object.keys(await read("-A -f 1\n")), ["services"]);
});

test("names are looked up", async () => {
  const { services } = await read("-A -t director:http\n-a -t director:http -r rs1:https -m\n");
  assert.deepEqual(services?.[0]?.service, {
    ...{ family: "inet", protocol: "tcp", address: "127.0.0.1", port: 80, scheduler: "wlc", schedulerFlags: [] },
    ...{ onePacket: false, persistent: false, timeout: 0, netmask: "255.255.255.255" },
  });
  assert.deepEqual(
    services?.[0]?.destinations.map(({ address, port }) => [address, port]),
    [["10.2.0.1", 443]],
  );
});

/** What lines can say of a table: no thresholds, no `local`, not every flag; and ports as the grammar has them. */
function sayable({ services = [] }: DesiredState): DesiredState {
  return {
    services: services.map(({ service, destinations }) => ({
      // The schedulers that name their flags have no name for the third.
      service: {
        ...service,
        schedulerFlags: service.schedulerFlags.filter((flag) => flag < 3 || !/^[sm]h$/.test(service.scheduler)),
      },
      destinations: distinct(
        destinations
          .filter(({ forward }) => forward !== "local")
          .map((destination) => ({
            ...destination,
            port: "port" in service && destination.forward !== "masq" ? service.port : destination.port,
            upperThreshold: 0,
            lowerThreshold: 0,
          })),
      ),
    })),
  };
}

/** Servers whose ports become the same are one. */
function distinct(destinations: readonly Destination[]): Destination[] {
  return [...new Map(destinations.map((one) => [destinationIdentity(one), one])).values()];
}

test("the lines of a saved table are that table", async () => {
  let services = 0;
  for (let seed = 0; seed < 500; seed++) {
    const desired = sayable(desiredStateOf(randomTable(new Random(seed))));
    const entries = desired.services?.map(({ service, destinations }) => ({
      service: { ...service, counters: zero, rates: zero },
      destinations: destinations.map((one) => ({ ...one, activeConnections: 0, inactiveConnections: 0 })),
    }));
    const text = [...renderRules(entries ?? [], numericNames)].map((line) => `${line}\n`).join("");
    if (text === "") continue;
    assert.deepEqual(sorted(await read(text)), sorted(desired), text);
    services += desired.services?.length ?? 0;
  }
  assert.ok(services > 1000);
});

const zero = { connections: 0n, packetsIn: 0n, packetsOut: 0n, bytesIn: 0n, bytesOut: 0n };

function sorted({ services = [] }: DesiredState): string[] {
  return services
    .map(({ service, destinations }) => {
      const servers = destinations.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
      return JSON.stringify([Object.entries(service).sort(), servers]);
    })
    .sort();
}

for (const [what, line] of [
  ["plain rules", (index: number) => `-a -f 1 -r 10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80 -m -w 1\n`],
  [
    "rules of all forms",
    (index: number) => `-a -f 1 -w 1 -r 10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80 -m\n`,
  ],
  ["services", (index: number) => `-A -f ${index + 2} -s rr\n`],
  ["mistakes", () => "-A -f 1 -p 0\n"],
] as const) {
  test(`${what} take time in proportion`, async () => {
    const make = (count: number) =>
      Buffer.from(`-A -f 1 -s rr\n${Array.from({ length: count }, (_, index) => line(index)).join("")}`);
    await assertLinear(make, (bytes) => rulesToDesired(bytes, resolver).catch(() => undefined), 16_000);
  });
}
