/** What Neighbor Discovery wants of the addresses of a message; others are discarded (RFC 4861 §6.1, §7.1). */
import { type Address, isLinkLocal, isMulticast, isUnspecified, prefixContains } from '../address.ts';
import type { Icmpv6Message } from './icmpv6-message.ts';

/** ff02::1:ff00:0/104 (RFC 4291 §2.7.1) */
const SOLICITED_NODES = {
  address: Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0),
  length: 104,
};

/** The rule that a message between these addresses breaks. */
export function brokenNeighborRule(
  message: Icmpv6Message,
  source: Address,
  destination: Address,
): string | undefined {
  switch (message.kind) {
    case 'router-solicitation':
      return namesNobody(message, source);
    case 'router-advertisement':
      return isLinkLocal(source) ? undefined : 'the source is no link-local address';
    case 'neighbor-solicitation':
      if (isUnspecified(source) && !prefixContains(SOLICITED_NODES, destination)) {
        return 'no solicited-node multicast address although the source is unspecified';
      }
      return namesNobody(message, source);
    case 'neighbor-advertisement':
      return message.solicited && isMulticast(destination)
        ? 'the S flag in what goes to a multicast address'
        : undefined;
    default:
      return undefined;
  }
}

function namesNobody(
  { options }: Extract<Icmpv6Message, { kind: 'router-solicitation' | 'neighbor-solicitation' }>,
  source: Address,
): string | undefined {
  return isUnspecified(source) && options.some(({ kind }) => kind === 'source-link-layer-address')
    ? 'a Source Link-Layer Address option although the source is unspecified'
    : undefined;
}
