/** Packets that nobody with the key has sent: noise, and genuine ones with an octet changed and the checksum repaired. */
import { parseAddress } from '../../src/wire/address.ts';
import { authenticatedPart } from '../../src/wire/authentication.ts';
import { checksum } from '../../src/wire/checksum.ts';
import { emitIpv6 } from '../../src/wire/ipv6.ts';

const MOBILITY_HEADER = 135;
const IPV6_HEADER = 40;
const AUTHENTICATOR_LENGTH = 12;

/** Where the innermost IPv6 header and the Mobility Header begin, and whose addresses the checksum is over. */
function locate(packet: Uint8Array) {
  const ipv6 = packet[6] === 41 ? IPV6_HEADER : 0;
  const nextHeader = packet[ipv6 + 6]!;
  const header = ipv6 + IPV6_HEADER + (nextHeader === MOBILITY_HEADER ? 0 : 24);
  const home = packet.slice(header - 16, header);
  const source = nextHeader === 60 ? home : packet.slice(ipv6 + 8, ipv6 + 24);
  const destination = nextHeader === 43 ? home : packet.slice(ipv6 + 24, ipv6 + 40);
  return { header, source, destination };
}

/** A copy with one octet of what the authenticator protects, or of the authenticator, changed. */
export function tampered(packet: Uint8Array, random: () => number): Uint8Array | undefined {
  const copy = packet.slice();
  const { header, source, destination } = locate(copy);
  const mobility = copy.subarray(header);
  const part = authenticatedPart(mobility);
  if (part === undefined) return undefined;
  let at = Math.floor(random() * (part.dataOffset + AUTHENTICATOR_LENGTH));
  if (at === 4 || at === 5) at = 6;
  mobility[at]! ^= 1 + Math.floor(random() * 255);
  mobility.fill(0, 4, 6);
  const sum = checksum(source, destination, MOBILITY_HEADER, mobility);
  mobility[4] = sum >> 8;
  mobility[5] = sum & 0xff;
  return copy;
}

/** Random octets behind a header of a kind that reaches a daemon; half of them with a correct checksum. */
export function noise(source: Uint8Array, destination: Uint8Array, random: () => number): Uint8Array {
  const nextHeader = [43, 60, MOBILITY_HEADER][Math.floor(random() * 3)]!;
  const payload = Uint8Array.from({ length: 8 * (1 + Math.floor(random() * 12)) }, () => random() * 256);
  if (random() < 0.7) {
    let header = 0;
    if (nextHeader !== MOBILITY_HEADER) {
      payload[0] = MOBILITY_HEADER;
      payload[1] = random() < 0.5 ? 0 : 2;
      header = (payload[1]! + 1) * 8;
    }
    if (payload.length >= header + 8) {
      const mobility = payload.subarray(header);
      mobility[0] = 59;
      mobility[1] = mobility.length / 8 - 1;
      // Not a Binding Refresh Request: those are never authenticated, and may cause a refresh now and then.
      mobility[2] = 1 + Math.floor(random() * 23);
      mobility.fill(0, 4, 6);
      const sum = checksum(source, destination, MOBILITY_HEADER, mobility);
      mobility[4] = sum >> 8;
      mobility[5] = sum & 0xff;
    }
  }
  return emitIpv6(source, destination, nextHeader, payload);
}

export const STRANGER = parseAddress('2001:db8:bad::1')!;
