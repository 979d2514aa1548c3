/** DHCPv6 in UDP in IPv6 (RFC 8415 §7.2). */
import type { Address } from '../address.ts';
import { enclose } from '../envelope.ts';
import { IPV6_HEADER_LENGTH, NextHeader } from '../ipv6.ts';
import { type Dhcpv6Message, emitDhcpv6, SERVER_PORT } from './message.ts';

const HEADER = 8;
const LENGTH = 4;
const CHECKSUM = 6;

/** The whole packet of a message from a server or relay agent. @param port of the receiver */
export function emitDatagram(
  source: Address,
  destination: Address,
  port: number,
  message: Dhcpv6Message,
): Uint8Array {
  const payload = emitDhcpv6(message);
  const datagram = new Uint8Array(HEADER + payload.length);
  const view = new DataView(datagram.buffer);
  view.setUint16(0, SERVER_PORT);
  view.setUint16(2, port);
  view.setUint16(LENGTH, datagram.length);
  datagram.set(payload, HEADER);
  const packet = enclose(datagram, NextHeader.udp, CHECKSUM, { source, destination });
  const sum = IPV6_HEADER_LENGTH + CHECKSUM;
  // 0 would say that there is none (RFC 8200 §8.1).
  if (packet[sum] === 0 && packet[sum + 1] === 0) packet.fill(0xff, sum, sum + 2);
  return packet;
}
