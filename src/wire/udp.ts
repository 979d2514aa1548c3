/** UDP (RFC 768), as the tunnels of Mobile IPv6 use it. */
import { type Address, IPV4_ADDRESS_LENGTH, type Ipv4Address } from './address.ts';
import { checksum } from './checksum.ts';
import { emitIp, parseIp } from './ip.ts';
import { NextHeader } from './ipv6.ts';
import { header } from './layout/header.ts';
import { type Names, u16 } from './layout/numbers.ts';
import type { ValueOf } from './layout/part.ts';
import { failure, type Result } from './result.ts';

const SECTION = 'RFC 768';
const CHECKSUM = 6;

/** Ports of the tunnels (IANA "Service Name and Transport Protocol Port Number Registry"). */
export const UdpPort = { dsmipv6: 4191, pmipv6Control: 5436, pmipv6Data: 5437 } as const;

export const UDP_PORT_NAMES: Names = {
  [UdpPort.dsmipv6]: 'Dual Stack MIPv6',
  [UdpPort.pmipv6Control]: 'PMIPv6 control',
  [UdpPort.pmipv6Data]: 'PMIPv6 data',
  4500: 'IPsec NAT traversal',
};

export const udpHeader = header(
  'User Datagram Protocol',
  SECTION,
  u16('sourcePort', UDP_PORT_NAMES),
  u16('destinationPort', UDP_PORT_NAMES),
  u16('length'), // octets of header and payload
  u16('checksum'), // 0: none
);

/** Where a datagram comes from and goes to, as the outer header says. */
export interface UdpPath {
  readonly source: Address | Ipv4Address;
  readonly destination: Address | Ipv4Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export interface UdpPacket extends UdpPath {
  /** A view of the octets of the packet. */
  readonly payload: Uint8Array;
}

/** A whole IP packet of the family of the addresses. Throws a RangeError when a value does not fit its field. */
export function emitUdpPacket(path: UdpPath, payload: Uint8Array): Uint8Array {
  const { source, destination, sourcePort, destinationPort } = path;
  const datagram = new Uint8Array(udpHeader.size + payload.length);
  udpHeader.write(datagram, 0, { sourcePort, destinationPort, length: datagram.length, checksum: 0 });
  datagram.set(payload, udpHeader.size);
  const sum = checksum(source, destination, NextHeader.udp, datagram) || 0xffff;
  datagram[CHECKSUM] = sum >> 8;
  datagram[CHECKSUM + 1] = sum & 0xff;
  return emitIp(source, destination, NextHeader.udp, datagram);
}

/** Reads a whole IP packet. Offsets count from its first octet. */
export function parseUdpPacket(packet: Uint8Array): Result<UdpPacket> {
  const ip = parseIp(packet);
  if (!ip.ok) return ip;
  const { source, destination, protocol, payload: at, end } = ip.value;
  if (protocol !== NextHeader.udp) return failure(at, `no UDP but protocol ${protocol}`, SECTION, 'no-udp');
  if (at + udpHeader.size > end)
    return failure(at, 'the packet ends within the UDP header', SECTION, 'truncated');
  const value = {} as ValueOf<typeof udpHeader>;
  udpHeader.read(packet, at, at + udpHeader.size, value);
  const { sourcePort, destinationPort, length } = value;
  if (length < udpHeader.size || at + length > end) {
    return failure(at + 4, `a UDP length of ${length} octets`, SECTION, 'truncated');
  }
  // Only over IPv4 may a sender leave it out (RFC 8200 §8.1).
  const unsummed = value.checksum === 0 && source.length === IPV4_ADDRESS_LENGTH;
  if (!unsummed && checksum(source, destination, NextHeader.udp, packet, at, at + length) !== 0) {
    return failure(at + CHECKSUM, 'the UDP checksum is wrong', SECTION, 'checksum');
  }
  const payload = packet.subarray(at + udpHeader.size, at + length);
  return { ok: true, value: { source, destination, sourcePort, destinationPort, payload } };
}
