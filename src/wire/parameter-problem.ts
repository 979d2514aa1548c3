/** The ICMPv6 Parameter Problem message (RFC 4443 §3.4). */
import type { Address } from './address.ts';
import { checksum } from './checksum.ts';
import { emitIpv6, IPV6_HEADER_LENGTH, NextHeader } from './ipv6.ts';
import { u8, u16, u32 } from './layout/numbers.ts';
import { layout } from './layout/part.ts';

const PARAMETER_PROBLEM = 4;
const CHECKSUM = 2;
const MINIMUM_MTU = 1280;

const format = layout(u8('type'), u8('code'), u16('checksum'), u32('pointer'));

/** A whole packet; of the invoking packet as much as fits in 1280 octets. */
export function emitParameterProblem(problem: {
  readonly source: Address;
  readonly destination: Address;
  /** 0 erroneous header field, 1 unrecognized next header, 2 unrecognized option. */
  readonly code: number;
  /** Octets from the start of the invoking packet. */
  readonly pointer: number;
  /** The whole packet in error, from its IPv6 header on. */
  readonly invoking: Uint8Array;
}): Uint8Array {
  const { source, destination, code, pointer } = problem;
  const invoking = problem.invoking.subarray(0, MINIMUM_MTU - IPV6_HEADER_LENGTH - format.size);
  const message = new Uint8Array(format.size + invoking.length);
  format.write(message, 0, { type: PARAMETER_PROBLEM, code, checksum: 0, pointer });
  message.set(invoking, format.size);
  const sum = checksum(source, destination, NextHeader.icmpv6, message);
  message[CHECKSUM] = sum >> 8;
  message[CHECKSUM + 1] = sum & 0xff;
  return emitIpv6(source, destination, NextHeader.icmpv6, message);
}
