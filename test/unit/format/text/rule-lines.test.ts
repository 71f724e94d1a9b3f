import assert from "node:assert/strict";
import { test } from "node:test";
import { renderRules } from "../../../../src/format/text/rule-lines.js";
import { numericNames } from "../../../../src/format/text/shown-names.js";
import type { TableEntry } from "../../../../src/model/table.js";
import { markService, server, service } from "../../../support/entries.js";

// Expected lines are the original's, for the same table.
const rules = (...entries: readonly TableEntry[]) => [...renderRules(entries, numericNames)];

test("services", () => {
  const lines = rules(
    { service: service(), destinations: [] },
    { service: service({ port: 81, persistent: true, timeout: 360 }), destinations: [] },
    { service: service({ port: 82, timeout: 100, netmask: "255.255.0.0", engine: "sip" }), destinations: [] },
    {
      service: service({
        protocol: "udp",
        scheduler: "sh",
        schedulerFlags: [1, 2],
        onePacket: true,
        persistent: true,
        timeout: 100,
        netmask: "255.255.255.0",
        engine: "sip",
      }),
      destinations: [],
    },
    { service: service({ protocol: "sctp", scheduler: "sh", schedulerFlags: [3] }), destinations: [] },
    {
      service: service({ family: "inet6", address: "::1", persistent: true, timeout: 1, netmask: 64 }),
      destinations: [],
    },
    { service: markService({ family: "inet", fwmark: 1 }, { onePacket: true }), destinations: [] },
    { service: markService({ family: "inet6", fwmark: 65536 }, { netmask: 128 }), destinations: [] },
  );
  assert.deepEqual(lines, [
    "-A -t 10.0.0.1:80 -s wlc",
    "-A -t 10.0.0.1:81 -s wlc -p 360",
    "-A -t 10.0.0.1:82 -s wlc --pe sip",
    "-A -u 10.0.0.1:80 -s sh -p 100 -M 255.255.255.0 --pe sip -o -b sh-fallback,sh-port",
    "-A --sctp-service 10.0.0.1:80 -s sh -b ",
    "-A -t [::1]:80 -s wlc -p 1 -M 64",
    "-A -f 1 -s wlc -o",
    "-A -f 65536 -6 -s wlc",
  ]);
});

test("servers", () => {
  const destinations = [
    server({ upperThreshold: 5, lowerThreshold: 2 }),
    server({ address: "10.1.0.2", port: 8080, forward: "local" }),
    server({ address: "10.1.0.3", forward: "tunnel" }),
    server({ address: "10.1.0.4", forward: "tunnel", tunnel: { type: "gue", port: 6080, checksum: "nocsum" } }),
    server({ address: "10.1.0.5", forward: "tunnel", tunnel: { type: "gue", port: 6081, checksum: "remcsum" } }),
    server({ address: "10.1.0.6", forward: "tunnel", tunnel: { type: "gre", port: 0, checksum: "csum" } }),
    server({ address: "10.1.0.7", forward: "route", weight: 0 }),
    server({ family: "inet6", address: "2001:db8::1", forward: "tunnel" }),
  ];
  assert.deepEqual(rules({ service: service(), destinations }).slice(1), [
    "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1",
    "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -g -w 1",
    "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -i -w 1 --tun-type ipip",
    "-a -t 10.0.0.1:80 -r 10.1.0.4:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum",
    "-a -t 10.0.0.1:80 -r 10.1.0.5:80 -i -w 1 --tun-type gue --tun-port 6081 --tun-remcsum",
    "-a -t 10.0.0.1:80 -r 10.1.0.6:80 -i -w 1 --tun-type gre --tun-csum",
    "-a -t 10.0.0.1:80 -r 10.1.0.7:80 -g -w 0",
    "-a -t 10.0.0.1:80 -r [2001:db8::1]:80 -i -w 1 --tun-type ipip",
  ]);
});
