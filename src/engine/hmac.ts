/** HMAC (RFC 2104) as a function that its user is given: this one is JavaScript, a host may have a faster one. */
import { BLOCK, digest, finish, type HashFunction, sha1, sha256 } from './sha.ts';

export type HmacAlgorithm = 'sha1' | 'sha256';

/** The authenticator of the parts, taken as one message, under a key that the function holds: 20 or 32 octets. */
export type Hmac = (...parts: readonly Uint8Array[]) => Uint8Array;

/** Binds a key of any length. */
export type CreateHmac = (algorithm: HmacAlgorithm, key: Uint8Array) => Hmac;

const HASHES: Record<HmacAlgorithm, HashFunction> = { sha1, sha256 };

/** A key that is longer than a block is its digest (RFC 2104 §3). */
export function shortKey(algorithm: HmacAlgorithm, key: Uint8Array): Uint8Array {
  return key.length > BLOCK ? digest(HASHES[algorithm], key) : key;
}

export const createHmac: CreateHmac = (algorithm, key) => {
  const hash = HASHES[algorithm];
  /** The state behind the first block: the key, each octet combined with `pad`. */
  const keyed = (pad: number) => {
    const block = new Uint8Array(BLOCK);
    block.set(shortKey(algorithm, key));
    for (let i = 0; i < BLOCK; i++) block[i]! ^= pad;
    const state = hash.initial.slice();
    hash.compress(state, block, 0);
    return state;
  };
  const inner = keyed(0x36);
  const outer = keyed(0x5c);
  return (...parts) => finish(hash, outer.slice(), BLOCK, [finish(hash, inner.slice(), BLOCK, parts)]);
};
