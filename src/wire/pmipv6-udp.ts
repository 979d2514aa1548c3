/**
 * Proxy Mobile IPv6 over IPv4 and UDP (RFC 5844 §4): signalling on port 5436 is a Mobility Header without an IPv6 header,
 * its checksum zero; data on port 5437 is a packet, or a TLV header (RFC 5845 §7.1) and what it announces.
 */
import { COMPLETE } from './complete-codec.ts';
import { protocolOf } from './ip.ts';
import { NEXT_HEADER_NAMES } from './ipv6.ts';
import { bits, number, unused } from './layout/bits.ts';
import { header } from './layout/header.ts';
import { u8, u16 } from './layout/numbers.ts';
import type { ValueOf } from './layout/part.ts';
import { HEADER_LEN, headerLength, type MobilityCodec } from './mobility-header.ts';
import type { MobilityMessage } from './mobility-message.ts';
import { failure, type Result } from './result.ts';

/** The payload of a datagram on port 5436. Throws a RangeError when a value does not fit its field. */
export function emitPmipv6Control(message: MobilityMessage, codec: MobilityCodec = COMPLETE): Uint8Array {
  return codec.emit(message);
}

/** Reads the payload of a datagram on port 5436. The checksum of the Mobility Header is ignored (RFC 5844 §4.1.3.1). */
export function parsePmipv6Control(
  payload: Uint8Array,
  codec: MobilityCodec = COMPLETE,
): Result<{ readonly message: MobilityMessage; readonly header: Uint8Array }> {
  if (payload.length < 8) {
    return failure(0, 'the datagram ends within the Mobility Header', 'RFC 6275 §6.1.1', 'truncated');
  }
  const length = headerLength(payload);
  if (length > payload.length) {
    return failure(HEADER_LEN, 'Header Len runs past the datagram', 'RFC 6275 §6.1.1', 'truncated');
  }
  const header = payload.slice(0, length);
  const message = codec.parse(header);
  if (message.ok) return { ok: true, value: { message: message.value, header } };
  // A Parameter Problem is about an IPv6 packet; there is none.
  const { parameterProblem, ...error } = message.error;
  return { ok: false, error };
}

export const tlvHeader = header(
  'TLV header',
  'RFC 5845 §7.2',
  bits(1, number('type', 4), unused(4)), // 0, where an IP packet has its version
  u8('nextHeader', NEXT_HEADER_NAMES),
  u16('length'), // octets after this header
);

/** What a datagram on port 5437 carries. */
export interface Pmipv6Data {
  /** Protocol number of the payload: IPv6, IPv4 or, in a TLV header only, something else. */
  readonly protocol: number;
  readonly tlv: boolean;
  /** A view of the octets around it. */
  readonly payload: Uint8Array;
}

/** The payload of a datagram. Throws a RangeError when the protocol needs a TLV header, or the payload is too long. */
export function emitPmipv6Data({ protocol, tlv, payload }: Pmipv6Data): Uint8Array {
  if (!tlv) {
    if (protocolOf(payload) !== protocol) throw new RangeError(`protocol ${protocol} without a TLV header`);
    return payload;
  }
  const octets = new Uint8Array(tlvHeader.size + payload.length);
  tlvHeader.write(octets, 0, { type: 0, nextHeader: protocol, length: payload.length });
  octets.set(payload, tlvHeader.size);
  return octets;
}

/** Reads the payload of a datagram. */
export function parsePmipv6Data(datagram: Uint8Array): Result<Pmipv6Data> {
  const protocol = protocolOf(datagram);
  if (protocol !== undefined) return { ok: true, value: { protocol, tlv: false, payload: datagram } };
  const section = 'RFC 5845 §7.1';
  if (datagram.length < tlvHeader.size) {
    return failure(0, 'the datagram ends within the TLV header', section, 'truncated');
  }
  const value = {} as ValueOf<typeof tlvHeader>;
  tlvHeader.read(datagram, 0, tlvHeader.size, value);
  if (value.type !== 0) return failure(0, `neither an IP packet nor a TLV header`, section, 'tlv-header');
  const payload = datagram.subarray(tlvHeader.size);
  if (value.length !== payload.length) {
    return failure(2, 'the lengths of UDP and the TLV header differ', section, 'tlv-header');
  }
  return { ok: true, value: { protocol: value.nextHeader, tlv: true, payload } };
}
