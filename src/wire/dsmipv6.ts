/**
 * Dual Stack Mobile IPv6 over UDP (RFC 5555 §4.1): IPv4, UDP with the home agent's port 4191, then a whole IPv6 or IPv4
 * packet. Signalling is a packet of `mobility-packet.ts` between home address and home agent, without a Home Address
 * option: the care-of address is the outer one.
 */
import { protocolOf } from './ip.ts';
import { failure, type Result } from './result.ts';
import { emitUdpPacket, parseUdpPacket, type UdpPath, UdpPort } from './udp.ts';

export interface Dsmipv6Packet extends UdpPath {
  /** The whole packet within; a view of the octets around it. */
  readonly inner: Uint8Array;
}

/** Throws a RangeError when `inner` is no IP packet, or neither port is 4191. */
export function emitDsmipv6({ inner, ...path }: Dsmipv6Packet): Uint8Array {
  if (protocolOf(inner) === undefined) throw new RangeError('the inner packet is no IP packet');
  if (!isDsmipv6(path)) throw new RangeError(`neither port is ${UdpPort.dsmipv6}`);
  return emitUdpPacket(path, inner);
}

/** Reads a whole packet. The inner one is not looked into. */
export function parseDsmipv6(packet: Uint8Array): Result<Dsmipv6Packet> {
  const datagram = parseUdpPacket(packet);
  if (!datagram.ok) return datagram;
  const { payload, ...path } = datagram.value;
  if (!isDsmipv6(path)) {
    return failure(0, `neither port is ${UdpPort.dsmipv6}`, 'RFC 5555 §4.1', 'no-dsmipv6');
  }
  const inner = innerPacket(payload);
  if (inner.ok) return { ok: true, value: { ...path, inner: inner.value } };
  const at = payload.byteOffset - packet.byteOffset;
  return { ok: false, error: { ...inner.error, offset: inner.error.offset + at } };
}

/** The packet in what a socket on the port delivers: its version says what it is. */
export function innerPacket(payload: Uint8Array): Result<Uint8Array> {
  return protocolOf(payload) === undefined
    ? failure(0, 'what follows the UDP header is no IP packet', 'RFC 5555 §4.1', 'no-dsmipv6')
    : { ok: true, value: payload };
}

function isDsmipv6({ sourcePort, destinationPort }: UdpPath): boolean {
  return sourcePort === UdpPort.dsmipv6 || destinationPort === UdpPort.dsmipv6;
}
