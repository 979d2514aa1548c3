/** The Home Address destination option (RFC 6275 §6.3), alone in its Destination Options header. */
import type { Address } from './address.ts';
import { putAddress } from './layout/octets.ts';
import { writePad } from './pad.ts';

export const HOME_ADDRESS_OPTION = 0xc9;
/** Option Data Length. */
export const HOME_ADDRESS_LENGTH = 16;

/** Alignment 8n+6: the header's two octets and four of padding go before it. */
const OPTION_OFFSET = 6;
/** Octets of a Destination Options header with nothing but a Home Address option. */
export const HOME_ADDRESS_HEADER_LENGTH = OPTION_OFFSET + 2 + HOME_ADDRESS_LENGTH;

export function writeHomeAddressHeader(
  octets: Uint8Array,
  at: number,
  nextHeader: number,
  home: Address,
): void {
  octets[at] = nextHeader;
  octets[at + 1] = HOME_ADDRESS_HEADER_LENGTH / 8 - 1;
  writePad(octets, at + 2, at + OPTION_OFFSET);
  octets[at + OPTION_OFFSET] = HOME_ADDRESS_OPTION;
  octets[at + OPTION_OFFSET + 1] = HOME_ADDRESS_LENGTH;
  putAddress(octets, at + OPTION_OFFSET + 2, home, 'home address');
}
