/** The IPv4 header (RFC 791 §3.1). What Kedge sends itself has no options and is never to be fragmented. */
import type { Ipv4Address } from './address.ts';
import { plainChecksum } from './checksum.ts';
import { NEXT_HEADER_NAMES } from './ipv6.ts';
import { bits, flag, number, unused } from './layout/bits.ts';
import { header } from './layout/header.ts';
import { u8, u16 } from './layout/numbers.ts';
import { ipv4Address, rest } from './layout/octets.ts';
import type { ValueOf } from './layout/part.ts';
import { failure, type Result } from './result.ts';

export const IPV4_HEADER_LENGTH = 20;
const UNIT = 4;
const CHECKSUM = 10;
const DEFAULT_TIME_TO_LIVE = 64;
const SECTION = 'RFC 791 §3.1';

export const ipv4Header = header(
  'Internet Protocol Version 4',
  SECTION,
  bits(1, number('version', 4), number('headerLength', 4)), // in units of 4 octets, options included
  bits(1, number('dscp', 6, undefined, 'RFC 2474 §3'), number('ecn', 2, undefined, 'RFC 3168 §5')),
  u16('totalLength'), // octets of header and payload
  u16('identification'),
  bits(
    2,
    unused(1),
    flag('dontFragment', 'DF'),
    flag('moreFragments', 'MF'),
    number('fragmentOffset', 13), // in units of 8 octets
  ),
  u8('timeToLive'),
  u8('protocol', NEXT_HEADER_NAMES),
  u16('checksum'),
  ipv4Address('source'),
  ipv4Address('destination'),
  rest('options', 0, 40),
);
export type Ipv4Header = ValueOf<typeof ipv4Header>;

/** A packet that was read. */
export interface Ipv4Packet extends Ipv4Header {
  /** Where the payload begins and ends, in octets from the start of the packet. */
  readonly payload: number;
  readonly end: number;
}

/** Reads the header of a whole packet; a fragment is refused. Octets after the Total Length are not counted. */
export function parseIpv4(packet: Uint8Array): Result<Ipv4Packet> {
  if (packet.length < IPV4_HEADER_LENGTH) {
    return failure(packet.length, 'the packet ends within the IPv4 header', SECTION, 'truncated');
  }
  if (packet[0]! >> 4 !== 4) return failure(0, 'the version is not 4', SECTION, 'ipv4-version');
  const payload = (packet[0]! & 0xf) * UNIT;
  if (payload < IPV4_HEADER_LENGTH || payload > packet.length) {
    return failure(0, `an Internet Header Length of ${payload} octets`, SECTION, 'ipv4-header-length');
  }
  const value = {} as Ipv4Header;
  ipv4Header.read(packet, 0, payload, value);
  const { totalLength: end, moreFragments, fragmentOffset } = value;
  if (end < payload || end > packet.length) {
    return failure(2, `a Total Length of ${end} octets`, SECTION, 'truncated');
  }
  if (plainChecksum(packet, 0, payload) !== 0) {
    return failure(CHECKSUM, 'the checksum of the IPv4 header is wrong', SECTION, 'checksum');
  }
  if (moreFragments || fragmentOffset !== 0) {
    return failure(6, 'a fragment of a packet', 'RFC 791 §3.2', 'fragment');
  }
  return { ok: true, value: { ...value, payload, end } };
}

/**
 * A whole packet around the payload; time to live 64 unless told. Throws a RangeError for a packet above 65535 octets, or
 * an address that is none.
 */
export function emitIpv4(
  source: Ipv4Address,
  destination: Ipv4Address,
  protocol: number,
  payload: Uint8Array,
  timeToLive = DEFAULT_TIME_TO_LIVE,
): Uint8Array {
  const packet = new Uint8Array(IPV4_HEADER_LENGTH + payload.length);
  ipv4Header.write(packet, 0, {
    version: 4,
    headerLength: IPV4_HEADER_LENGTH / UNIT,
    dscp: 0,
    ecn: 0,
    totalLength: packet.length,
    identification: 0, // not used by packets that are never fragmented (RFC 6864 §4.1)
    dontFragment: true,
    fragmentOffset: 0,
    timeToLive,
    protocol,
    checksum: 0,
    source,
    destination,
    options: new Uint8Array(0),
  });
  const sum = plainChecksum(packet, 0, IPV4_HEADER_LENGTH);
  packet[CHECKSUM] = sum >> 8;
  packet[CHECKSUM + 1] = sum & 0xff;
  packet.set(payload, IPV4_HEADER_LENGTH);
  return packet;
}
