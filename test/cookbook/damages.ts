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
  {
    page: "nat.md",
    from: "sysctl -w net.ipv4.ip_forward=1",
    to: "sysctl net.ipv4.ip_forward",
    failsAt: "net.ipv4.ip_forward = 1",
  },
];
