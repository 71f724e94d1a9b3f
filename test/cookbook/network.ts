/** The commands of ip-batch(8) that build the hosts of a page as network namespaces. Pure. */
import type { Host } from "./page.js";

/** A namespace, undefined for the first one, and lines for `ip -batch`. */
export interface Batch {
  namespace: string | undefined;
  lines: string[];
}

/** The namespace with a bridge for each network; no page may call a host so. */
const bridges = "-bridges";

/** In this order: namespaces and links, then the bridges, then each host by itself. */
export function networkBatches(hosts: readonly Host[]): Batch[] {
  const networks = [...new Set(hosts.flatMap((host) => host.interfaces.map(({ network }) => network)))];
  const links = hosts.flatMap((host) => host.interfaces.map(({ network }) => ({ host: host.name, network })));
  return [
    {
      namespace: undefined,
      lines: [
        `netns add ${bridges}`,
        ...hosts.map(({ name }) => `netns add ${name}`),
        ...links.map(
          ({ host, network }, index) =>
            `link add ${network} netns ${host} type veth peer name p${index} netns ${bridges}`,
        ),
      ],
    },
    {
      namespace: bridges,
      lines: [
        ...networks.flatMap((network) => [
          `link add ${network} type bridge mcast_snooping 0`,
          `link set ${network} up`,
        ]),
        ...links.map(({ network }, index) => `link set p${index} master ${network} up`),
      ],
    },
    ...hosts.map((host) => ({ namespace: host.name, lines: hostLines(host) })),
  ];
}

function hostLines(host: Host): string[] {
  return [
    "link set lo up",
    ...host.interfaces.flatMap(({ network, addresses }) => [
      // As on a wire: no packet is longer than the MTU.
      `link set ${network} gso_max_segs 1 up`,
      ...addresses.map((address) => `address add ${address} dev ${network}${address.includes(":") ? " nodad" : ""}`),
    ]),
    ...host.gateways.map((gateway) => `route add default via ${gateway}`),
  ];
}
