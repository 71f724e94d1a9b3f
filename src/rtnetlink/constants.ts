/**
 * The names and numbers of linux/netlink.h, linux/rtnetlink.h, linux/if.h, linux/if_link.h, linux/if_addr.h,
 * linux/neighbour.h and linux/fib_rules.h.
 */

export const NETLINK_ROUTE = 0;

// Messages
export const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_GETADDR = 22;
export const RTM_NEWROUTE = 24;
export const RTM_GETROUTE = 26;
export const RTM_NEWNEIGH = 28;
export const RTM_GETNEIGH = 30;
export const RTM_NEWRULE = 32;
export const RTM_GETRULE = 34;

// Flags of a link
export const IFF_UP = 0x1;
export const IFF_LOOPBACK = 0x8;
export const IFF_NOARP = 0x80;
export const IFF_MULTICAST = 0x1000;

// Attributes of a link
export const IFLA_IFNAME = 3;
export const IFLA_MTU = 4;
export const IFLA_LINKINFO = 18;

// Attributes within IFLA_LINKINFO
export const IFLA_INFO_KIND = 1;

// Attributes of an address
export const IFA_ADDRESS = 1;
export const IFA_LOCAL = 2;

// Types of routes
export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
export const RTN_BROADCAST = 3;
export const RTN_ANYCAST = 4;
export const RTN_MULTICAST = 5;
export const RTN_BLACKHOLE = 6;
export const RTN_UNREACHABLE = 7;
export const RTN_PROHIBIT = 8;

// Attributes of a route
export const RTA_DST = 1;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
export const RTA_PREFSRC = 7;
export const RTA_METRICS = 8;
export const RTA_VIA = 18;

// Attributes within RTA_METRICS
export const RTAX_MTU = 2;
export const RTAX_ADVMSS = 8;

// States of a neighbor
export const NUD_INCOMPLETE = 0x01;
export const NUD_FAILED = 0x20;

// Attributes of a neighbor
export const NDA_DST = 1;

// Attributes of a rule
export const FRA_FWMARK = 10;
