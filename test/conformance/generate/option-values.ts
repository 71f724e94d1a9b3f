import type { Random } from "../../support/random.js";
import {
  daemonGroup,
  daemonInterface,
  fwmark,
  netmask,
  number,
  oddAddress,
  oddNumber,
  type ServiceFamily,
  scheduler,
  schedulerFlags,
  serverAddress,
  serviceAddress,
} from "./values.js";

const family = (random: Random): ServiceFamily => (random.chance(0.7) ? "inet" : "inet6");

/** A likely value for each option that takes one. */
export const likelyValueOf: Readonly<Record<string, (random: Random) => string>> = {
  t: (random) => serviceAddress(random, family(random)),
  u: (random) => serviceAddress(random, family(random)),
  "sctp-service": (random) => serviceAddress(random, family(random)),
  f: fwmark,
  s: scheduler,
  pe: (random) => random.pick(["sip", "sip", "nosuch", "", "SIP", "s".repeat(15), "s".repeat(16), "sip "]),
  p: (random) => number(random, "1", "300", "3600", "2678400", "0"),
  M: (random) => netmask(random, family(random)),
  b: (random) => schedulerFlags(random, random.pick(["sh", "mh", "rr"])),
  r: (random) => serverAddress(random, family(random)),
  w: (random) => number(random, "0", "1", "2", "10", "100", "65535"),
  x: (random) => number(random, "0", "1", "10", "1000"),
  y: (random) => number(random, "0", "1", "5", "500"),
  "tun-type": (random) =>
    random.weighted([
      [9, random.pick(["ipip", "gue", "gre"])],
      [1, random.pick(["", "GUE", "ip", "gre6", "none", "0", "gue "])],
    ]),
  "tun-port": (random) => number(random, "6080", "1", "65535", "0"),
  syncid: (random) => number(random, "0", "1", "7", "255"),
  "sync-maxlen": (random) => number(random, "1", "100", "1472", "65507", "0"),
  "mcast-interface": daemonInterface,
  "mcast-group": daemonGroup,
  "mcast-port": (random) => number(random, "8848", "1", "65535", "0"),
  "mcast-ttl": (random) => number(random, "1", "64", "255", "0"),
};

const addressed = new Set(["t", "u", "sctp-service", "r"]);

/** A value that is probably wrong for an option. */
export function oddValueOf(random: Random, option: string): string {
  if (addressed.has(option)) return oddAddress(random);
  return random.chance(0.8)
    ? oddNumber(random)
    : random.pick(["", " ", "-", "--", "x".repeat(200), "master", "%s%s%n", "\u00fc", "a b", "'"]);
}
