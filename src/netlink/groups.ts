/** The multicast groups of the NETLINK_ROUTE socket, as the mask that `bind` takes (`sockaddr_nl.nl_groups`). */
const LINK = 1 << 0;
const IPV6_ADDRESS = 1 << 8;
const IPV6_ROUTE = 1 << 10;
/** Changes of a link's IPv6 side, such as its MTU. */
const IPV6_LINK = 1 << 11;
const IPV6_RULE = 1 << 18;

export const GROUPS = LINK | IPV6_ADDRESS | IPV6_ROUTE | IPV6_LINK | IPV6_RULE;
/** What becomes of neighbours: on busy links that is much. */
export const NEIGHBOR = 1 << 2;
