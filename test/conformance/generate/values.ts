import type { Random } from "../../support/random.js";
import { schedulers } from "./vocabulary.js";

/** Values of options: mostly ones that make sense, from pools so small that commands meet each other's services. */

export type ServiceFamily = "inet" | "inet6";

const addresses = {
  inet: ["10.0.0.1", "10.0.0.2", "192.168.0.1", "172.16.5.9", "1.2.3.4", "207.175.44.110", "255.0.0.1"],
  inet6: ["2001:db8::1", "2001:db8::2", "fd00::80", "fc00:1::1:3", "::1"],
};
const servers = {
  inet: ["192.168.0.11", "192.168.0.12", "192.168.0.13", "10.1.1.1", "10.1.1.2", "203.0.113.200", "127.0.0.1"],
  inet6: ["2001:db8::11", "2001:db8::12", "fd00::1", "fd00::2", "2001:db8:0:1:2:3:4:5"],
};
const ports = ["80", "443", "53", "8080", "5060", "65535"];
const portNames = ["http", "https", "domain", "sip", "ssh", "tftp"];

export function serviceAddress(random: Random, family: ServiceFamily): string {
  if (random.chance(0.04))
    return `${random.pick(["vip.test", "vip", "multi.test", "localhost"])}:${random.pick(ports)}`;
  const address = random.pick(addresses[family]);
  const port = random.weighted([
    [88, random.pick(ports)],
    [5, random.pick(portNames)],
    [3, "0"],
    [4, undefined],
  ]);
  return withPort(address, family, port, random);
}

export function serverAddress(random: Random, family: ServiceFamily): string {
  if (random.chance(0.04)) return random.pick(["web1.test", "web2.test:80", "web2-alias:http", "both.test:443"]);
  const port = random.weighted([
    [40, undefined],
    [50, random.pick(ports)],
    [5, random.pick(portNames)],
    [5, "0"],
  ]);
  return withPort(random.pick(servers[family]), family, port, random);
}

function withPort(address: string, family: ServiceFamily, port: string | undefined, random: Random): string {
  if (family === "inet") return port === undefined ? address : `${address}:${port}`;
  if (port === undefined) return random.chance(0.5) ? address : `[${address}]`;
  return `[${address}]:${port}`;
}

/** Addresses as nobody should write them. */
export function oddAddress(random: Random): string {
  const port = random.pick(["", ":80", ":443", ":0"]);
  return random.weighted<string>([
    [
      6,
      random.pick(["10.1", "0x0a000001", "012.0.0.1", "10.0.1", "0xa.0.0.1", "10.0.0.0x1", "1.2.3.04", "08.0.0.1"]) +
        port,
    ],
    [
      4,
      random.pick(["10.0.0.256", "1.2.3.4.5", "1.2.3", "1.2.3.4 ", " 1.2.3.4", "256.1", "-1", "4294967296.1"]) + port,
    ],
    [
      4,
      random.pick(["0.0.0.0", "255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.1", "239.1.1.1", "127.255.255.255"]) +
        port,
    ],
    [4, `1.2.3.4:${oddNumber(random)}`],
    [
      3,
      `10.0.0.1:${random.pick(["nosuch", "http ", "HTTP", "www", "80http", "sip-tls", "http:80", "nfs", "discard", "ntp"])}`,
    ],
    [
      4,
      random.pick([
        "[::1",
        "::1]",
        "[::1]:",
        "[::1]80",
        "[]:80",
        "[]",
        "[10.0.0.1]:80",
        "[::1]]:80",
        "[[::1]]:80",
        "::1:80",
      ]),
    ],
    [
      4,
      random.pick([
        "[::ffff:1.2.3.4]:80",
        "::ffff:1.2.3.4",
        "[::1.2.3.4]:80",
        "[::]:80",
        "::",
        "[ff02::1]:80",
        "[fe80::1]:80",
      ]),
    ],
    [
      2,
      random.pick([
        "[fe80::1%lo]:80",
        "[2001:DB8::1]:80",
        "2001:db8:0:0:0:0:0:1",
        "[2001:0db8::0001]:080",
        "2001:db8::g",
      ]),
    ],
    [3, random.pick(["12345", "0", "123456:80", "0:80", "80", "1.2.3.4:", ":80", ":", "", " ", "\t"])],
    [
      2,
      random.pick([
        "nosuch.test:80",
        "six.test:80",
        "both.test:80",
        "localhost:80",
        "VIP.test:80",
        "vip.test.:80",
        "vip.test",
      ]),
    ],
    [
      1,
      random.pick([
        "a".repeat(300),
        "\u00e9.test:80",
        "vip\n:80",
        "%s%n:80",
        "1.2.3.4:80:90",
        "a".repeat(64),
        "x".repeat(255),
      ]),
    ],
  ]);
}

/** Numbers as strtol and atoi may or may not take them. */
export function oddNumber(random: Random): string {
  return random.pick([
    ...[
      "+5",
      "5x",
      "",
      "-1",
      "0x10",
      "010",
      " 7",
      "7 ",
      "\t7",
      "1e3",
      "1.5",
      "00",
      "-0",
      "+-1",
      "++1",
      "x",
      "- 1",
      "+ 1",
      "0b1",
    ],
    ...["2147483647", "2147483648", "4294967295", "4294967296", "4294967297", "-2147483648", "-2147483649"],
    ...["65535", "65536", "65537", "131072", "255", "256", "254", "128", "129", "86400", "2678400", "2678401", "32767"],
    ...["9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616"],
    ...["99999999999999999999999", "-9223372036854775808", "-99999999999999999999", "1,2", "1_000", "\u0661", "١"],
  ]);
}

export function number(random: Random, ...sensible: readonly string[]): string {
  return random.chance(0.1) ? oddNumber(random) : random.pick(sensible);
}

export function fwmark(random: Random): string {
  return random.chance(0.1) ? oddNumber(random) : random.pick(["1", "2", "3", "100", "2147483648", "4294967295"]);
}

export function scheduler(random: Random): string {
  if (random.chance(0.93)) return random.pick(schedulers);
  return random.pick([
    "",
    "RR",
    "twos",
    "none",
    "ip_vs_rr",
    "rr ",
    "a".repeat(15),
    "a".repeat(16),
    "b".repeat(40),
    "%s",
    "../x",
  ]);
}

export function netmask(random: Random, family: ServiceFamily): string {
  const sensible = family === "inet" ? ["255.255.255.0", "255.255.0.0", "255.255.255.255"] : ["64", "128", "48", "1"];
  if (random.chance(0.8)) return random.pick(sensible);
  return random.pick([
    "24",
    "0",
    "129",
    "-1",
    "255.0.255.0",
    "0.0.0.0",
    "255.255.255",
    "0xffffff00",
    "/24",
    "64x",
    "",
    "vip.test",
    "ffff::",
    "+64",
  ]);
}

export function schedulerFlags(random: Random, scheduler: string | undefined): string {
  const own = scheduler === "sh" || scheduler === "mh" ? [`${scheduler}-fallback`, `${scheduler}-port`] : [];
  const all = [...own, ...own, "flag-1", "flag-2", "flag-3"];
  if (random.chance(0.12))
    return random.pick([
      "",
      ",",
      "flag-4",
      "flag-1,",
      ",flag-1",
      "flag-1,,flag-2",
      "FLAG-1",
      "sh-port",
      "mh-port",
      "flag-1;flag-2",
      "flag",
      "sh-fallbac",
      "flag-10",
      "0",
      "flag-1 ,flag-2",
    ]);
  const flags = random.some(random.shuffled([...new Set(all)]), 0.4);
  return (flags.length > 0 ? flags : [random.pick(all)]).join(",");
}

export function daemonState(random: Random): string {
  return random.chance(0.9)
    ? random.pick(["master", "backup"])
    : random.pick(["", "Master", "maste", "masterx", "both", "none", "1"]);
}

export function daemonInterface(random: Random): string {
  if (random.chance(0.85)) return random.pick(["lo", "dummy0"]);
  return random.pick([
    "",
    "eth0",
    "nosuch",
    "a".repeat(15),
    "a".repeat(16),
    "b".repeat(100),
    "lo:0",
    "dummy0 ",
    "lo\n",
  ]);
}

export function daemonGroup(random: Random): string {
  if (random.chance(0.6)) return random.pick(["224.0.0.81", "239.1.2.3", "ff02::81", "ff05::1"]);
  return random.pick([
    "10.0.0.1",
    "",
    "224.0.0.81:80",
    "[ff02::81]",
    "2001:db8::1",
    "vip.test",
    "224.0",
    "ff02::81%lo",
    "0xe0000051",
    "255.255.255.255",
    "0.0.0.0",
    "::",
  ]);
}
