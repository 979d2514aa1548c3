/** Whole packets whose Mobility Header a test has changed, with a checksum that is right. */
import { checksum } from '../../../src/wire/checksum.ts';

const MOBILITY_HEADER = 135;
const IPV6_HEADER = 40;
/** Octets of a Destination Options header with the Home Address option, or of a type 2 routing header. */
const ADDRESS_HEADER = 24;

/** A copy of the packet after `change` of its Mobility Header, whose length stays. */
export function withMobilityHeader(packet: Uint8Array, change: (header: Uint8Array) => void): Uint8Array {
  const copy = packet.slice();
  const nextHeader = copy[6];
  const start = IPV6_HEADER + (nextHeader === MOBILITY_HEADER ? 0 : ADDRESS_HEADER);
  const home = copy.slice(start - 16, start);
  const source = nextHeader === 60 ? home : copy.slice(8, 24);
  const destination = nextHeader === 43 ? home : copy.slice(24, 40);
  const header = copy.subarray(start);
  change(header);
  header.fill(0, 4, 6);
  // What Header Len leaves out is no part of the message.
  const length = Math.min(header.length, 8 * (header[1]! + 1));
  new DataView(copy.buffer, start).setUint16(
    4,
    checksum(source, destination, MOBILITY_HEADER, header.subarray(0, length)),
  );
  return copy;
}
