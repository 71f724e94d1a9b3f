/** Every check finds its fault in facts that have it, and nothing in facts that do not, or in healthy ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { overheadOf } from "../../../src/doctor/checks/tunnel-overhead.js";
import { checkIds, checks } from "../../../src/doctor/checks.js";
import type { Facts } from "../../../src/doctor/facts.js";
import { judge } from "../../../src/doctor/judge.js";
import type { Override } from "../../../src/model/override.js";
import type { Daemon, DestinationEntry, ServiceEntry } from "../../../src/model/table.js";
import {
  address,
  type FactsChanges,
  front,
  lan,
  loopback,
  makeFacts,
  noRoute,
  ownAddresses,
  toLan,
  toLocal,
} from "../../support/doctor-facts.js";
import { counters, markService, server, service } from "../../support/entries.js";

type ServiceChanges = Partial<ServiceEntry>;

/** A service at the usual address with servers at the usual one, each with its changes. */
function table(changes: ServiceChanges, ...servers: Partial<DestinationEntry>[]): Pick<FactsChanges, "services"> {
  const whole = {
    ...service({ address: "10.0.1.100", counters: counters(5n, 50n, 50n) }),
    ...changes,
  } as ServiceEntry;
  return {
    services: {
      value: [{ service: whole, servers: servers.map((each) => server({ address: "10.0.2.11", ...each })) }],
    },
  };
}

const dummy = { index: 9, name: "dummy0", flags: 0xc3, mtu: 1500, kind: "dummy" };
const kube = { ...dummy, name: "kube-ipvs0", flags: 0x82 };
const tunl = { index: 8, name: "tunl0", flags: 0xc1, mtu: 1480, kind: "ipip" };
const tunl6 = { index: 7, name: "ip6tnl0", flags: 0xc1, mtu: 1452, kind: "ip6tnl" };
const backup: Daemon = { state: "backup", interface: "lan", syncId: 1, syncMaxLength: 1464 };
const master: Daemon = { ...backup, state: "master" };
const vs = (name: string) => `/proc/sys/net/ipv4/vs/${name}`;
const conf = (name: string, setting: string) => `/proc/sys/net/ipv4/conf/${name}/${setting}`;
const tracked = { [vs("conntrack")]: "1\n" };
const martians = "entries  in_martian_dst in_martian_src\n00000000 00000000 00000007\n";

const roomyLan = { value: { type: "unicast", interface: lan.index, advmss: 1440 } } as const;

/** A real server of the virtual address, silent as it must be. */
function onServer({ subject, network, routes, files, ...changes }: FactsChanges = {}): FactsChanges {
  return {
    ...changes,
    subject: { role: "real-server", vips: [{ family: "inet", address: "10.0.2.100", port: undefined }], ...subject },
    network: {
      links: [loopback, lan, tunl],
      addresses: [
        ownAddresses[0] ?? address("127.0.0.1", loopback, 8),
        address("10.0.2.11", lan, 24),
        address("10.0.2.100", loopback, 32),
      ],
      ...network,
    },
    routes: { "10.0.2.100": toLocal, "203.0.113.1": roomyLan, ...routes },
    files: { [conf("all", "arp_ignore")]: "1\n", [conf("all", "arp_announce")]: "2\n", ...files },
  };
}

const masked = {
  method: "masq",
  director: "10.0.2.1",
  vips: [{ family: "inet", address: "10.0.1.100", port: undefined }],
} as const;
const tunneled = { method: "tunnel" } as const;
const viaDirector = { value: { type: "unicast", interface: lan.index, gateway: "10.0.2.1" } } as const;
const viaOther = { value: { type: "unicast", interface: lan.index, gateway: "10.0.2.254" } } as const;
const vip6 = { vips: [{ family: "inet6", address: "fd00:2::100", port: undefined }] } as const;
const vipWithPort = { vips: [{ family: "inet", address: "10.0.2.100", port: 80 }] } as const;
const listening = (local: string) => `  sl  local_address rem_address   st\n   0: ${local} 00000000:0000 0A 0\n`;
const busy = { activeConnections: 0, inactiveConnections: 12 };
const opening = (part: number, established = 0) => ({
  connections: { value: new Map([["tcp 10.0.2.11 80", { total: 12, opening: part, established }]]) },
});
const direct = { forward: "route" } as const;

const roomy = { value: { ...viaOther.value, advmss: 1440 } } as const;
const toFront = { value: { type: "unicast", interface: front.index } } as const;
const netstat = (filtered: number) => `TcpExt: SyncookiesSent IPReversePathFilter\nTcpExt: 0 ${filtered}\n`;
const unreachable = (sent: number) => `Ip: Forwarding\nIp: 1\nIcmp: InMsgs OutDestUnreachs\nIcmp: 0 ${sent}\n`;
const shadowed: Pick<FactsChanges, "services"> = {
  services: {
    value: [
      {
        service: service({ address: "10.0.1.100", counters: counters(0n, 0n) }),
        servers: [server({ address: "10.0.2.11" })],
      },
      {
        service: markService({ family: "inet", fwmark: 5 }),
        servers: [server({ address: "10.0.2.11", counters: counters(3n, 9n, 9n) })],
      },
    ],
  },
};
const deleting: FactsChanges = {
  isPlanned: true,
  current: {
    value: [
      {
        service: service({ address: "10.0.1.100" }),
        servers: [server({ address: "10.0.2.11" }), server({ address: "10.0.2.12", activeConnections: 4 })],
      },
    ],
  },
};
const keepalivedFile = "/etc/keepalived/keepalived.conf";
const setAtBoot = { value: "1", file: "/etc/sysctl.d/ipvs.conf", now: "0\n" };
const held = (since: string): Override => ({
  service: { family: "inet", protocol: "tcp", address: "10.0.1.100", port: 80 },
  destination: { family: "inet", address: "10.0.2.11", port: 80 },
  weight: 0,
  kind: "drain",
  since,
  previousWeight: 1,
});

interface Case {
  readonly fault: FactsChanges;
  /** What resembles the fault and is not one. */
  readonly healthy: readonly FactsChanges[];
  readonly severity?: string;
  readonly commands?: readonly string[];
  /** Other checks that find the cause of the same fault. */
  readonly along?: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  "live-syn": {
    fault: { ...table({}, busy), ...opening(12) },
    healthy: [
      { ...table({}, busy), ...opening(3) },
      { ...table({}, busy), ...opening(11, 1) },
    ],
  },
  "live-reply": {
    fault: table({}, { counters: counters(9n, 101n) }),
    healthy: [
      table({}, { counters: counters(9n, 101n, 1n) }),
      table({}, { counters: counters(9n, 99n) }),
      table({}, { ...direct, counters: counters(9n, 101n) }),
      {
        ...table({}, { counters: counters(9n, 101n) }),
        earlier: makeFacts(table({}, { counters: counters(9n, 100n) })),
      },
    ],
  },
  martian: {
    fault: { ...table({}, direct), files: { "/proc/net/stat/rt_cache": martians }, earlier: makeFacts() },
    healthy: [
      { ...table({}, direct), files: { "/proc/net/stat/rt_cache": martians } },
      {
        ...table({}, direct),
        files: { "/proc/net/stat/rt_cache": martians },
        earlier: makeFacts({ files: { "/proc/net/stat/rt_cache": martians } }),
      },
      { files: { "/proc/net/stat/rt_cache": martians }, earlier: makeFacts() },
    ],
  },
  "live-none": {
    fault: {
      ...table({ counters: counters(0n, 0n) }, {}),
      routes: { "10.0.1.100": toFront },
      network: { addresses: ownAddresses },
    },
    healthy: [
      table({ counters: counters(0n, 0n) }, {}),
      {
        ...table({ counters: counters(0n, 0n) }, {}),
        routes: { "10.0.1.100": toFront },
        network: { addresses: ownAddresses },
        daemons: { value: [backup] },
      },
      {
        ...table({ counters: counters(1n, 1n) }, {}),
        routes: { "10.0.1.100": toFront },
        network: { addresses: ownAddresses },
      },
    ],
    along: ["vip-local"],
  },
  rpfilter: {
    fault: {
      files: { "/proc/net/netstat": netstat(4), [conf("front", "rp_filter")]: "1\n" },
      earlier: makeFacts({ files: { "/proc/net/netstat": netstat(1) } }),
    },
    healthy: [
      { files: { "/proc/net/netstat": netstat(4), [conf("front", "rp_filter")]: "1\n" } },
      {
        files: { "/proc/net/netstat": netstat(4), [conf("front", "rp_filter")]: "1\n" },
        earlier: makeFacts({ files: { "/proc/net/netstat": netstat(4) } }),
      },
      {
        files: { "/proc/net/netstat": netstat(4), [conf("all", "rp_filter")]: "2\n" },
        earlier: makeFacts({ files: { "/proc/net/netstat": netstat(1) } }),
      },
    ],
    commands: ["sysctl -w net.ipv4.conf.front.rp_filter=2"],
  },
  "tun-mtu": {
    fault: {
      ...table({}, { forward: "tunnel" }),
      files: { "/proc/net/snmp": unreachable(5) },
      earlier: makeFacts({ files: { "/proc/net/snmp": unreachable(2) } }),
    },
    healthy: [
      { ...table({}, { forward: "tunnel" }), files: { "/proc/net/snmp": unreachable(5) } },
      {
        ...table({}, { forward: "tunnel" }),
        files: { "/proc/net/snmp": unreachable(5) },
        earlier: makeFacts({ files: { "/proc/net/snmp": unreachable(5) } }),
      },
      {
        ...table({}, { forward: "tunnel" }),
        network: { links: [loopback, front, { ...lan, mtu: 1520 }] },
        files: { "/proc/net/snmp": unreachable(5) },
        earlier: makeFacts({ files: { "/proc/net/snmp": unreachable(2) } }),
      },
      {
        ...table({}, direct),
        files: { "/proc/net/snmp": unreachable(5) },
        earlier: makeFacts({ files: { "/proc/net/snmp": unreachable(2) } }),
      },
    ],
  },
  "mark-shadow": {
    fault: { ...shadowed, uncounted: { value: new Map([["tcp 10.0.1.100 80", 3]]) } },
    healthy: [
      { ...shadowed, uncounted: { value: new Map([["tcp 10.0.1.100 80", 0]]) } },
      { uncounted: { value: new Map([["tcp 10.0.1.100 80", 3]]) } },
      {
        ...shadowed,
        uncounted: { value: new Map([["tcp 10.0.1.100 80", 3]]) },
        daemons: { value: [backup] },
      },
    ],
  },
  "local-listen": {
    fault: { files: { "/proc/net/tcp": listening("6401000A:0050") } },
    healthy: [
      { files: { "/proc/net/tcp": listening("6401000A:0051") } },
      { files: { "/proc/net/tcp": listening("6401000A:0050").replace(" 0A ", " 01 ") } },
      { files: { "/proc/net/tcp": listening("00000000:0050") }, routes: { "10.0.2.11": toLocal } },
    ],
  },
  "nodest-cut": {
    fault: { ...deleting, files: { [vs("expire_nodest_conn")]: "1\n" } },
    healthy: [
      { ...deleting, isPlanned: false, files: { [vs("expire_nodest_conn")]: "1\n" } },
      {
        ...deleting,
        current: {
          value: [{ service: service({ address: "10.0.1.100" }), servers: [server({ address: "10.0.2.12" })] }],
        },
        files: { [vs("expire_nodest_conn")]: "1\n" },
      },
    ],
    commands: ["ipvsadm drain -t 10.0.1.100:80 -r 10.0.2.12:80"],
  },
  icmp: {
    fault: { files: { [vs("schedule_icmp")]: "1\n" } },
    healthy: [{ files: { [vs("schedule_icmp")]: null } }],
    commands: ["sysctl -w net.ipv4.vs.schedule_icmp=0"],
  },
  "mh-failover": {
    fault: { ...table({ scheduler: "mh", schedulerFlags: [1] }, {}), programs: { value: new Set(["keepalived"]) } },
    healthy: [
      table({ scheduler: "mh", schedulerFlags: [1] }, {}),
      { programs: { value: new Set(["keepalived"]) } },
      {
        ...table({ scheduler: "mh", schedulerFlags: [1] }, {}),
        programs: { value: new Set(["bird"]) },
        daemons: { value: [master] },
      },
    ],
    commands: ["sysctl -w net.ipv4.vs.sloppy_tcp=1"],
  },
  "sync-threshold": {
    fault: { daemons: { value: [master] }, files: { [vs("sync_threshold")]: "3\t1000\n" } },
    healthy: [
      { daemons: { value: [master] } },
      { files: { [vs("sync_threshold")]: "3\t1000\n" } },
      {
        daemons: { value: [master] },
        files: { [vs("sync_threshold")]: "3\t1000\n", [vs("sync_refresh_period")]: "10\n" },
      },
    ],
    commands: ["sysctl -w net.ipv4.vs.sync_refresh_period=10"],
  },
  owner: {
    fault: {
      programs: { value: new Set(["ldirectord", "keepalived"]) },
      files: { [keepalivedFile]: "virtual_server x {\n" },
    },
    healthy: [
      { programs: { value: new Set(["ldirectord"]) } },
      {
        programs: { value: new Set(["ldirectord", "keepalived"]) },
        files: { [keepalivedFile]: "vrrp_instance x {\n" },
      },
    ],
    severity: "warning",
  },
  boot: {
    fault: { boot: { value: new Map([["/proc/sys/net/ipv4/vs/conntrack", setAtBoot]]) } },
    healthy: [
      { boot: { value: new Map([["/proc/sys/net/ipv4/vs/conntrack", { ...setAtBoot, now: "1\n" }]]) } },
      { boot: { value: new Map([["/proc/sys/net/ipv4/vs/conntrack", { ...setAtBoot, now: undefined }]]) } },
      { boot: { value: new Map([["/proc/sys/net/ipv4/tcp_sack", setAtBoot]]) } },
      { boot: { value: undefined } },
    ],
  },
  overrides: {
    fault: { overrides: { value: [held("2026-11-24T12:00:00Z")] } },
    healthy: [
      { overrides: { value: [held("2026-11-26T09:00:00Z")] } },
      { ...table({}, { address: "10.0.2.12" }), overrides: { value: [held("2026-11-24T12:00:00Z")] } },
    ],
    commands: ["ipvsadm undrain -t 10.0.1.100:80 -r 10.0.2.11:80"],
  },
  "gc-thresh": {
    fault: { files: { "/proc/net/stat/arp_cache": "entries  allocs\n00000400 00000011\n" } },
    healthy: [
      { files: { "/proc/net/stat/arp_cache": "entries  allocs\n00000300 00000011\n" } },
      { files: { "/proc/net/stat/arp_cache": null, "/proc/sys/net/ipv4/neigh/default/gc_thresh3": null } },
    ],
    commands: ["sysctl -w net.ipv4.neigh.default.gc_thresh3=2048"],
  },
  "rs-mss": {
    fault: onServer({ subject: tunneled, routes: { "203.0.113.1": viaOther } }),
    healthy: [
      onServer({ subject: tunneled, routes: { "203.0.113.1": roomy } }),
      onServer({ subject: tunneled, network: { links: [loopback, { ...lan, mtu: 9000 }, tunl] } }),
      onServer({ routes: { "203.0.113.1": viaOther } }),
    ],
    commands: ["ip route change default via 10.0.2.254 dev lan advmss 1440"],
  },
  module: { fault: { hasIpvs: { value: false } }, healthy: [], commands: ["modprobe ip_vs"] },
  "no-server": {
    fault: table({}, { weight: 0 }),
    healthy: [table({}, { weight: 0 }, { weight: 1 })],
    commands: ["ipvsadm -e -t 10.0.1.100:80 -r 10.0.2.11:80 -m -w 1"],
  },
  overload: {
    fault: table({}, { upperThreshold: 5, activeConnections: 5 }, {}),
    healthy: [table({}, { upperThreshold: 5, activeConnections: 4 })],
    severity: "warning",
  },
  "hash-quiet": {
    fault: table({ scheduler: "sh" }, { weight: 0 }, {}),
    healthy: [
      table({ scheduler: "sh", schedulerFlags: [1] }, { weight: 0 }, {}),
      table({ scheduler: "wlc" }, { weight: 0 }, {}),
      table({ scheduler: "dh" }, {}, {}),
    ],
    commands: ["ipvsadm -E -t 10.0.1.100:80 -s sh -b sh-fallback"],
  },
  "weight-ignored": {
    fault: table({ scheduler: "rr" }, { weight: 1 }, { weight: 3 }),
    healthy: [
      table({ scheduler: "wrr" }, { weight: 1 }, { weight: 3 }),
      table({ scheduler: "rr" }, { weight: 0 }, { weight: 3 }),
    ],
  },
  "port-map": {
    fault: table({}, { ...direct, port: 8080 }),
    healthy: [table({}, { port: 8080 }), table({}, direct)],
  },
  "dest-local": {
    fault: { ...table({}, { port: 8080 }), routes: { "10.0.2.11": toLocal } },
    healthy: [table({}, { port: 8080 }), { routes: { "10.0.2.11": toLocal } }],
  },
  ftp: {
    fault: table({ port: 21 }, { port: 21 }),
    healthy: [
      { ...table({ port: 21 }, { port: 21 }), files: { "/proc/modules": "ip_vs_ftp 1 0 - Live 0x0\n" } },
      table({ port: 21 }, { ...direct, port: 21 }),
    ],
    commands: ["modprobe ip_vs_ftp"],
  },
  "sched-module": {
    fault: { ...table({ scheduler: "nothing" }, {}), isPlanned: true },
    healthy: [
      table({ scheduler: "nothing" }, {}),
      { ...table({ scheduler: "sh" }, {}), isPlanned: true },
      { ...table({ scheduler: "rr" }, {}), isPlanned: true },
      { ...table({ scheduler: "nothing" }, {}), isPlanned: true, files: { "/lib/modules/RELEASE/modules.dep": null } },
    ],
  },
  "pe-module": {
    fault: { ...table({ engine: "sip" }, {}), isPlanned: true },
    healthy: [table({ engine: "sip" }, {}), { isPlanned: true }],
  },
  versions: {
    fault: {
      ...table({}, { forward: "tunnel", tunnel: { type: "gre", port: 0, checksum: "nocsum" } }),
      isPlanned: true,
      files: { "/proc/sys/kernel/osrelease": "5.2.0\n" },
    },
    healthy: [
      {
        ...table({}, { forward: "tunnel", tunnel: { type: "gue", port: 1, checksum: "nocsum" } }),
        isPlanned: true,
        files: { "/proc/sys/kernel/osrelease": "5.2.0\n" },
      },
      { ...table({}, { forward: "tunnel", tunnel: { type: "gre", port: 0, checksum: "nocsum" } }), isPlanned: true },
    ],
  },
  fwd4: {
    fault: { files: { "/proc/sys/net/ipv4/ip_forward": "0\n" } },
    healthy: [
      { ...table({}, direct), files: { "/proc/sys/net/ipv4/ip_forward": "0\n" } },
      { routes: { "10.0.2.11": toLocal }, files: { "/proc/sys/net/ipv4/ip_forward": "0\n" } },
    ],
    commands: ["sysctl -w net.ipv4.ip_forward=1"],
  },
  fwd6: {
    fault: {
      ...table({}, { family: "inet6", address: "fd00:2::11" }),
      routes: { "fd00:2::11": toLan },
      files: { "/proc/sys/net/ipv6/conf/all/forwarding": "0\n" },
    },
    healthy: [{ files: { "/proc/sys/net/ipv6/conf/all/forwarding": "0\n" } }],
    commands: ["sysctl -w net.ipv6.conf.all.forwarding=1"],
  },
  "vip-local": {
    fault: {
      routes: { "10.0.1.100": { value: { type: "unicast", interface: front.index } } },
      network: { addresses: ownAddresses },
    },
    healthy: [{ network: { addresses: ownAddresses } }],
    severity: "error",
    commands: ["ip address add 10.0.1.100/32 dev front"],
  },
  "vip-arp": {
    fault: {
      network: { addresses: [...ownAddresses, address("10.0.1.100", loopback, 32)] },
      files: { [conf("front", "arp_ignore")]: "1\n" },
    },
    healthy: [
      { network: { addresses: [...ownAddresses, address("10.0.1.100", loopback, 32)] } },
      { files: { [conf("front", "arp_ignore")]: "1\n" } },
    ],
    commands: ["ip address add 10.0.1.100/32 dev front"],
  },
  route: {
    fault: { routes: { "10.0.2.11": noRoute } },
    healthy: [{ routes: { "10.0.2.11": viaOther } }],
  },
  "dr-onlink": {
    fault: { ...table({}, direct), routes: { "10.0.2.11": viaOther } },
    healthy: [{ routes: { "10.0.2.11": viaOther } }, table({}, direct)],
  },
  neigh: {
    fault: { network: { neighbors: [{ family: "inet", address: "10.0.2.11", interface: lan.index, state: 0x20 }] } },
    healthy: [
      { network: { neighbors: [{ family: "inet", address: "10.0.2.11", interface: lan.index, state: 0x02 }] } },
      { network: { neighbors: [{ family: "inet", address: "10.0.2.12", interface: lan.index, state: 0x20 }] } },
    ],
  },
  redirects: {
    fault: {
      network: { addresses: [...ownAddresses, address("10.0.1.100", lan, 32)] },
      files: { [conf("all", "send_redirects")]: "1\n" },
    },
    healthy: [
      { files: { [conf("all", "send_redirects")]: "1\n" } },
      { network: { addresses: [...ownAddresses, address("10.0.1.100", lan, 32)] } },
    ],
    commands: ["sysctl -w net.ipv4.conf.all.send_redirects=0", "sysctl -w net.ipv4.conf.lan.send_redirects=0"],
  },
  "mark-rule": {
    fault: {
      services: {
        value: [{ service: markService({ family: "inet", fwmark: 5 }), servers: [server({ address: "10.0.2.11" })] }],
      },
    },
    healthy: [
      {
        services: {
          value: [{ service: markService({ family: "inet", fwmark: 5 }), servers: [server({ address: "10.0.2.11" })] }],
        },
        network: { rules: [{ family: "inet", fwmark: 5 }] },
      },
    ],
  },
  quiescent: {
    fault: table({ persistent: true }, {}),
    healthy: [{ ...table({ persistent: true }, {}), files: { [vs("expire_quiescent_template")]: "1\n" } }],
    commands: ["sysctl -w net.ipv4.vs.expire_quiescent_template=1"],
  },
  nodest: {
    fault: { network: { links: [loopback, front, lan, kube] } },
    healthy: [{ network: { links: [loopback, front, lan, kube] }, files: { [vs("expire_nodest_conn")]: "1\n" } }],
    commands: ["sysctl -w net.ipv4.vs.expire_nodest_conn=1"],
  },
  "reuse-delay": {
    fault: { files: { ...tracked, "/proc/sys/kernel/osrelease": "5.8.12\n" } },
    healthy: [{ files: { ...tracked, "/proc/sys/kernel/osrelease": "5.10.0\n" } }],
  },
  "reuse-stuck": {
    fault: { files: { [vs("conn_reuse_mode")]: "0\n" } },
    healthy: [{ files: { [vs("conn_reuse_mode")]: "0\n", "/proc/sys/kernel/osrelease": "5.8.12\n" } }],
    commands: ["sysctl -w net.ipv4.vs.conn_reuse_mode=1"],
  },
  "ct-needed": {
    fault: { files: { "/proc/sys/net/netfilter/nf_conntrack_count": "7\n" } },
    healthy: [
      { files: { ...tracked, "/proc/sys/net/netfilter/nf_conntrack_count": "7\n" } },
      { files: { "/proc/sys/net/netfilter/nf_conntrack_count": null } },
    ],
  },
  "ct-full": {
    fault: { files: { ...tracked, "/proc/sys/net/netfilter/nf_conntrack_count": "960\n" } },
    healthy: [{ files: { ...tracked, "/proc/sys/net/netfilter/nf_conntrack_count": "800\n" } }],
    severity: "error",
    commands: ["sysctl -w net.netfilter.nf_conntrack_max=2000"],
  },
  "ct-timeout": {
    fault: { files: { ...tracked, "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established": "432000\n" } },
    healthy: [{ files: tracked }],
    commands: ["sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=900"],
  },
  "udp-timeout": {
    fault: table({ protocol: "udp" } as ServiceChanges, {}),
    healthy: [table({ protocol: "udp", onePacket: true } as ServiceChanges, {})],
    commands: ["ipvsadm --set 0 0 30"],
  },
  "tcp-timeout": { fault: { timeouts: { value: { tcp: 7200, tcpFin: 120, udp: 300 } } }, healthy: [] },
  defence: {
    fault: { files: { [vs("drop_entry")]: "2\n" } },
    healthy: [{ files: { [vs("drop_entry")]: "1\n" } }],
    severity: "error",
  },
  "tab-bits": {
    fault: table({}, { activeConnections: 30000, inactiveConnections: 10000, counters: counters(1n, 1n, 1n) }),
    healthy: [table({}, { activeConnections: 30000, counters: counters(1n, 1n, 1n) })],
  },
  est: { fault: { files: { [vs("run_estimation")]: "0\n" } }, healthy: [{ files: { [vs("run_estimation")]: null } }] },
  "cache-bypass": { fault: { files: { [vs("cache_bypass")]: "1\n" } }, healthy: [] },
  pmtu: {
    fault: { ...table({}, { forward: "tunnel" }), files: { [vs("pmtu_disc")]: "0\n" } },
    healthy: [{ files: { [vs("pmtu_disc")]: "0\n" } }],
  },
  userns: { fault: { files: { [vs("conn_reuse_mode")]: null } }, healthy: [] },
  "sync-if": {
    fault: { daemons: { value: [master] }, network: { links: [loopback, front, { ...lan, flags: 0x1002 }] } },
    healthy: [{ daemons: { value: [master] } }],
    commands: ["ip link set lan up"],
  },
  "sync-mixed": {
    fault: {
      ...table({}, { family: "inet6", address: "fd00:2::11", forward: "tunnel" }),
      routes: { "fd00:2::11": toLan },
      daemons: { value: [master] },
    },
    healthy: [
      { ...table({}, { family: "inet6", address: "fd00:2::11", forward: "tunnel" }), routes: { "fd00:2::11": toLan } },
    ],
  },
  "backup-only": {
    fault: { ...table({}, direct), routes: { "10.0.2.11": toLocal }, daemons: { value: [backup] } },
    healthy: [
      {
        ...table({}, direct),
        routes: { "10.0.2.11": toLocal },
        daemons: { value: [backup] },
        files: { [vs("backup_only")]: "1\n" },
      },
      { ...table({}, direct), daemons: { value: [backup] } },
    ],
    commands: ["sysctl -w net.ipv4.vs.backup_only=1"],
  },
  "backup-only-off": {
    fault: { daemons: { value: [master, backup] }, files: { [vs("backup_only")]: "1\n" } },
    healthy: [
      { daemons: { value: [master, backup] } },
      { daemons: { value: [master] }, files: { [vs("backup_only")]: "1\n" } },
      { daemons: { value: [backup] }, files: { [vs("backup_only")]: "1\n" } },
    ],
    commands: ["sysctl -w net.ipv4.vs.backup_only=0"],
  },
  "persist-mode": {
    fault: { daemons: { value: [backup] }, files: { [vs("sync_persist_mode")]: "1\n" } },
    healthy: [{ daemons: { value: [backup] }, files: { [vs("sync_persist_mode")]: "1\n", [vs("sloppy_tcp")]: "1\n" } }],
    commands: ["sysctl -w net.ipv4.vs.sloppy_tcp=1"],
  },
  "rs-arp-ignore": {
    fault: onServer({ files: { [conf("all", "arp_ignore")]: "0\n" } }),
    healthy: [
      onServer(),
      onServer({ files: { [conf("all", "arp_ignore")]: "0\n", [conf("lan", "arp_ignore")]: "2\n" } }),
    ],
    commands: ["sysctl -w net.ipv4.conf.all.arp_ignore=1"],
  },
  "rs-arp-announce": {
    fault: onServer({ files: { [conf("all", "arp_announce")]: "1\n" } }),
    healthy: [onServer()],
    commands: ["sysctl -w net.ipv4.conf.all.arp_announce=2"],
  },
  "rs-vip": {
    fault: onServer({ routes: { "10.0.2.100": toLan } }),
    healthy: [onServer()],
    commands: ["ip address add 10.0.2.100/32 dev lo"],
  },
  "rs-vip-nat": {
    fault: onServer({
      subject: masked,
      network: { addresses: [address("10.0.1.100", loopback, 32)] },
      routes: { "203.0.113.1": viaDirector },
    }),
    healthy: [onServer({ subject: masked, routes: { "203.0.113.1": viaDirector } })],
    commands: ["ip address del 10.0.1.100/32 dev lo"],
  },
  "rs-ndp": {
    fault: onServer({
      subject: vip6,
      network: { addresses: [address("fd00:2::100", lan, 128)] },
      routes: { "fd00:2::100": toLocal },
    }),
    healthy: [
      onServer({
        subject: vip6,
        network: { addresses: [address("fd00:2::100", loopback, 128)] },
        routes: { "fd00:2::100": toLocal },
      }),
    ],
    commands: ["ip address del fd00:2::100/128 dev lan", "ip address add fd00:2::100/128 dev lo"],
  },
  "rs-tun": {
    fault: onServer({ subject: tunneled, network: { links: [loopback, lan, { ...tunl, flags: 0x80 }, tunl6] } }),
    healthy: [
      onServer({ subject: tunneled }),
      onServer({ subject: tunneled, network: { links: [loopback, lan, { ...tunl6, name: "to-director" }] } }),
    ],
    commands: ["ip link set tunl0 up"],
  },
  "rs-rpfilter": {
    fault: onServer({ subject: tunneled, files: { [conf("tunl0", "rp_filter")]: "1\n" } }),
    healthy: [
      onServer({
        subject: tunneled,
        files: { [conf("tunl0", "rp_filter")]: "2\n", [conf("all", "rp_filter")]: "1\n" },
      }),
      onServer({ subject: tunneled, files: { [conf("lan", "rp_filter")]: "1\n" } }),
    ],
    commands: ["sysctl -w net.ipv4.conf.all.rp_filter=0", "sysctl -w net.ipv4.conf.tunl0.rp_filter=0"],
  },
  "rs-gateway": {
    fault: onServer({ subject: masked, routes: { "203.0.113.1": viaOther } }),
    healthy: [onServer({ subject: masked, routes: { "203.0.113.1": viaDirector } })],
    commands: ["ip route replace default via 10.0.2.1"],
  },
  "rs-gateway-dr": {
    fault: onServer({ subject: { director: "10.0.2.1" }, routes: { "203.0.113.1": viaDirector } }),
    healthy: [onServer({ subject: { director: "10.0.2.1" }, routes: { "203.0.113.1": viaOther } })],
  },
  "rs-listen": {
    fault: onServer({ subject: vipWithPort, files: { "/proc/net/tcp": listening("0B02000A:0050") } }),
    healthy: [
      onServer({ subject: vipWithPort, files: { "/proc/net/tcp": listening("6402000A:0050") } }),
      onServer({ subject: vipWithPort, files: { "/proc/net/tcp": listening("00000000:0050") } }),
      onServer({ subject: vipWithPort, files: { "/proc/net/tcp6": listening(`${"0".repeat(32)}:0050`) } }),
    ],
  },
};

/** The findings without those of other checks that find the same fault. */
function findings(facts: Facts) {
  return judge(facts, checks);
}

test("every check has its cases", () => {
  assert.deepEqual(Object.keys(cases).sort(), [...checkIds].sort());
});

for (const [id, { fault, healthy, severity, commands, along = [] }] of Object.entries(cases)) {
  test(`${id} is found, and nothing else`, () => {
    const found = findings(makeFacts(fault));
    assert.deepEqual(
      Array.from(new Set(found.map((finding) => finding.id))),
      [id, ...along],
      JSON.stringify(found, undefined, 1),
    );
    if (severity !== undefined) assert.equal(found[0]?.severity, severity);
    if (commands !== undefined) assert.deepEqual(found[0]?.commands, commands);
    assert.ok((found[0]?.commands.length ?? 0) > 0 || found[0]?.advice !== undefined);
  });

  test(`${id} is not found in healthy facts`, () => {
    for (const changes of healthy) {
      const found = findings(makeFacts(changes)).filter((finding) => finding.id === id);
      assert.deepEqual(found, []);
    }
  });
}

test("nothing is found on a director in order", () => {
  assert.deepEqual(findings(makeFacts()), []);
});

test("what cannot be read is unknown, not healthy", () => {
  const reason = "the IPVS table cannot be read: Permission denied";
  const unread = { reason };
  const facts = makeFacts({ hasIpvs: unread, services: unread, timeouts: unread, daemons: unread, tableSize: unread });
  const found = findings(facts);
  assert.ok(found.length > 20);
  assert.deepEqual(new Set(found.map((finding) => finding.severity)), new Set(["unknown"]));
  assert.deepEqual(new Set(found.map((finding) => finding.read)), new Set([reason]));
});

test("a hidden setting is unknown", () => {
  const files = { [vs("expire_quiescent_template")]: null };
  assert.deepEqual(
    findings(makeFacts({ ...table({ persistent: true }, {}), files })).map(({ id, severity }) => [id, severity]),
    [["quiescent", "unknown"]],
  );
});

test("the command to examine a server has all that the director knows", () => {
  const adviceFor = (changes: FactsChanges) => findings(makeFacts({ ...changes, ...opening(12) }))[0]?.advice;
  assert.match(
    adviceFor({ ...table({}, busy), routes: { "10.0.2.11": { value: { ...toLan.value, source: "10.0.2.1" } } } }) ?? "",
    /run there: ipvsadm doctor --role real-server --method masq --vip 10\.0\.1\.100 --director 10\.0\.2\.1$/,
  );
  assert.match(adviceFor(table({}, { ...busy, ...direct })) ?? "", / --method route --vip 10\.0\.1\.100:80$/);
});

test("clients of a server that a file lacks hang where deleted servers keep their connections", () => {
  const [found, ...others] = findings(makeFacts(deleting));
  assert.deepEqual([found?.id, found?.severity, others], ["nodest", "warning", []]);
  assert.deepEqual(found?.commands, ["ipvsadm drain -t 10.0.1.100:80 -r 10.0.2.12:80"]);
});

test("writers of the table are a hint where they may not write", () => {
  const severityOf = (changes: FactsChanges) => findings(makeFacts(changes)).map(({ id, severity }) => [id, severity]);
  const both = { programs: { value: new Set(["ldirectord", "keepalived"]) } };
  assert.deepEqual(severityOf({ ...both, files: { [keepalivedFile]: null } }), [["owner", "hint"]]);
  assert.deepEqual(severityOf({ ...both, files: { [keepalivedFile]: "include /etc/x\n" } }), [["owner", "hint"]]);
  const network = { links: [loopback, front, lan, kube] };
  const files = { [vs("expire_nodest_conn")]: "1\n" };
  const programs = { value: new Set(["kube-router"]) };
  assert.deepEqual(severityOf({ network, files, programs }), [["owner", "hint"]]);
});

test("drops of rp_filter are not martians, although the kernel counts them as these too", () => {
  const earlier = makeFacts({ files: { "/proc/net/netstat": netstat(0) } });
  const files = { "/proc/net/stat/rt_cache": martians, "/proc/net/netstat": netstat(7) };
  assert.deepEqual(findings(makeFacts({ ...table({}, direct), earlier, files })), []);
});

test("backup_only is not advised beside a master daemon, where it would turn IPVS off", () => {
  const daemons = { value: [master, backup] };
  const found = findings(makeFacts({ ...table({}, direct), routes: { "10.0.2.11": toLocal }, daemons }));
  assert.deepEqual(
    found.map(({ id, commands, advice = "" }) => [id, commands, advice.split(",")[0]]),
    [["backup-only", [], "First stop the backup daemon of the director that has the virtual address"]],
  );
});

test("many neighbors are unknown where the kernel does not show their limit", () => {
  const neighbors = Array.from({ length: 512 }, (_, index) => ({
    family: "inet" as const,
    address: `10.0.2.${index}`,
    interface: lan.index,
    state: 2,
  }));
  const files = { "/proc/net/stat/arp_cache": null, "/proc/sys/net/ipv4/neigh/default/gc_thresh3": null };
  const found = findings(makeFacts({ network: { neighbors }, files }));
  assert.deepEqual(
    found.map(({ id, severity }) => [id, severity]),
    [["gc-thresh", "unknown"]],
  );
});

test("a command for a hashing scheduler is given only where it loses no other setting", () => {
  const remedyOf = (changes: ServiceChanges) => {
    const [found] = findings(makeFacts(table(changes, { weight: 0 }, {}))).filter(({ id }) => id === "hash-quiet");
    return found?.commands.length ? found.commands : found?.advice;
  };
  const advice = "add the scheduler flag sh-fallback to the service";
  assert.equal(remedyOf({ scheduler: "sh", persistent: true, timeout: 360 }), advice);
  assert.equal(remedyOf({ scheduler: "sh", onePacket: true, protocol: "udp" } as ServiceChanges), advice);
  const remedy = checks.find(({ id }) => id === "hash-quiet")?.remedy;
  assert.equal(remedyOf({ scheduler: "dh", persistent: true, timeout: 360 }), remedy);
});

for (const [tunnel, family, room] of [
  [{ type: "ipip", port: 0, checksum: "nocsum" }, "inet", 1480],
  [{ type: "ipip", port: 0, checksum: "nocsum" }, "inet6", 1460],
  [{ type: "gre", port: 0, checksum: "csum" }, "inet", 1472],
  [{ type: "gue", port: 1, checksum: "nocsum" }, "inet", 1468],
  [{ type: "gue", port: 1, checksum: "remcsum" }, "inet", 1460],
] as const) {
  test(`a packet of ${room} bytes fits a tunnel ${tunnel.type} ${tunnel.checksum} of ${family}`, () => {
    assert.equal(1500 - overheadOf({ family, tunnel }), room);
  });
}
