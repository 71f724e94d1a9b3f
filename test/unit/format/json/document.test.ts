import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocumentBytes } from "../../../../src/format/json/read-document.js";

type Json = Record<string, unknown>;

const destination = { family: "inet", address: "10.0.0.2", port: 80 };
const service = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };
const mark = { family: "inet6", fwmark: 5 };
const daemon = { state: "master", interface: "eth0" };
const ipvs = { schema: 1 };

const parse = (document: unknown) => parseDocumentBytes(Buffer.from(JSON.stringify(document)));
const ofServices = (...services: Json[]) => ({ ipvs, services });
const ofService = (change: Json) => ofServices({ ...service, ...change });
const ofDestination = (change: Json) => ofService({ destinations: [{ ...destination, ...change }] });
const ofDaemon = (change: Json) => ({ ipvs, daemons: [{ ...daemon, ...change }] });

test("what is left out has the defaults of the command line", () => {
  assert.deepEqual(parse(ofService({ persistent: {}, destinations: [destination] })), {
    services: [
      {
        service: {
          ...service,
          scheduler: "wlc",
          schedulerFlags: [],
          onePacket: false,
          persistent: true,
          timeout: 360,
          netmask: "255.255.255.255",
        },
        destinations: [
          {
            ...destination,
            forward: "route",
            weight: 1,
            upperThreshold: 0,
            lowerThreshold: 0,
            tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
          },
        ],
      },
    ],
  });
});

test("addresses become canonical, and either form of a mask will do", () => {
  const service6 = { family: "inet6", protocol: "udp", address: "2001:DB8:0:0::1", port: 53 };
  const parsed = parse(
    ofServices({ ...service6, persistent: { prefixlen: 64 } }, { ...service, persistent: { prefixlen: 20 } }),
  );
  assert.deepEqual(
    parsed.services?.map(({ service }) => ["address" in service && service.address, service.netmask]),
    [
      ["2001:db8::1", 64],
      ["10.0.0.1", "255.255.240.0"],
    ],
  );
});

test("what was measured is left out of account", () => {
  const stats = { connections: 1, bytes_in: 2 ** 53 };
  const measured = { ...ofService({ stats, rates: { cps: 1 } }), connections: [] };
  assert.deepEqual(parse(measured), parse(ofService({})));
});

const tunnel = (tunnel: Json) => ofDestination({ forward: "tunnel", tunnel });
const persistent = (persistent: Json) => ofService({ persistent });
const integer = (least: number, most: number) => `must be an integer from ${least} to ${most}`;

const faults: readonly [document: unknown, message: string][] = [
  [[], "must be an object: the document"],
  [{ services: [] }, "ipvs: is missing"],
  [{ ipvs: {}, services: [] }, "ipvs.schema: is missing"],
  [{ ipvs: { schema: 2 }, services: [] }, "ipvs.schema: must be 1"],
  [{ ipvs }, "the document has no services, timeouts or daemons"],
  [{ ipvs, connections: [] }, "the document has no services, timeouts or daemons"],
  [{ ipvs, service: [] }, "service: unknown field of the document"],
  [{ ipvs, "a\u001b[31m": 1 }, '["a\\u001b[31m"]: unknown field of the document'],
  [{ ipvs, services: {} }, "services: must be a list"],
  [{ ipvs, services: null }, "services: must be a list"],
  [ofServices(service, [] as unknown as Json), "services[1]: must be an object: a virtual service"],
  [ofService({ weight: 1 }), "services[0].weight: unknown field of a virtual service"],
  [ofService({ family: "inet5" }), 'services[0].family: must be one of "inet", "inet6", not "inet5"'],
  [ofService({ protocol: undefined }), "services[0].protocol: is missing"],
  [ofService({ fwmark: 5 }), "services[0].protocol: unknown field of a virtual service of a firewall mark"],
  [ofServices({ ...mark, fwmark: 0 }), `services[0].fwmark: ${integer(1, 2 ** 32 - 1)}`],
  [ofService({ address: "10.0.0" }), "services[0].address: must be an IPv4 address"],
  [ofService({ address: "10.0.0.01" }), "services[0].address: must be an IPv4 address"],
  [ofService({ address: "::1" }), "services[0].address: must be an IPv4 address"],
  [ofService({ family: "inet6" }), "services[0].address: must be an IPv6 address"],
  [ofService({ address: "localhost" }), 'services[0].address: must be an IP address, not the text "localhost"'],
  [ofService({ port: "80" }), `services[0].port: ${integer(0, 65535)}`],
  [ofService({ port: 65536 }), `services[0].port: ${integer(0, 65535)}`],
  [ofService({ port: 80.5 }), `services[0].port: ${integer(0, 65535)}`],
  [ofService({ port: 0 }), "services[0].port: port 0 needs persistence"],
  [ofService({ scheduler: "" }), "services[0].scheduler: must be a name of letters, digits, _ and -, not "],
  [ofService({ ops: true }), "services[0].ops: one-packet scheduling is only for udp and firewall marks"],
  [ofService({ ops: 1 }), "services[0].ops: must be true or false"],
  [ofService({ sched_flags: ["sh-port"] }), "services[0].sched_flags[0]: sh-port is no flag of the scheduler wlc"],
  [
    ofService({ scheduler: "mh", sched_flags: ["sh-port"] }),
    "services[0].sched_flags[0]: sh-port is no flag of the scheduler mh",
  ],
  [
    ofService({ scheduler: "sh", sched_flags: ["sh-port", "flag-2"] }),
    "services[0].sched_flags[1]: flag-2 is given twice",
  ],
  [persistent({ timeout: 0 }), `services[0].persistent.timeout: ${integer(1, 2678400)}`],
  [persistent({ timeout: 2678401 }), `services[0].persistent.timeout: ${integer(1, 2678400)}`],
  [persistent({ netmask: "255.255" }), "services[0].persistent.netmask: must be an IPv4 address"],
  [persistent({ prefixlen: 33 }), `services[0].persistent.prefixlen: ${integer(0, 32)}`],
  [
    persistent({ prefixlen: 8, netmask: "255.0.255.0" }),
    "services[0].persistent.prefixlen: does not agree with the netmask 255.0.255.0",
  ],
  [
    ofServices({ ...mark, persistent: { netmask: "255.0.0.0" } }),
    "services[0].persistent.netmask: an inet6 service has a prefixlen only",
  ],
  [ofServices({ ...mark, persistent: { prefixlen: 0 } }), `services[0].persistent.prefixlen: ${integer(1, 128)}`],
  [ofService({ persistent: {}, pe: "sip" }), "services[0].pe: belongs in persistent"],
  [ofServices(service, mark, { ...service }), "services[2]: tcp 10.0.0.1:80 is already services[0]"],
  [ofServices(mark, { ...mark, scheduler: "rr" }), "services[1]: inet6 fwmark 5 is already services[0]"],
  [
    ofService({ stats: { connections: -1 } }),
    "services[0].stats.connections: must be an integer from 0 to 18446744073709551615",
  ],
  [ofDestination({ weight: -1 }), `services[0].destinations[0].weight: ${integer(0, 2 ** 31 - 1)}`],
  [ofDestination({ weight: 2 ** 31 }), `services[0].destinations[0].weight: ${integer(0, 2 ** 31 - 1)}`],
  [
    ofDestination({ forward: "nat" }),
    'services[0].destinations[0].forward: must be one of "masq", "route", "tunnel", "local", not "nat"',
  ],
  [ofDestination({ lower_threshold: 1 }), "services[0].destinations[0].lower_threshold: is above the upper_threshold"],
  [
    ofDestination({ family: "inet6", address: "::1" }),
    "services[0].destinations[0].family: a family other than the service's is allowed only for tunneling servers",
  ],
  [ofDestination({ tunnel: { type: "ipip" } }), "services[0].destinations[0].tunnel: conflicts with the forward route"],
  [tunnel({}), "services[0].destinations[0].tunnel.type: is missing"],
  [tunnel({ type: "gue" }), "services[0].destinations[0].tunnel.port: is missing"],
  [tunnel({ type: "gre", port: 1 }), "services[0].destinations[0].tunnel.port: a tunnel of the type gre has none"],
  [tunnel({ type: "ipip", flags: [] }), "services[0].destinations[0].tunnel.flags: a tunnel of the type ipip has none"],
  [tunnel({ type: "gre", flags: ["remcsum"] }), "services[0].destinations[0].tunnel.flags[0]: remcsum is only for gue"],
  [
    tunnel({ type: "gue", port: 1, flags: ["csum", "remcsum"] }),
    "services[0].destinations[0].tunnel.flags: has more than 1 values",
  ],
  [
    ofService({ destinations: [destination, { ...destination, weight: 2 }] }),
    "services[0].destinations[1]: 10.0.0.2:80 is already services[0].destinations[0]",
  ],
  [{ ipvs, timeouts: { tcp: 1, udp: 1 } }, "timeouts.tcp_fin: is missing"],
  [{ ipvs, timeouts: { tcp: 1, tcp_fin: 0, udp: 1 } }, `timeouts.tcp_fin: ${integer(1, 2678400)}`],
  [{ ipvs, daemons: [daemon, daemon] }, "daemons[1]: master daemon is already daemons[0]"],
  [ofDaemon({ interface: "a/b" }), "daemons[0].interface: must be a name of an interface, not "],
  [ofDaemon({ interface: "a\u0000" }), "daemons[0].interface: must be a name of an interface, not "],
  [
    ofDaemon({ interface: "\u00e9".repeat(8) }),
    "daemons[0].interface: must be a name of an interface of at most 15 bytes",
  ],
  [ofDaemon({ interface: "\ud800" }), "daemons[0].interface: must be a name of an interface, not "],
  [ofDaemon({ syncid: 256 }), `daemons[0].syncid: ${integer(0, 255)}`],
  [ofDaemon({ mcast_group: "10.0.0.1" }), "daemons[0].mcast_group: must be a multicast address"],
  [ofDaemon({ mcast_group: "fe80::1" }), "daemons[0].mcast_group: must be a multicast address"],
  [
    {
      ...ofDestination({ forward: "tunnel", family: "inet6", address: "::1" }),
      daemons: [daemon],
    },
    "services[0].destinations[0].family: a family other than the service's is not allowed with a sync daemon",
  ],
];

for (const [document, message] of faults) {
  test(`refused: ${message}`, () => {
    const [, path = ""] = /^([^ ]+): /.exec(message) ?? [];
    assert.throws(
      () => parse(document),
      // The value that is wrong may follow.
      (error: Error & { path?: string }) =>
        error.name === "DocumentError" && error.path === path && error.message.startsWith(message),
    );
  });
}

test("doubles are found whatever form their addresses have", () => {
  const service6 = { family: "inet6", protocol: "tcp", address: "::1", port: 80 };
  assert.throws(() => parse(ofServices(service6, { ...service6, address: "0:0::0:1" })), {
    message: "services[1]: tcp [::1]:80 is already services[0]",
  });
});

test("a mark is one of each family, and a port one of each protocol", () => {
  const both = ofServices(mark, { ...mark, family: "inet" }, service, { ...service, protocol: "udp" });
  assert.equal(parse(both).services?.length, 4);
});
