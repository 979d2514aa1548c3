/** Who has sent what came out of a tunnel: the address of a Home Address option stands for its sender (RFC 6275 §11.7.2). */
import type { TunneledTraffic } from '../engine/types.ts';
import { type Address, addressKey } from '../wire/address.ts';
import type { XfrmState } from './state.ts';
import type { CountedPair } from './tunneled-text.ts';
import { isSent, peerOf } from './xfrm-request.ts';

/** Home addresses of the mobile nodes that have bindings here, by care-of address and our own one. */
export class TunneledPeers {
  readonly #homes = new Map<string, Address>();

  /** A state that lets packets in from a care-of address tells whose it is. */
  note(state: XfrmState): void {
    const home = peerOf(state);
    if (home !== undefined && !isSent(state)) this.#homes.set(keyOf(state.careOfAddress, state.to), home);
  }

  /** Without a binding such an option is not valid (RFC 6275 §9.3.1), and its sender nobody. */
  traffic(pairs: readonly CountedPair[]): TunneledTraffic[] {
    return pairs.flatMap(({ source, destination: homeAddress, packets, moved }) => {
      const peer = moved ? this.#homes.get(keyOf(source, homeAddress)) : source;
      return peer === undefined ? [] : [{ peer, homeAddress, packets }];
    });
  }
}

const keyOf = (careOfAddress: Address, own: Address): string => addressKey(careOfAddress) + addressKey(own);
