/** The IP Authentication Header (RFC 4302 §2). Whoever has its key verifies it; here it is passed over. */
import { NEXT_HEADER_NAMES } from './ipv6.ts';
import { header } from './layout/header.ts';
import { reserved, u8, u32 } from './layout/numbers.ts';
import { rest } from './layout/octets.ts';

export const authenticationHeader = header(
  'Authentication Header',
  'RFC 4302 §2',
  u8('nextHeader', NEXT_HEADER_NAMES),
  u8('payloadLength'), // octets of the header are 4 times this plus 8
  reserved(2),
  u32('spi'),
  u32('sequence'),
  rest('integrityCheckValue'), // with its padding
);

/** Octets of the header by its own length field. */
export function authenticationHeaderLength(payloadLength: number): number {
  return 8 + 4 * payloadLength;
}
