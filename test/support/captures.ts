/**
 * What the C program ipvsadm 1.31 sends for command lines, captured with strace: the payloads of its messages, from the
 * generic netlink header on; and the change or the request that must send the same.
 */

import type { IpvsClient } from "../../src/ipvs/client.js";
import type { Change } from "../../src/model/change.js";
import type { Destination, Service } from "../../src/model/table.js";

const tcp = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 } as const;
const tcp6 = { ...tcp, family: "inet6", address: "2001:db8::1" } as const;
const mark = { family: "inet", fwmark: 7 } as const;
const mark6 = { family: "inet6", fwmark: 7 } as const;

const plain: Omit<Service, "family" | "protocol" | "address" | "port"> = {
  scheduler: "wlc",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
  netmask: "255.255.255.255",
};

const server: Destination = {
  family: "inet",
  address: "10.0.0.11",
  port: 80,
  forward: "route",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
};

export interface Capture {
  readonly arguments: string;
  readonly payload: string;
  readonly change?: Change;
  readonly question?: (client: IpvsClient) => Promise<unknown>;
}

export const captures: readonly Capture[] = [
  {
    arguments: "-A -t 10.0.0.1:80 -s rr",
    payload:
      "010100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000007000600727200000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "add-service", service: { ...tcp, ...plain, scheduler: "rr" } },
  },
  {
    arguments: "-A -u 10.0.0.1:53 -s rr -o",
    payload:
      "010100005400018006000100020000000600020011000000140003000a000001000000000000000000000000060004000035000007000600727200000c00070004000000ffffffff080008000000000008000900ffffffff",
    change: {
      command: "add-service",
      service: { ...tcp, ...plain, protocol: "udp", port: 53, scheduler: "rr", onePacket: true },
    },
  },
  {
    arguments: "-A --sctp-service 10.0.0.1:99 -s wrr",
    payload:
      "010100005400018006000100020000000600020084000000140003000a000001000000000000000000000000060004000063000008000600777272000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "add-service", service: { ...tcp, ...plain, protocol: "sctp", port: 99, scheduler: "wrr" } },
  },
  {
    arguments: "-A -t [2001:db8::1]:80 -s wlc",
    payload:
      "0101000054000180060001000a00000006000200060000001400030020010db8000000000000000000000001060004000050000008000600776c63000c00070000000000ffffffff08000800000000000800090080000000",
    change: { command: "add-service", service: { ...tcp6, ...plain, netmask: 128 } },
  },
  {
    arguments: "-A -f 7",
    payload:
      "01010000380001800600010002000000080005000700000008000600776c63000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "add-service", service: { ...mark, ...plain } },
  },
  {
    arguments: "-A -f 7 -6",
    payload:
      "0101000038000180060001000a000000080005000700000008000600776c63000c00070000000000ffffffff08000800000000000800090080000000",
    change: { command: "add-service", service: { ...mark6, ...plain, netmask: 128 } },
  },
  {
    arguments: "-A -f 4294967295",
    payload:
      "0101000038000180060001000200000008000500ffffffff08000600776c63000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "add-service", service: { ...mark, ...plain, fwmark: 4294967295 } },
  },
  {
    arguments: "-A -t 10.0.0.3:80 -p",
    payload:
      "010100005400018006000100020000000600020006000000140003000a000003000000000000000000000000060004000050000008000600776c63000c00070001000000ffffffff080008006801000008000900ffffffff",
    change: {
      command: "add-service",
      service: { ...tcp, ...plain, address: "10.0.0.3", persistent: true, timeout: 360 },
    },
  },
  {
    arguments: "-A -t 10.0.0.4:0 -p 100 -M 255.255.255.0",
    payload:
      "010100005400018006000100020000000600020006000000140003000a000004000000000000000000000000060004000000000008000600776c63000c00070001000000ffffffff080008006400000008000900ffffff00",
    change: {
      command: "add-service",
      service: {
        ...tcp,
        ...plain,
        address: "10.0.0.4",
        port: 0,
        persistent: true,
        timeout: 100,
        netmask: "255.255.255.0",
      },
    },
  },
  {
    arguments: "-A -t [2001:db8::2]:80 -p 50 -M 64",
    payload:
      "0101000054000180060001000a00000006000200060000001400030020010db8000000000000000000000002060004000050000008000600776c63000c00070001000000ffffffff08000800320000000800090040000000",
    change: {
      command: "add-service",
      service: { ...tcp6, ...plain, address: "2001:db8::2", persistent: true, timeout: 50, netmask: 64 },
    },
  },
  {
    arguments: "-A -u 10.0.0.5:5060 -p 60 --pe sip -s rr",
    payload:
      "010100005c00018006000100020000000600020011000000140003000a0000050000000000000000000000000600040013c40000070006007272000008000b00736970000c00070001000000ffffffff080008003c00000008000900ffffffff",
    change: {
      command: "add-service",
      service: {
        ...tcp,
        ...plain,
        protocol: "udp",
        address: "10.0.0.5",
        port: 5060,
        scheduler: "rr",
        engine: "sip",
        persistent: true,
        timeout: 60,
      },
    },
  },
  {
    arguments: "-A -t 10.0.0.6:80 -s sh -b sh-fallback,sh-port",
    payload:
      "010100005400018006000100020000000600020006000000140003000a000006000000000000000000000000060004000050000007000600736800000c00070018000000ffffffff080008000000000008000900ffffffff",
    change: {
      command: "add-service",
      service: { ...tcp, ...plain, address: "10.0.0.6", scheduler: "sh", schedulerFlags: [1, 2] },
    },
  },
  {
    arguments: "-A -t 10.0.0.7:80 -s mh -b flag-1,flag-3",
    payload:
      "010100005400018006000100020000000600020006000000140003000a0000070000000000000000000000000600040000500000070006006d6800000c00070028000000ffffffff080008000000000008000900ffffffff",
    change: {
      command: "add-service",
      service: { ...tcp, ...plain, address: "10.0.0.7", scheduler: "mh", schedulerFlags: [1, 3] },
    },
  },
  {
    arguments: "-E -t 10.0.0.1:80 -s wlc",
    payload:
      "020100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000008000600776c63000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "edit-service", service: { ...tcp, ...plain } },
  },
  {
    arguments: "-E -f 7 -s rr -p 7",
    payload:
      "02010000380001800600010002000000080005000700000007000600727200000c00070001000000ffffffff080008000700000008000900ffffffff",
    change: { command: "edit-service", service: { ...mark, ...plain, scheduler: "rr", persistent: true, timeout: 7 } },
  },
  {
    arguments: "-D -t 1.2.3.4:5",
    payload:
      "0301000054000180060001000200000006000200060000001400030001020304000000000000000000000000060004000005000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "delete-service", service: { ...tcp, address: "1.2.3.4", port: 5 } },
  },
  {
    arguments: "-D -t [2001:db8::2]:80",
    payload:
      "0301000054000180060001000a00000006000200060000001400030020010db8000000000000000000000002060004000050000005000600000000000c00070000000000ffffffff08000800000000000800090080000000",
    change: { command: "delete-service", service: { ...tcp6, address: "2001:db8::2" } },
  },
  {
    arguments: "-D -f 7",
    payload:
      "03010000380001800600010002000000080005000700000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "delete-service", service: mark },
  },
  {
    arguments: "-D -f 7 -6",
    payload:
      "0301000038000180060001000a000000080005000700000005000600000000000c00070000000000ffffffff08000800000000000800090080000000",
    change: { command: "delete-service", service: mark6 },
  },
  {
    arguments: "-Z",
    payload: "10010000",
    change: { command: "zero", service: "all" },
  },
  {
    arguments: "-Z -t 10.0.0.1:80",
    payload:
      "100100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "zero", service: tcp },
  },
  {
    arguments: "-Z -t [2001:db8::1]:80",
    payload:
      "1001000054000180060001000a00000006000200060000001400030020010db8000000000000000000000001060004000050000005000600000000000c00070000000000ffffffff08000800000000000800090080000000",
    change: { command: "zero", service: tcp6 },
  },
  {
    arguments: "-Z -f 7",
    payload:
      "10010000380001800600010002000000080005000700000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff",
    change: { command: "zero", service: mark },
  },
  {
    arguments: "-C",
    payload: "11010000",
    change: { command: "flush" },
  },
  {
    arguments: "-a -t 10.0.0.1:80 -r 10.0.0.11:80 -m",
    payload:
      "050100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000b00000000000000000000000006000200005000000800030000000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: tcp,
      destination: { ...server, address: "10.0.0.11", forward: "masq" },
    },
  },
  {
    arguments: "-a -t 10.0.0.1:80 -r 10.0.0.12 -g -w 5 -x 100 -y 50",
    payload:
      "050100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000c00000000000000000000000006000200005000000800030003000000080004000500000005000d000000000006000e000000000006000f000000000008000500640000000800060032000000",
    change: {
      command: "add-destination",
      service: tcp,
      destination: {
        ...server,
        address: "10.0.0.12",
        weight: 5,
        upperThreshold: 100,
        lowerThreshold: 50,
      },
    },
  },
  {
    arguments: "-a -t 10.0.0.1:80 -r 10.0.0.13 -i",
    payload:
      "050100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000d00000000000000000000000006000200005000000800030002000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: tcp,
      destination: { ...server, address: "10.0.0.13", forward: "tunnel" },
    },
  },
  {
    arguments: "-a -t 10.0.0.1:80 -r 10.0.0.14 -i --tun-type gue --tun-port 6080 --tun-csum",
    payload:
      "050100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000e00000000000000000000000006000200005000000800030002000000080004000100000005000d000100000006000e0017c0000006000f000100000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: tcp,
      destination: {
        ...server,
        address: "10.0.0.14",
        forward: "tunnel",
        tunnel: { type: "gue", port: 6080, checksum: "csum" },
      },
    },
  },
  {
    arguments: "-a -t 10.0.0.1:80 -r 10.0.0.15 -i --tun-type gue --tun-port 6080 --tun-remcsum -w 2147483647",
    payload:
      "050100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000f0000000000000000000000000600020000500000080003000200000008000400ffffff7f05000d000100000006000e0017c0000006000f000200000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: tcp,
      destination: {
        ...server,
        address: "10.0.0.15",
        forward: "tunnel",
        weight: 2147483647,
        tunnel: { type: "gue", port: 6080, checksum: "remcsum" },
      },
    },
  },
  {
    arguments: "-a -t 10.0.0.1:80 -r 10.0.0.16 -i --tun-type gre --tun-csum",
    payload:
      "050100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00001000000000000000000000000006000200005000000800030002000000080004000100000005000d000200000006000e000000000006000f000100000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: tcp,
      destination: {
        ...server,
        address: "10.0.0.16",
        forward: "tunnel",
        tunnel: { type: "gre", port: 0, checksum: "csum" },
      },
    },
  },
  {
    arguments: "-a -t 10.0.0.1:80 -r [2001:db8::11]:80 -i",
    payload:
      "050100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b000a0000001400010020010db800000000000000000000001106000200005000000800030002000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: tcp,
      destination: { ...server, family: "inet6", address: "2001:db8::11", forward: "tunnel" },
    },
  },
  {
    arguments: "-a -t [2001:db8::1]:80 -r [2001:db8::21]:81 -m -w 0",
    payload:
      "0501000054000180060001000a00000006000200060000001400030020010db8000000000000000000000001060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900800000006000028006000b000a0000001400010020010db800000000000000000000002106000200005100000800030000000000080004000000000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: tcp6,
      destination: {
        ...server,
        family: "inet6",
        address: "2001:db8::21",
        port: 81,
        forward: "masq",
        weight: 0,
      },
    },
  },
  {
    arguments: "-a -f 7 -r 10.0.0.31:8080 -m",
    payload:
      "05010000380001800600010002000000080005000700000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00001f000000000000000000000000060002001f9000000800030000000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: mark,
      destination: { ...server, address: "10.0.0.31", port: 8080, forward: "masq" },
    },
  },
  {
    arguments: "-a -f 7 -6 -r [2001:db8::31]:0 -g",
    payload:
      "0501000038000180060001000a000000080005000700000005000600000000000c00070000000000ffffffff080008000000000008000900800000006000028006000b000a0000001400010020010db800000000000000000000003106000200000000000800030003000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "add-destination",
      service: mark6,
      destination: { ...server, family: "inet6", address: "2001:db8::31", port: 0 },
    },
  },
  {
    arguments: "-e -t 10.0.0.1:80 -r 10.0.0.12 -w 9 -g",
    payload:
      "060100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000c00000000000000000000000006000200005000000800030003000000080004000900000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: { command: "edit-destination", service: tcp, destination: { ...server, address: "10.0.0.12", weight: 9 } },
  },
  {
    arguments: "-e -t 10.0.0.1:80 -r 10.0.0.13 -w 9 -i --tun-type gre",
    payload:
      "060100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000d00000000000000000000000006000200005000000800030002000000080004000900000005000d000200000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "edit-destination",
      service: tcp,
      destination: {
        ...server,
        address: "10.0.0.13",
        weight: 9,
        forward: "tunnel",
        tunnel: { type: "gre", port: 0, checksum: "nocsum" },
      },
    },
  },
  {
    arguments: "-d -t 10.0.0.1:80 -r 10.0.0.11:80",
    payload:
      "070100005400018006000100020000000600020006000000140003000a000001000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000b00000000000000000000000006000200005000000800030003000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "delete-destination",
      service: tcp,
      destination: { family: "inet", address: "10.0.0.11", port: 80 },
    },
  },
  {
    arguments: "-d -f 7 -r 10.0.0.31:8080",
    payload:
      "07010000380001800600010002000000080005000700000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00001f000000000000000000000000060002001f9000000800030003000000080004000100000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000",
    change: {
      command: "delete-destination",
      service: mark,
      destination: { family: "inet", address: "10.0.0.31", port: 8080 },
    },
  },
  {
    arguments: "--set 10 20 30",
    payload: "0c010000080004000a0000000800050014000000080006001e000000",
    change: { command: "set-timeouts", timeouts: { tcp: 10, tcpFin: 20, udp: 30 } },
  },
  {
    arguments: "--set 0 0 300",
    payload: "0c01000008000400000000000800050000000000080006002c010000",
    change: { command: "set-timeouts", timeouts: { tcp: 0, tcpFin: 0, udp: 300 } },
  },
  {
    arguments: "--start-daemon master --mcast-interface dummy0",
    payload: "090100002000038008000100010000000b00020064756d6d793000000800030000000000",
    change: { command: "start-daemon", daemon: { state: "master", interface: "dummy0", syncId: 0 } },
  },
  {
    arguments:
      "--start-daemon backup --mcast-interface dummy0 --syncid 7 --mcast-group 224.0.0.18 --mcast-port 8849 --mcast-ttl 3 --sync-maxlen 1472",
    payload:
      "090100004000038008000100020000000b00020064756d6d79300000080003000700000006000400c00500000600070091220000050008000300000008000500e0000012",
    change: {
      command: "start-daemon",
      daemon: {
        state: "backup",
        interface: "dummy0",
        syncId: 7,
        multicastGroup: "224.0.0.18",
        multicastPort: 8849,
        multicastTtl: 3,
        syncMaxLength: 1472,
      },
    },
  },
  {
    arguments: "--start-daemon master --mcast-interface dummy0 --mcast-group ff02::18 --mcast-ttl 2",
    payload:
      "090100003c00038008000100010000000b00020064756d6d793000000800030000000000050008000200000014000600ff020000000000000000000000000018",
    change: {
      command: "start-daemon",
      daemon: {
        state: "master",
        interface: "dummy0",
        syncId: 0,
        multicastGroup: "ff02::18",
        multicastTtl: 2,
      },
    },
  },
  {
    arguments: "--stop-daemon master",
    payload: "0a0100001c000380080001000100000005000200000000000800030000000000",
    change: { command: "stop-daemon", state: "master", syncId: 0 },
  },
  {
    arguments: "--stop-daemon backup --syncid 7",
    payload: "0a0100001c000380080001000200000005000200000000000800030007000000",
    change: { command: "stop-daemon", state: "backup", syncId: 7 },
  },
  {
    arguments: "-L (services)",
    payload: "04010000",
    question: (client) => client.services(),
  },
  {
    arguments: "-L --timeout",
    payload: "0d010000",
    question: (client) => client.timeouts(),
  },
  {
    arguments: "-L --daemon",
    payload: "0b010000",
    question: (client) => client.daemons(),
  },
  {
    arguments: "-L (servers of 10.0.0.1:80)",
    payload: "080100003000018006000100020000000600020006000000140003000a0000010000000000000000000000000600040000500000",
    question: (client) => client.destinations(tcp),
  },
  {
    arguments: "-L (servers of [2001:db8::1]:80)",
    payload: "0801000030000180060001000a00000006000200060000001400030020010db80000000000000000000000010600040000500000",
    question: (client) => client.destinations(tcp6),
  },
  {
    arguments: "-L (servers of fwmark 7 IPv6)",
    payload: "0801000014000180060001000a0000000800050007000000",
    question: (client) => client.destinations(mark6),
  },
];
