/** The Fragment header (RFC 8200 §4.5). Nothing is reassembled here. */
import { NEXT_HEADER_NAMES } from './ipv6.ts';
import { bits, flag, number, unused } from './layout/bits.ts';
import { header } from './layout/header.ts';
import { reserved, u8, u32 } from './layout/numbers.ts';
import type { ValueOf } from './layout/part.ts';

export const fragmentHeader = header(
  'Fragment header',
  'RFC 8200 §4.5',
  u8('nextHeader', NEXT_HEADER_NAMES),
  reserved(1),
  bits(
    2,
    number('fragmentOffset', 13), // in units of 8 octets
    unused(2),
    flag('moreFragments', 'M'),
  ),
  u32('identification'),
);

/** Whether the header at `at` makes a fragment of the whole packet (RFC 6946). */
export function isAtomicFragment(octets: Uint8Array, at: number): boolean {
  const value = {} as ValueOf<typeof fragmentHeader>;
  fragmentHeader.read(octets, at, at + fragmentHeader.size, value);
  return value.fragmentOffset === 0 && !value.moreFragments;
}
