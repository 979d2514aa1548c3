/**
 * What the return routability procedure computes (RFC 6275 §5.2): keygen tokens of 8 octets, binding management keys of
 * 20, authenticators of 12.
 */
import type { Address } from '../wire/address.ts';
import type { Hmac } from './hmac.ts';
import { digest, sha1 } from './sha.ts';

const TOKEN_LENGTH = 8;
const AUTHENTICATOR_LENGTH = 12;

/** They keep home and care-of keygen tokens apart. */
const HOME = Uint8Array.of(0);
const CARE_OF = Uint8Array.of(1);

/**
 * @param hmac HMAC-SHA1 under the node key Kcn of the correspondent node, 20 random octets
 * @param nonce that of the nonce index that goes out with the token
 */
export function homeKeygenToken(hmac: Hmac, homeAddress: Address, nonce: Uint8Array): Uint8Array {
  return hmac(homeAddress, nonce, HOME).subarray(0, TOKEN_LENGTH);
}

/** As {@link homeKeygenToken}, of the care-of address. */
export function careOfKeygenToken(hmac: Hmac, careOfAddress: Address, nonce: Uint8Array): Uint8Array {
  return hmac(careOfAddress, nonce, CARE_OF).subarray(0, TOKEN_LENGTH);
}

/** Kbm; without a care-of keygen token that of a de-registration. */
export function bindingManagementKey(homeToken: Uint8Array, careOfToken?: Uint8Array): Uint8Array {
  return careOfToken === undefined ? digest(sha1, homeToken) : digest(sha1, homeToken, careOfToken);
}

/**
 * The authenticator of a Binding Update or its acknowledgement (RFC 6275 §6.2.7).
 * @param hmac HMAC-SHA1 under Kbm
 * @param careOfAddress that will be registered; the home address in a de-registration
 * @param correspondent the home address of a correspondent node that is mobile itself
 * @param data the "MH Data" of `authorizedPart`
 */
export function bindingAuthenticator(
  hmac: Hmac,
  careOfAddress: Address,
  correspondent: Address,
  data: Uint8Array,
): Uint8Array {
  return hmac(careOfAddress, correspondent, data).subarray(0, AUTHENTICATOR_LENGTH);
}
