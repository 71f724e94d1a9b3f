import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListFormat } from "../../../../src/format/text/list-format.js";
import { renderEntries, renderListingHead, renderService } from "../../../../src/format/text/listing.js";
import { type Names, numericNames } from "../../../../src/format/text/shown-names.js";
import type { ServiceEntry, TableEntry, Tunnel } from "../../../../src/model/table.js";
import { counters, markService, server, service } from "../../../support/entries.js";

// Expected lines are the original's, for the same table.

const info = { version: "1.2.1", connectionTableSize: 4096 };
const plain: ListFormat = { view: "plain", exact: false, numeric: true, sorted: true, persistentConnections: false };

function list(entry: TableEntry, format: Partial<ListFormat> = {}, names: Names = numericNames): string[] {
  return [...renderService(entry, { ...plain, ...format }, names)];
}

const line = (entry: ServiceEntry) => list({ service: entry, destinations: [] })[2];

const tunnel = (type: Tunnel["type"], checksum: Tunnel["checksum"] = "nocsum", port = 0): Tunnel => ({
  type,
  port,
  checksum,
});

const six = { family: "inet6", address: "2001:db8:1111:2222:3333:4444:5555:6666", port: 65535 } as const;

const busy = {
  service: service({
    counters: counters(123456789n, 1n, 4000000000n, 99999999n, 100000000n),
    rates: counters(123456789n, 1n, 4000000000n, 99999999n, 100000000n),
  }),
  destinations: [
    server({
      address: "10.1.0.9",
      forward: "route",
      weight: 2147483647,
      upperThreshold: 4294967295,
      lowerThreshold: 3,
      activeConnections: 4294967295,
      inactiveConnections: 2147483648,
      persistentConnections: 4294967295,
      counters: counters(4294967295n, 123456789n, 99999999n, 100000000n, 4294967295n),
      rates: counters(4294967295n, 123456789n, 99999999n, 100000000n, 4294967295n),
    }),
    server({ ...six, forward: "tunnel" }),
  ],
};

test("the whole table opens with the version", () => {
  assert.deepEqual(
    [
      ...renderListingHead(info, plain),
      ...renderEntries([{ service: service(), destinations: [server()] }], plain, numericNames),
    ],
    [
      "IP Virtual Server version 1.2.1 (size=4096)",
      "Prot LocalAddress:Port Scheduler Flags",
      "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
      "TCP  10.0.0.1:80 wlc",
      "  -> 10.1.0.1:80                  Masq    1      0          0         ",
    ],
  );
});

test("every view", async (t) => {
  const expected: readonly [Partial<ListFormat>, readonly string[]][] = [
    [
      { view: "plain" },
      [
        "Prot LocalAddress:Port Scheduler Flags",
        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
        "TCP  10.0.0.1:80 wlc",
        "  -> 10.1.0.9:80                  Route   2147483647 4294967295 2147483648",
        "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 Tunnel  1      0          0         ",
      ],
    ],
    [
      { view: "stats" },
      [
        "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes",
        "  -> RemoteAddress:Port",
        "TCP  10.0.0.1:80                   123456K        1    4000M 99999999  100000K",
        "  -> 10.1.0.9:80                     4294M  123456K 99999999  100000K    4294M",
        "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535        0        0        0        0        0",
      ],
    ],
    [
      { view: "stats", exact: true },
      [
        "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes",
        "  -> RemoteAddress:Port",
        "TCP  10.0.0.1:80                  123456789        1 4000000000 99999999 100000000",
        "  -> 10.1.0.9:80                  4294967295 123456789 99999999 100000000 4294967295",
        "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535        0        0        0        0        0",
      ],
    ],
    [
      { view: "rate" },
      [
        "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS",
        "  -> RemoteAddress:Port",
        "TCP  10.0.0.1:80                   123456K        1    4000M 99999999  100000K",
        "  -> 10.1.0.9:80                  4294967295 123456789 99999999  100000K    4294M",
        "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535        0        0        0        0        0",
      ],
    ],
    [
      { view: "thresholds" },
      [
        "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn ",
        "  -> RemoteAddress:Port",
        "TCP  10.0.0.1:80 wlc",
        "  -> 10.1.0.9:80                  4294967295 3          4294967295 2147483648",
        "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 0          0          0          0         ",
      ],
    ],
    [
      { view: "persistent-conn" },
      [
        "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn ",
        "  -> RemoteAddress:Port",
        "TCP  10.0.0.1:80 wlc",
        "  -> 10.1.0.9:80                  2147483647 4294967295  4294967295 2147483648",
        "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 1         0           0          0         ",
      ],
    ],
    [
      { view: "tun-info" },
      [
        "Prot LocalAddress:Port Scheduler Flags",
        "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn",
        "TCP  10.0.0.1:80 wlc",
        "  -> 10.1.0.9:80                  Route   n/a           2147483647 4294967295 2147483648",
        "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:65535 Tunnel  ipip          1      0          0         ",
      ],
    ],
  ];
  for (const [format, lines] of expected) {
    await t.test(JSON.stringify(format), () => assert.deepEqual(list(busy, format), lines));
  }
});

test("tunnels", () => {
  const shown = (changes: Tunnel) =>
    list(
      { service: service(), destinations: [server({ forward: "tunnel", tunnel: changes })] },
      { view: "tun-info" },
    )[3];
  const around = (text: string) => `  -> 10.1.0.1:80                  Tunnel  ${text} 1      0          0         `;
  assert.equal(shown(tunnel("ipip")), around("ipip         "));
  assert.equal(shown(tunnel("gue", "nocsum", 6080)), around("gue:6080:-c  "));
  assert.equal(shown(tunnel("gue", "csum", 6081)), around("gue:6081:+c  "));
  assert.equal(shown(tunnel("gue", "remcsum", 65535)), around("gue:65535:r+c"));
  assert.equal(shown(tunnel("gre", "csum")), around("gre:+c       "));
});

test("services and their flags", () => {
  assert.equal(
    line(service({ protocol: "sctp", scheduler: "sh", schedulerFlags: [1, 2] })),
    "SCTP 10.0.0.1:80 sh (sh-fallback,sh-port)",
  );
  assert.equal(line(service({ scheduler: "mh", schedulerFlags: [2, 3] })), "TCP  10.0.0.1:80 mh (mh-port)");
  assert.equal(line(service({ scheduler: "sh", schedulerFlags: [3] })), "TCP  10.0.0.1:80 sh ()");
  assert.equal(line(service({ scheduler: "rr", schedulerFlags: [1, 3] })), "TCP  10.0.0.1:80 rr (flag-1,flag-3)");
  assert.equal(
    line(service({ scheduler: "constructor", schedulerFlags: [1] })),
    "TCP  10.0.0.1:80 constructor (flag-1)",
  );
  assert.equal(line(service({ persistent: true, timeout: 360 })), "TCP  10.0.0.1:80 wlc persistent 360");
  assert.equal(
    line(
      service({
        protocol: "udp",
        persistent: true,
        timeout: 100,
        netmask: "255.255.255.0",
        engine: "sip",
        onePacket: true,
      }),
    ),
    "UDP  10.0.0.1:80 wlc persistent 100 mask 255.255.255.0 pe sip ops",
  );
  assert.equal(line(service({ timeout: 100, netmask: "255.255.0.0", engine: "sip" })), "TCP  10.0.0.1:80 wlc");
  assert.equal(
    line(service({ ...six, persistent: true, timeout: 30, netmask: 64 })),
    `TCP  [${six.address}]:65535 wlc persistent 30 mask 64`,
  );
  assert.equal(
    line(service({ ...six, persistent: true, timeout: 30, netmask: 128 })),
    `TCP  [${six.address}]:65535 wlc persistent 30`,
  );
});

test("firewall marks are unsigned and show IPv6", () => {
  assert.equal(line(markService({ family: "inet", fwmark: 4294967295 })), "FWM  4294967295 wlc");
  assert.equal(
    list({ service: markService({ family: "inet6", fwmark: 7 }), destinations: [] }, { view: "stats" })[2],
    "FWM  7 IPv6                              0        0        0        0        0",
  );
});

test("names are cut to the columns of IPv4 and the buffer of IPv6", () => {
  const hosts: Record<string, string> = {
    "10.0.0.1": "a-very-long-virtual-host-name.example.org",
    "10.1.0.1": "a-very-long-real-server-host-name.example.org",
    "2001:db8::1": "six.example",
    [six.address]: "very-long-six-name-really-it-is-very-long-for-a-host-name.example.org",
  };
  const names: Names = {
    host: (address) => hosts[address],
    service: (port, protocol) => (port === 80 && protocol === "tcp" ? "http" : undefined),
  };
  const servers = [
    server(),
    server({ ...six, forward: "tunnel" }),
    server({ family: "inet6", address: "2001:db8::1" }),
  ];
  assert.deepEqual(list({ service: service(), destinations: servers }, { sorted: false }, names).slice(2), [
    "TCP  a-very-long-virtual-host-nam wlc",
    "  -> a-very-long-real-server-host Masq    1      0          0         ",
    "  -> [very-long-six-name-really-it-is-very-long-for-a-host-name. Tunnel  1      0          0         ",
    "  -> [six.example]:http           Masq    1      0          0         ",
  ]);
  const marked = { service: markService({ family: "inet6", fwmark: 1 }), destinations: servers.slice(2) };
  assert.equal(list(marked, {}, names)[3], "  -> [six.example]:80             Masq    1      0          0         ");
});
