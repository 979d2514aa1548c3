/**
 * Peers that may follow a renumbering of the home network (RFC 6275 §10.6): each stands for one more mobile node in every other
 * prefix of it, whose home address has the same interface identifier, and which has the same key.
 */
import type { HomeAgentConfig, PeerConfig } from '../../uci/types.ts';
import { type Address, addressKey, prefixContains } from '../../wire/address.ts';

/** Bits of the prefixes that home addresses are made of, and octets. */
const PREFIX_LENGTH = 64;
const PREFIX_OCTETS = PREFIX_LENGTH / 8;

/** All peers, those that they stand for behind them: the peer `van` is `van.2` in the second prefix. */
export function renumberedPeers({
  peers,
  homePrefixes = [],
  address,
}: HomeAgentConfig): readonly PeerConfig[] {
  const taken = new Set([address, ...peers.map(({ homeAddress }) => homeAddress)].map(addressKey));
  const further = peers.flatMap(peer =>
    homePrefixes.flatMap((prefix, at): PeerConfig[] => {
      const { homeAddress } = peer;
      if (!peer.renumbering || prefix.length !== PREFIX_LENGTH || prefixContains(prefix, homeAddress))
        return [];
      const other: Address = homeAddress.map((octet, index) =>
        index < PREFIX_OCTETS ? prefix.address[index]! : octet,
      );
      if (taken.has(addressKey(other))) return [];
      taken.add(addressKey(other));
      return [{ ...peer, name: `${peer.name}.${at + 1}`, homeAddress: other, renumbered: true }];
    }),
  );
  return further.length === 0 ? peers : [...peers, ...further];
}
