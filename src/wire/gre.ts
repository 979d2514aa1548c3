/** Generic Routing Encapsulation (RFC 2784) with key and sequence number (RFC 2890), as RFC 5845 uses it. */
import { plainChecksum } from './checksum.ts';
import { bits, flag, number, unused } from './layout/bits.ts';
import type { Header } from './layout/header.ts';
import { type Names, reserved, u16, u32 } from './layout/numbers.ts';
import { layout, layoutLength, type Part } from './layout/part.ts';
import { failure, type Result } from './result.ts';

/** What is within: EtherTypes. */
export const GreProtocol = { ipv4: 0x0800, ipv6: 0x86dd } as const;
const PROTOCOL_NAMES: Names = { [GreProtocol.ipv4]: 'IPv4', [GreProtocol.ipv6]: 'IPv6' };

export interface GreHeader {
  readonly protocolType: number;
  /** Over header and payload. */
  readonly checksum?: number | undefined;
  /** RFC 5845 §3.3: the downlink or the uplink key. */
  readonly key?: number | undefined;
  readonly sequence?: number | undefined;
}

export interface GrePacket extends Omit<GreHeader, 'checksum'> {
  /** Whether there is a checksum. */
  readonly checksum: boolean;
  /** A view of the octets around it. */
  readonly payload: Uint8Array;
}

const fixed = layout(
  bits(
    2,
    flag('checksumPresent', 'C'),
    unused(1),
    flag('keyPresent', 'K', 'RFC 2890 §2'),
    flag('sequencePresent', 'S', 'RFC 2890 §2'),
    unused(9),
    number('version', 3),
  ),
  u16('protocolType', PROTOCOL_NAMES),
);

/** What the flags announce, in wire order; four octets each. */
const WORDS: readonly {
  readonly flag: number;
  readonly name: keyof GreHeader;
  readonly part: Part<never>;
}[] = [
  { flag: 0x80, name: 'checksum', part: layout(u16('checksum'), reserved(2)) },
  { flag: 0x20, name: 'key', part: u32('key') },
  { flag: 0x10, name: 'sequence', part: u32('sequence') },
];
const WORD = 4;
/** "MUST discard a packet where any of bits 1-5 are non-zero": of these, RFC 2890 made flags of two. */
const REFUSED = 0x4c;
const VERSION = 7;

function present(flags: number): typeof WORDS {
  return WORDS.filter(word => (flags & word.flag) !== 0);
}

export const greHeader: Header<GreHeader> = {
  name: 'Generic Routing Encapsulation',
  section: 'RFC 2784 §2.1',
  size: fixed.size,
  tail: value => WORD * WORDS.filter(({ name }) => value[name] !== undefined).length,
  extent(octets, at, end) {
    const length = fixed.size + WORD * present(octets[at]!).length;
    return at + length > end ? undefined : length;
  },
  read(octets, at, end, into) {
    if ((octets[at]! & REFUSED) !== 0) return { rule: 'a reserved bit of the first six is set', offset: at };
    if ((octets[at + 1]! & VERSION) !== 0) return { rule: 'the version is not 0', offset: at + 1 };
    const words = present(octets[at]!);
    if (at + fixed.size + WORD * words.length > end) return { rule: 'the GRE header is cut', offset: at };
    fixed.read(octets, at, at + fixed.size, into);
    words.forEach(({ part }, index) => {
      const from = at + fixed.size + WORD * index;
      part.read(octets, from, from + WORD, into);
    });
    return undefined;
  },
  write(octets, at, value) {
    const words = WORDS.filter(({ name }) => value[name] !== undefined);
    const has = (name: keyof GreHeader): boolean => value[name] !== undefined;
    fixed.write(octets, at, {
      checksumPresent: has('checksum'),
      keyPresent: has('key'),
      sequencePresent: has('sequence'),
      version: 0,
      protocolType: value.protocolType,
    });
    words.forEach(({ part }, index) => {
      part.write(octets, at + fixed.size + WORD * index, value as never);
    });
  },
  show(octets, at, end, shown) {
    fixed.show(octets, at, at + fixed.size, shown);
    present(octets[at]!).forEach(({ part }, index) => {
      const from = at + fixed.size + WORD * index;
      if (from + WORD <= end) part.show(octets, from, from + WORD, shown);
    });
  },
};

/** Header and payload. Throws a RangeError when a value does not fit its field. */
export function emitGre(packet: GrePacket): Uint8Array {
  const { protocolType, key, sequence, payload } = packet;
  const value = { protocolType, key, sequence, checksum: packet.checksum ? 0 : undefined };
  const length = layoutLength(greHeader, value);
  const octets = new Uint8Array(length + payload.length);
  greHeader.write(octets, 0, value);
  octets.set(payload, length);
  if (packet.checksum) {
    const sum = plainChecksum(octets);
    octets[fixed.size] = sum >> 8;
    octets[fixed.size + 1] = sum & 0xff;
  }
  return octets;
}

/** Reads header and payload. */
export function parseGre(octets: Uint8Array): Result<GrePacket> {
  const { name, section } = greHeader;
  if (octets.length < greHeader.size) {
    return failure(0, `the packet ends within the header of ${name}`, section, 'truncated');
  }
  const value = {} as GreHeader;
  const fault = greHeader.read(octets, 0, octets.length, value);
  if (fault !== undefined) return failure(fault.offset ?? 0, fault.rule, section, 'gre');
  if (value.checksum !== undefined && plainChecksum(octets) !== 0) {
    return failure(fixed.size, 'the GRE checksum is wrong', section, 'checksum');
  }
  const { protocolType, key, sequence } = value;
  const payload = octets.subarray(greHeader.extent!(octets, 0, octets.length));
  return {
    ok: true,
    value: { protocolType, key, sequence, checksum: value.checksum !== undefined, payload },
  };
}
