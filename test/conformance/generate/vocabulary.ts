/**
 * The options of ipvsadm 1.31 and what can be said with them: on purpose a list of its own, so that an option forgotten
 * in the program's table is found.
 */

export interface Spelling {
  readonly short?: string;
  readonly long?: string;
  /** What follows the option: nothing, a value, or a value that may be left out (`-p`). */
  readonly value?: "needed" | "optional";
}

/** By the short name, or the long one where there is no short. */
export const commands: Readonly<Record<string, Spelling>> = {
  A: { short: "-A", long: "--add-service" },
  E: { short: "-E", long: "--edit-service" },
  D: { short: "-D", long: "--delete-service" },
  C: { short: "-C", long: "--clear" },
  L: { short: "-L", long: "--list" },
  l: { short: "-l", long: "--list" },
  a: { short: "-a", long: "--add-server" },
  e: { short: "-e", long: "--edit-server" },
  d: { short: "-d", long: "--delete-server" },
  Z: { short: "-Z", long: "--zero" },
  R: { short: "-R", long: "--restore" },
  S: { short: "-S", long: "--save" },
  set: { long: "--set" },
  "start-daemon": { long: "--start-daemon", value: "needed" },
  "stop-daemon": { long: "--stop-daemon", value: "needed" },
  h: { short: "-h", long: "--help" },
  v: { short: "-v", long: "--version" },
};

export const options: Readonly<Record<string, Spelling>> = {
  t: { short: "-t", long: "--tcp-service", value: "needed" },
  u: { short: "-u", long: "--udp-service", value: "needed" },
  "sctp-service": { long: "--sctp-service", value: "needed" },
  f: { short: "-f", long: "--fwmark-service", value: "needed" },
  6: { short: "-6", long: "--ipv6" },
  s: { short: "-s", long: "--scheduler", value: "needed" },
  pe: { long: "--pe", value: "needed" },
  p: { short: "-p", long: "--persistent", value: "optional" },
  M: { short: "-M", long: "--netmask", value: "needed" },
  o: { short: "-o", long: "--ops" },
  b: { short: "-b", long: "--sched-flags", value: "needed" },
  r: { short: "-r", long: "--real-server", value: "needed" },
  g: { short: "-g", long: "--gatewaying" },
  i: { short: "-i", long: "--ipip" },
  m: { short: "-m", long: "--masquerading" },
  w: { short: "-w", long: "--weight", value: "needed" },
  x: { short: "-x", long: "--u-threshold", value: "needed" },
  y: { short: "-y", long: "--l-threshold", value: "needed" },
  "tun-type": { long: "--tun-type", value: "needed" },
  "tun-port": { long: "--tun-port", value: "needed" },
  "tun-nocsum": { long: "--tun-nocsum" },
  "tun-csum": { long: "--tun-csum" },
  "tun-remcsum": { long: "--tun-remcsum" },
  n: { short: "-n", long: "--numeric" },
  c: { short: "-c", long: "--connection" },
  timeout: { long: "--timeout" },
  daemon: { long: "--daemon" },
  stats: { long: "--stats" },
  rate: { long: "--rate" },
  exact: { short: "-X", long: "--exact" },
  thresholds: { long: "--thresholds" },
  "persistent-conn": { long: "--persistent-conn" },
  "tun-info": { long: "--tun-info" },
  nosort: { long: "--nosort" },
  sort: { long: "--sort" },
  syncid: { long: "--syncid", value: "needed" },
  "sync-maxlen": { long: "--sync-maxlen", value: "needed" },
  "mcast-interface": { long: "--mcast-interface", value: "needed" },
  "mcast-group": { long: "--mcast-group", value: "needed" },
  "mcast-port": { long: "--mcast-port", value: "needed" },
  "mcast-ttl": { long: "--mcast-ttl", value: "needed" },
};

export const schedulers = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "lblc",
  "lblcr",
  "dh",
  "sh",
  "sed",
  "nq",
  "fo",
  "ovf",
  "mh",
] as const;

/** Written to the guest's /etc/hosts: [addresses, names]. */
export const hosts: readonly (readonly [address: string, ...names: string[]])[] = [
  ["10.0.0.1", "vip.test", "vip"],
  ["192.168.0.11", "web1.test"],
  ["192.168.0.12", "web2.test", "web2-alias"],
  ["10.1.1.1", "multi.test"],
  ["10.1.1.2", "multi.test"],
  ["2001:db8::1", "six.test"],
  ["2001:db8::11", "both.test"],
  ["192.168.0.13", "both.test"],
];
