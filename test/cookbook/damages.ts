/** Pages that are damaged on purpose, to see that they fail, and at which line. */

export interface Damage {
  page: string;
  /** The first such text becomes `to`. */
  from: string;
  to: string;
  /** A text of the first line that no longer holds. */
  failsAt: string;
}

export const damages: readonly Damage[] = [
  { page: "nat.md", from: "4 web3", to: "5 web3", failsAt: "5 web3" },
  { page: "persistence.md", from: "2 web2", to: "2 web1", failsAt: "2 web1" },
  {
    page: "direct-routing.md",
    from: "router# sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
    to: "router# true",
    failsAt: "client$ curl",
  },
  {
    page: "marks.md",
    from: "director# sysctl -qw net.ipv4.ip_forward=1",
    to: "director# true",
    failsAt: "client$ curl -s0 'http://198.51.100.10:{80",
  },
];
