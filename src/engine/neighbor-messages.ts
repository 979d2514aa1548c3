/** What a mobile node, or its home agent for it, says on the home link (RFC 4861 §4.3-4.4, RFC 4862 §5.4). */
import { type Address, parseAddress, UNSPECIFIED } from '../wire/address.ts';
import { emitIcmpv6Packet } from '../wire/icmpv6/icmpv6-packet.ts';

/** ff02::1 */
export const ALL_NODES: Address = parseAddress('ff02::1')!;

/** Octets of an interface identifier. */
const INTERFACE_IDENTIFIER = 8;
/** What an address and its solicited-node multicast address have in common, octets. */
const SOLICITED_NODE_TAIL = 3;

/** RFC 4291 §2.7.1. */
export function solicitedNodeAddress(address: Address): Address {
  const group = parseAddress('ff02::1:ff00:0')!;
  group.set(address.subarray(-SOLICITED_NODE_TAIL), group.length - SOLICITED_NODE_TAIL);
  return group;
}

/** The home address with the link-local prefix in place of its own (RFC 6275 §10.3.1). */
export function linkLocalOf(homeAddress: Address): Address {
  const linkLocal = parseAddress('fe80::')!;
  linkLocal.set(homeAddress.subarray(-INTERFACE_IDENTIFIER), linkLocal.length - INTERFACE_IDENTIFIER);
  return linkLocal;
}

/** Asks whether anybody has the address: a whole packet for {@link solicitedNodeAddress}. */
export function emitDuplicateTest(target: Address): Uint8Array {
  return emitIcmpv6Packet({
    source: UNSPECIFIED,
    destination: solicitedNodeAddress(target),
    message: { kind: 'neighbor-solicitation', target, options: [] },
  });
}

/** Says to all nodes that the mobile node's packets go to the home agent from now on (RFC 6275 §10.4.1): a whole packet. */
export function emitProxyAdvertisement(fields: {
  /** Of the home agent on the link. */
  readonly source: Address;
  readonly linkLayerAddress: Uint8Array;
  /** Of the mobile node. */
  readonly target: Address;
  /** The mobile node is a router (RFC 3963 §6.2). */
  readonly router: boolean;
}): Uint8Array {
  const { source, linkLayerAddress, target, router } = fields;
  return emitIcmpv6Packet({
    source,
    destination: ALL_NODES,
    message: {
      kind: 'neighbor-advertisement',
      router,
      solicited: false,
      override: true,
      target,
      options: [{ kind: 'target-link-layer-address', address: linkLayerAddress }],
    },
  });
}
