/** The type 2 routing header (RFC 6275 §6.4). */
import type { Address } from './address.ts';
import { NEXT_HEADER_NAMES } from './ipv6.ts';
import { header } from './layout/header.ts';
import { reserved, u8 } from './layout/numbers.ts';
import { address } from './layout/octets.ts';
import type { ValueOf } from './layout/part.ts';

export const ROUTING_TYPE_2 = 2;
export const TYPE_2_HEADER_EXT_LEN = 2;

export const type2RoutingHeader = header(
  'Type 2 routing header',
  'RFC 6275 §6.4',
  u8('nextHeader', NEXT_HEADER_NAMES),
  u8('headerExtLen'), // 2: octets of the header are 8 times this plus 8
  u8('routingType'),
  u8('segmentsLeft'),
  reserved(4),
  address('homeAddress'),
);
export type Type2RoutingHeader = ValueOf<typeof type2RoutingHeader>;

export function writeType2RoutingHeader(
  octets: Uint8Array,
  at: number,
  nextHeader: number,
  home: Address,
): void {
  type2RoutingHeader.write(octets, at, {
    nextHeader,
    headerExtLen: TYPE_2_HEADER_EXT_LEN,
    routingType: ROUTING_TYPE_2,
    segmentsLeft: 1,
    homeAddress: home,
  });
}

/** Octets of the header. */
export const TYPE_2_ROUTING_HEADER_LENGTH = type2RoutingHeader.size;
