/** The names and numbers of linux/netlink.h, linux/rtnetlink.h, linux/if_link.h and linux/if_addr.h. */

export const NETLINK_ROUTE = 0;

// Messages
export const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_GETADDR = 22;

// Attributes of a link
export const IFLA_IFNAME = 3;
export const IFLA_MTU = 4;
export const IFLA_LINKINFO = 18;

// Attributes within IFLA_LINKINFO
export const IFLA_INFO_KIND = 1;

// Attributes of an address
export const IFA_ADDRESS = 1;
export const IFA_LOCAL = 2;
