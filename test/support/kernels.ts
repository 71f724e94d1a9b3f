/**
 * What kernels 4.19 to 6.18 write to /proc/net, by the formats of ip_vs_ctl.c, ip_vs_conn.c and ip_vs_core.c. Those of the
 * services, servers and totals are the same in all of them; what differs is named with the versions that have it.
 */

/** Titles of /proc/net/ip_vs by the sizes of the connection table: 2^8 to 2^20 buckets, 2^27 since 6.7. */
export const tableTitles = (size: number) =>
  [
    `IP Virtual Server version 1.2.1 (size=${size})`,
    "Prot LocalAddress:Port Scheduler Flags",
    "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn",
    "",
  ].join("\n");

export const tableSizes = [2 ** 8, 2 ** 12, 2 ** 20, 2 ** 27];

const plain = { scheduler: "rr", onePacket: false };

/** Rows of services, each with what it means. */
export const serviceRows: readonly { readonly what: string; readonly row: string; readonly meaning: object }[] = [
  {
    what: "IPv4: a blank more where `ops ` would stand",
    row: "TCP  0A000001:0050 rr  ",
    meaning: { protocol: "TCP", address: "10.0.0.1", port: 80, ...plain },
  },
  {
    what: "IPv4, persistent; the mask of all clients",
    row: "TCP  0A000001:0000 wlc  persistent 90000 00000000",
    meaning: {
      protocol: "TCP",
      address: "10.0.0.1",
      port: 0,
      scheduler: "wlc",
      onePacket: false,
      persistence: { ticks: 90000, netmask: "00000000" },
    },
  },
  {
    what: "IPv4, one-packet scheduling",
    row: "UDP  0A000001:0035 rr ops  ",
    meaning: { protocol: "UDP", address: "10.0.0.1", port: 53, scheduler: "rr", onePacket: true },
  },
  {
    what: "IPv4, one-packet scheduling and persistent",
    row: "UDP  0A000001:0035 rr ops  persistent 30000 FFFFFF00",
    meaning: {
      protocol: "UDP",
      address: "10.0.0.1",
      port: 53,
      scheduler: "rr",
      onePacket: true,
      persistence: { ticks: 30000, netmask: "FFFFFF00" },
    },
  },
  {
    what: "a timeout of 2^31 ticks and more shows below zero",
    row: "TCP  0A000001:0050 rr  persistent -1294967296 FFFFFFFF",
    meaning: {
      protocol: "TCP",
      address: "10.0.0.1",
      port: 80,
      ...plain,
      persistence: { ticks: -1294967296, netmask: "FFFFFFFF" },
    },
  },
  {
    what: "SCTP",
    row: "SCTP  FFFFFFFE:FFFF mh  ",
    meaning: { protocol: "SCTP", address: "255.255.255.254", port: 65535, scheduler: "mh", onePacket: false },
  },
  {
    what: "a protocol without a name: AH and ESP are 51 and 50",
    row: "IP_51  0A000001:0000 rr  ",
    meaning: { protocol: "IP_51", address: "10.0.0.1", port: 0, ...plain },
  },
  {
    what: "a service that has lost its scheduler",
    row: "TCP  0A000001:0050 none  ",
    meaning: { protocol: "TCP", address: "10.0.0.1", port: 80, scheduler: "none", onePacket: false },
  },
  {
    what: "IPv6: never `ops`",
    row: "TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:01BB wrr ",
    meaning: { protocol: "TCP", address: "2001:db8::1", port: 443, scheduler: "wrr", onePacket: false },
  },
  {
    what: "IPv6, persistent: a prefix length as a number of host order, its bytes reversed on little-endian machines",
    row: "UDP  [fe80:0000:0000:0000:0000:0000:0000:ffff]:0035 sh persistent 36000 40000000",
    meaning: {
      protocol: "UDP",
      address: "fe80::ffff",
      port: 53,
      scheduler: "sh",
      onePacket: false,
      persistence: { ticks: 36000, netmask: "40000000" },
    },
  },
  {
    what: "the same on big-endian machines",
    row: "UDP  [0000:0000:0000:0000:0000:ffff:0a00:0001]:0035 sh persistent 36000 00000040",
    meaning: {
      protocol: "UDP",
      address: "::ffff:10.0.0.1",
      port: 53,
      scheduler: "sh",
      onePacket: false,
      persistence: { ticks: 36000, netmask: "00000040" },
    },
  },
  { what: "a firewall mark", row: "FWM  00000001 rr ", meaning: { fwmark: 1, ...plain } },
  {
    what: "a firewall mark, one-packet scheduling and persistent, with one blank between them",
    row: "FWM  FFFFFFFF dh ops persistent 36000 FFFFFFFF",
    meaning: {
      fwmark: 4294967295,
      scheduler: "dh",
      onePacket: true,
      persistence: { ticks: 36000, netmask: "FFFFFFFF" },
    },
  },
];

/** Rows of servers, each with what it means. */
export const serverRows: readonly { readonly what: string; readonly row: string; readonly meaning: object }[] = [
  {
    what: "masquerading",
    row: "  -> C0A80101:0050      Masq    1      0          0         ",
    meaning: server("192.168.1.1", 80, "masq", 1, 0, 0),
  },
  {
    what: "the director itself",
    row: "  -> 7F000001:0050      Local   0      12         34        ",
    meaning: server("127.0.0.1", 80, "local", 0, 12, 34),
  },
  {
    what: "direct routing",
    row: "  -> C0A80101:0000      Route   65535  1000000    2000000   ",
    meaning: server("192.168.1.1", 0, "route", 65535, 1000000, 2000000),
  },
  {
    what: "a tunnel; its type, gue and gre since 5.3, is not shown",
    row: "  -> C0A80101:0050      Tunnel  100    0          0         ",
    meaning: server("192.168.1.1", 80, "tunnel", 100, 0, 0),
  },
  {
    what: "numbers wider than their columns",
    row: "  -> C0A80101:0050      Masq    2147483647 2147483647 2147483647",
    meaning: server("192.168.1.1", 80, "masq", 2147483647, 2147483647, 2147483647),
  },
  {
    what: "counts that are below zero for a moment",
    row: "  -> C0A80101:0050      Masq    -1     -1         -2147483648",
    meaning: server("192.168.1.1", 80, "masq", -1, -1, -2147483648),
  },
  {
    what: "IPv6",
    row: "  -> [2001:0db8:0000:0000:0000:0000:0000:000a]:1F90      Route   1      0          0         ",
    meaning: server("2001:db8::a", 8080, "route", 1, 0, 0),
  },
];

function server(
  address: string,
  port: number,
  forward: string,
  weight: number,
  activeConnections: number,
  inactiveConnections: number,
): object {
  return { address, port, forward, weight, activeConnections, inactiveConnections };
}

export const connectionTitle = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";

const client = { address: "192.168.1.1", port: 35628 };
const virtual = { address: "10.0.0.1", port: 80 };
const real = { address: "10.1.0.1", port: 8080 };
const ends = { source: client, virtual, destination: real };

/** Rows of connections, each with what it means. The column of seconds is 7 wide; it has been milliseconds by 1000 since 4.15. */
export const connectionRows: readonly { readonly what: string; readonly row: string; readonly meaning: object }[] = [
  ...(
    [
      ["TCP", "ESTABLISHED"],
      ["TCP", "SYN_RECV"],
      ["TCP", "TIME_WAIT"],
      ["UDP", "UDP"],
      ["SCTP", "INIT1"],
      ["SCTP", "C-REPLIED"],
      ["SCTP", "S-ACK-SENT"],
      ["TCP", "?"],
    ] as const
  ).map(([protocol, state]) => ({
    what: `${protocol} ${state}`,
    row: `${protocol.padEnd(3)} C0A80101 8B2C 0A000001 0050 0A010001 1F90 ${state.padEnd(11)} ${"899".padStart(7)}`,
    meaning: { protocol, ...ends, state, expires: 899 },
  })),
  {
    what: "AH and ESP have no names; their states are an error's, their ports those of IKE",
    row: "IP_50 C0A80101 01F4 0A000001 01F4 0A010001 01F4 ERR!             60",
    meaning: {
      protocol: "IP_50",
      source: { address: "192.168.1.1", port: 500 },
      virtual: { address: "10.0.0.1", port: 500 },
      destination: { address: "10.1.0.1", port: 500 },
      state: "ERR!",
      expires: 60,
    },
  },
  {
    what: "a template; its state is ASSURED since 4.19 where clients completed a connection",
    row: "TCP C0A80100 0000 0A000001 0050 0A010001 1F90 ASSURED         299",
    meaning: { protocol: "TCP", ...ends, source: { address: "192.168.1.0", port: 0 }, state: "ASSURED", expires: 299 },
  },
  {
    what: "a template of a firewall mark",
    row: "IP  C0A80100 0000 00000001 0000 0A010001 0000 NONE            299",
    meaning: {
      protocol: "IP",
      source: { address: "192.168.1.0", port: 0 },
      virtual: { address: "0.0.0.1", port: 0 },
      destination: { address: "10.1.0.1", port: 0 },
      state: "NONE",
      expires: 299,
    },
  },
  {
    what: "a template of the engine sip",
    row: "UDP C0A80101 0000 0A000001 13C4 0A010001 13C4 NONE             50 sip 3848276298220188511@atlanta.example.com",
    meaning: {
      protocol: "UDP",
      source: { address: "192.168.1.1", port: 0 },
      virtual: { address: "10.0.0.1", port: 5060 },
      destination: { address: "10.1.0.1", port: 5060 },
      state: "NONE",
      expires: 50,
      engine: { name: "sip", data: "3848276298220188511@atlanta.example.com" },
    },
  },
  {
    what: "IPv6",
    row: "TCP 2001:0db8:0000:0000:0000:0000:0000:0001 8B2C 2001:0db8:0000:0000:0000:0000:0000:0050 0050 2001:0db8:0000:0000:0000:0000:0000:000a 1F90 FIN_WAIT        119",
    meaning: {
      protocol: "TCP",
      source: { address: "2001:db8::1", port: 35628 },
      virtual: { address: "2001:db8::50", port: 80 },
      destination: { address: "2001:db8::a", port: 8080 },
      state: "FIN_WAIT",
      expires: 119,
    },
  },
  {
    what: "IPv6 with a server of IPv4, through a tunnel",
    row: "TCP 2001:0db8:0000:0000:0000:0000:0000:0001 8B2C 2001:0db8:0000:0000:0000:0000:0000:0050 0050 0A010001 1F90 CLOSE             9",
    meaning: {
      protocol: "TCP",
      source: { address: "2001:db8::1", port: 35628 },
      virtual: { address: "2001:db8::50", port: 80 },
      destination: { address: "10.1.0.1", port: 8080 },
      state: "CLOSE",
      expires: 9,
    },
  },
];

/** A text of /proc/net/ip_vs_stats: 64-bit numbers since 4.1, in columns that wide or wider. */
export const totalsText = (counters: readonly bigint[], rates: readonly bigint[]) => {
  const line = (numbers: readonly bigint[]) =>
    numbers
      .map((number, index) =>
        number
          .toString(16)
          .toUpperCase()
          .padStart(index < 3 ? 8 : 16),
      )
      .join(" ");
  return [
    "   Total Incoming Outgoing         Incoming         Outgoing",
    "   Conns  Packets  Packets            Bytes            Bytes",
    line(counters),
    "",
    " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s",
    line(rates),
    "",
  ].join("\n");
};
