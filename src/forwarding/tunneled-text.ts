/**
 * Who talks to home addresses by way of the home agent, as nftables text: a table of its own, whose sets count the packets
 * that come out of tunnels by source and destination. What must not cause a correspondent registration is left out: messages
 * of the Mobility Header (RFC 6275 §11.7.2) and ICMPv6 errors (§11.3.5).
 */
import { type Address, formatAddress, parseAddress } from '../wire/address.ts';
import { TUNNEL_PREFIX } from './state.ts';

const TABLE = 'inet kedge_tunneled';
/** Seconds that packets are counted for, from the first one on. */
const WINDOW = 60;
/** Pairs of addresses in a set; more are not seen. */
const MOST_PAIRS = 256;
/** Packets with a Home Address option, or with another destination option, whose sources may be care-of addresses. */
const MOVED = 'moved';
const SETS = ['seen', MOVED];
const DESTINATION_OPTIONS = 'ip6 nexthdr 60';
const MOBILITY_HEADER = 135;

/** Text for `nft -f -`; without home addresses it leaves no table. */
export function tunneledText(homeAddresses: readonly Address[]): string {
  const removal = `table ${TABLE} {}\ndelete table ${TABLE}\n`;
  if (homeAddresses.length === 0) return removal;
  const add = (set: string): string => `add @${set} { ip6 saddr . ip6 daddr counter }`;
  const lines = [
    ...SETS.map(
      name =>
        `set ${name} { type ipv6_addr . ipv6_addr; size ${MOST_PAIRS}; flags dynamic, timeout; timeout ${WINDOW}s; }`,
    ),
    // After the filter, which drops what is forged.
    'chain input { type filter hook input priority filter + 1; policy accept;',
    `iifname != "${TUNNEL_PREFIX}*" accept`,
    `ip6 daddr != { ${homeAddresses.map(formatAddress).join(', ')} } accept`,
    `ip6 nexthdr ${MOBILITY_HEADER} accept`,
    'ip6 nexthdr 58 icmpv6 type < 128 accept',
    // The next header of the destination options.
    `${DESTINATION_OPTIONS} @nh,320,8 ${MOBILITY_HEADER} accept`,
    `${DESTINATION_OPTIONS} ${add(MOVED)} accept`,
    add('seen'),
    '}',
  ];
  return `${removal}table ${TABLE} {\n${lines.map(line => `\t${line}\n`).join('')}}\n`;
}

/** Makes nft print what has been counted. */
export const LIST_TUNNELED = `list table ${TABLE}\n`;

export interface CountedPair {
  readonly source: Address;
  readonly destination: Address;
  readonly packets: number;
  /** The source may be the care-of address of a mobile node. */
  readonly moved: boolean;
}

/** @param text what nft prints; its end may be missing */
export function readTunneled(text: string): CountedPair[] {
  const [, ...sets] = text.split(/^\tset /m);
  return sets.flatMap(set => {
    const moved = set.startsWith(`${MOVED} `);
    return [...set.matchAll(/([0-9a-f:]+) \. ([0-9a-f:]+) [^,}]*packets (\d+)/g)].flatMap(found => {
      const [source, destination] = [parseAddress(found[1]!), parseAddress(found[2]!)];
      return source && destination ? [{ source, destination, packets: Number(found[3]), moved }] : [];
    });
  });
}
