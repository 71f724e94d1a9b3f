/** Every refusal that can be explained, declared once. Facts of Linux 6.1. */
import type { Change } from "../model/change.js";
import { longestPrefix } from "../model/limits.js";
import type { Destination, ServiceKey } from "../model/table.js";
import type { ExplainedRefusal } from "./explained-refusal.js";

const isMixed = (change: Change) =>
  ofDestination(change, (destination, service) => destination.family !== service.family);
const isTunnel = (change: Change) => ofDestination(change, ({ forward }) => forward === "tunnel");

function ofDestination(change: Change, test: (destination: Destination, service: ServiceKey) => boolean): boolean {
  if (change.command !== "add-destination" && change.command !== "edit-destination") return false;
  return test(change.destination, change.service);
}

const lookAtTable = "ipvsadm -Ln";

const serviceIsMissing = {
  check: "The table of this network namespace has the service.",
  causes: [
    {
      text: "the table has no such service: another address, port or protocol, or somebody deleted it",
      command: lookAtTable,
    },
    {
      text: "the table has no such service; a firewall mark has one for each address family, and -6 stands for IPv6",
      command: lookAtTable,
      applies: (change) => "service" in change && change.service !== "all" && "fwmark" in change.service,
    },
    { text: "the service is in the table of another network namespace", command: "ip netns list" },
  ],
} satisfies Partial<ExplainedRefusal>;

const destinationIsMissing = {
  check: "The service has a server with this address and port.",
  causes: [
    { text: "the service has no such server: another address, or somebody deleted it", command: lookAtTable },
    {
      text: "the port is another one: with direct routing and tunnels it is the service's",
      command: lookAtTable,
    },
  ],
} satisfies Partial<ExplainedRefusal>;

export const explainedRefusals: readonly ExplainedRefusal[] = [
  {
    code: "EPERM",
    check: "The caller has the capability CAP_NET_ADMIN.",
    causes: [
      { text: "the command is not run by root: run it with sudo", command: "id -un" },
      {
        text: "it runs in a container without that capability; give it to the container (--cap-add NET_ADMIN)",
        command: "grep CapEff /proc/self/status",
      },
      {
        text: "it is root of a user namespace only (a rootless container, unshare --user), which is not enough",
        command: "cat /proc/self/uid_map",
      },
    ],
  },
  ...(["ENOPROTOOPT", "ENOENT"] as const).map(
    (code): ExplainedRefusal => ({
      operations: ["initialize"],
      code,
      check: "The kernel has ip_vs.",
      causes: [
        { text: "the module ip_vs is not loaded", command: "modprobe ip_vs" },
        {
          text: "this is a container, where modules cannot be loaded: load it on the host",
          command: "lsmod | grep ip_vs",
        },
        { text: "the kernel was built without IPVS", command: "modinfo ip_vs" },
      ],
    }),
  ),
  {
    operations: ["add service"],
    code: "EEXIST",
    check: "There is no service of the same protocol, address and port, or of the same family and firewall mark.",
    causes: [{ text: "the service is there already; edit it in place of adding it (-E)", command: lookAtTable }],
  },
  {
    operations: ["add service", "edit service"],
    code: "ENOENT",
    check: "The scheduler and the persistence engine are there, or can be loaded as modules.",
    causes: [
      {
        text: "the scheduler is misspelled, or this kernel has no module of it",
        command: "modprobe ip_vs_{scheduler}",
      },
      {
        text: "the scheduler or the persistence engine is misspelled, or this kernel has no module of it",
        command: "modprobe -a ip_vs_{scheduler} ip_vs_pe_{engine}",
        applies: (change) => engineOf(change) !== undefined,
      },
      {
        text: "this is a container, where modules cannot be loaded: load it on the host",
        command: "lsmod | grep ip_vs",
      },
    ],
  },
  {
    operations: ["add service", "edit service"],
    code: "EINVAL",
    check: "The settings are such that the kernel and the scheduler can work with them.",
    causes: [
      {
        text: `the persistence mask of an IPv6 service is a prefix length from 1 to ${longestPrefix.inet6}`,
        command: "ipvsadm --help",
        applies: hasWrongPrefix,
      },
      { text: "the scheduler cannot work with the settings", command: "dmesg | tail" },
      { text: "the kernel does not know a setting, as it is older", command: "uname -r" },
    ],
  },
  {
    operations: ["edit service", "delete service", "zero", "get service", "get services", "get destinations"],
    code: "ESRCH",
    ...serviceIsMissing,
  },
  { operations: ["add destination", "edit destination", "delete destination"], code: "ESRCH", ...serviceIsMissing },
  {
    operations: ["add destination"],
    code: "EEXIST",
    check: "The service has no server of the same address and port.",
    causes: [{ text: "the server is there already; edit it in place of adding it (-e)", command: lookAtTable }],
  },
  { operations: ["edit destination", "delete destination"], code: "ENOENT", ...destinationIsMissing },
  {
    operations: ["add destination", "edit destination"],
    code: "EINVAL",
    check:
      "The address is a unicast address or one of this machine, and fits the service, the forwarding method and the tunnel.",
    causes: [
      {
        text: "the address is a broadcast, multicast, link-local or mapped address",
        command: "ip route get {address}",
      },
      {
        text: "a server of the other address family needs the forwarding method tunnel (-i)",
        command: lookAtTable,
        applies: (change) => isMixed(change) && !isTunnel(change),
      },
      {
        text: "no server can be of the other address family while a sync daemon runs",
        command: "ipvsadm -L --daemon",
        applies: (change) => isMixed(change) && isTunnel(change),
      },
      {
        text: "a gue tunnel needs the UDP port of the server's end (--tun-port)",
        command: "ipvsadm -Ln --tun-info",
        applies: (change) =>
          ofDestination(change, ({ forward, tunnel }) => forward === "tunnel" && tunnel.type === "gue" && !tunnel.port),
      },
      {
        text: "the network namespace has no address yet, not even that of lo, so that the kernel knows none to be unicast",
        command: "ip address show",
      },
    ],
  },
  {
    operations: ["add destination", "edit destination"],
    code: "ERANGE",
    check: "The weight is not negative, and the lower threshold not above the upper one.",
    causes: [
      {
        text: "the lower threshold is above the upper one",
        command: "ipvsadm -Ln --thresholds",
        applies: (change) =>
          ofDestination(change, ({ lowerThreshold, upperThreshold }) => lowerThreshold > upperThreshold),
      },
      { text: "the weight is negative", command: lookAtTable },
    ],
  },
  {
    operations: ["start daemon"],
    code: "EEXIST",
    check: "No sync daemon of this state runs.",
    causes: [{ text: "it runs already; stop it first to change its settings", command: "ipvsadm -L --daemon" }],
  },
  {
    operations: ["start daemon"],
    code: "ENODEV",
    check: "The network namespace has the interface.",
    causes: [
      { text: "there is no interface of that name", command: "ip link show dev {interface}" },
      { text: "the interface is in another network namespace", command: "ip netns list" },
    ],
  },
  {
    operations: ["start daemon"],
    code: "EINVAL",
    check: "The group is a multicast address, and every server is of its service's address family.",
    causes: [
      {
        text: "a service has a server of the other address family; with one no daemon can start",
        command: lookAtTable,
      },
      { text: "the group (--mcast-group) is not a multicast address", command: "ipvsadm --help" },
    ],
  },
  {
    operations: ["stop daemon"],
    code: "ESRCH",
    check: "A sync daemon of this state runs.",
    causes: [{ text: "none runs, or one of the other state", command: "ipvsadm -L --daemon" }],
  },
  {
    operations: ["set timeouts"],
    code: "EINVAL",
    check: "Each timeout fits into the kernel's clock ticks.",
    causes: [{ text: "a timeout is too long", command: "ipvsadm -L --timeout" }],
  },
  {
    code: "EAFNOSUPPORT",
    check: "The kernel supports the address family.",
    causes: [{ text: "the kernel's IPVS was built without IPv6", command: "grep IP_VS_IPV6 /boot/config-$(uname -r)" }],
  },
  {
    code: "EOPNOTSUPP",
    check: "The kernel knows the operation.",
    causes: [{ text: "the kernel is older than the operation", command: "uname -r" }],
  },
  {
    code: "ENOMEM",
    check: "There is memory for what was asked for.",
    causes: [
      { text: "the machine, or the control group of the process, has no memory left", command: "free -m" },
      {
        text: "the scheduler needs a large table in one piece, which fragmented memory does not have",
        command: "dmesg | tail",
      },
    ],
  },
  {
    code: "ENOBUFS",
    check: "Every answer fits into the socket's receive buffer.",
    causes: [{ text: "the receive buffer was too small, and answers were lost", command: "sysctl net.core.rmem_max" }],
  },
  {
    code: "EMSGSIZE",
    check: "Messages have the size that both sides expect.",
    causes: [
      { text: "the send buffer of sockets is too small for the message", command: "sysctl net.core.wmem_default" },
      { text: "the module is of another version than the kernel", command: "modinfo -F vermagic ip_vs" },
    ],
  },
  {
    code: "EINTR",
    check: "The table stands still while it is read.",
    causes: [{ text: "the table changed during every attempt; try again", command: lookAtTable }],
  },
];

function engineOf(change: Change): string | undefined {
  return change.command === "add-service" || change.command === "edit-service" ? change.service.engine : undefined;
}

function hasWrongPrefix(change: Change): boolean {
  if (change.command !== "add-service" && change.command !== "edit-service") return false;
  const { family, netmask } = change.service;
  return family === "inet6" && typeof netmask === "number" && (netmask < 1 || netmask > longestPrefix.inet6);
}
