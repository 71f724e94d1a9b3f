import type { Daemon, Timeouts } from "../../model/table.js";

/** The line of `ipvsadm -L --timeout`. */
export function renderTimeouts({ tcp, tcpFin, udp }: Timeouts): string {
  return `Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}`;
}

/** The line of `ipvsadm -L --daemon` for one running daemon. */
export function renderDaemon(daemon: Daemon): string {
  const details = [`mcast=${daemon.interface}`, `syncid=${daemon.syncId}`];
  const add = (name: string, value: string | number | undefined) => {
    if (value) details.push(`${name}=${value}`);
  };
  add("maxlen", daemon.syncMaxLength);
  add("group", daemon.multicastGroup);
  add("port", daemon.multicastPort);
  add("ttl", daemon.multicastTtl);
  return `${daemon.state} sync daemon (${details.join(", ")})`;
}
