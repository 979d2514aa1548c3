/** What stands before the network layer in a captured packet, by LINKTYPE_* number. */

export interface NetworkLayer {
  /** Octets from the start of the packet to the network layer. */
  readonly offset: number;
  /** 4 or 6; undefined: neither. */
  readonly version: 4 | 6 | undefined;
}

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** IEEE 802.1Q and 802.1ad tags: four octets each. */
const VLAN_TAGS = [0x8100, 0x88a8, 0x9100];

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

/** From an EtherType at `at` on. */
function afterEtherType(octets: Uint8Array, at: number): NetworkLayer {
  let type = u16(octets, at);
  let offset = at + 2;
  while (VLAN_TAGS.includes(type)) {
    type = u16(octets, offset + 2);
    offset += 4;
  }
  return { offset, version: type === ETHERTYPE_IPV6 ? 6 : type === ETHERTYPE_IPV4 ? 4 : undefined };
}

/** What the first four bits of a packet without link layer say. */
export function bareNetworkLayer(octets: Uint8Array, offset = 0): NetworkLayer {
  const version = (octets[offset] ?? 0) >> 4;
  return { offset, version: version === 6 || version === 4 ? version : undefined };
}

const FINDERS: Readonly<Record<number, (octets: Uint8Array) => NetworkLayer>> = {
  0: octets => bareNetworkLayer(octets, 4), // BSD loopback: an address family
  1: octets => afterEtherType(octets, 12), // Ethernet
  12: bareNetworkLayer, // raw IP, as some systems number it
  14: bareNetworkLayer,
  101: bareNetworkLayer, // raw IP
  108: octets => bareNetworkLayer(octets, 4), // OpenBSD loopback
  113: octets => afterEtherType(octets, 14), // Linux cooked
  228: bareNetworkLayer, // raw IPv4
  229: bareNetworkLayer, // raw IPv6
  276: octets => ({ ...afterEtherType(octets, 0), offset: 20 }), // Linux cooked v2
};

/** Undefined for a link type that is not known here. */
export function findNetworkLayer(linkType: number, octets: Uint8Array): NetworkLayer | undefined {
  return FINDERS[linkType]?.(octets);
}
