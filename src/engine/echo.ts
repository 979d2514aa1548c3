/** ICMPv6 Echo (RFC 4443 §4), which every IPv6 node answers. Who does not see a request cannot answer it: it bears a secret. */
import type { Address } from '../wire/address.ts';
import { enclose } from '../wire/envelope.ts';
import { ICMPV6_CHECKSUM } from '../wire/icmpv6/icmpv6-message.ts';
import { NextHeader } from '../wire/ipv6.ts';
import { equalConstantTime } from './authentication.ts';

const ECHO_REQUEST = 128;
export const ECHO_REPLY = 129;
/** Type, code, checksum, identifier, sequence number; as data the secret, and the whole sequence number. */
const IDENTIFIER = 4;
const SHORT_SEQUENCE = 6;
const SECRET = 8;
const SEQUENCE = 16;
const LENGTH = 20;
/** Around the ICMPv6 message. */
const IPV6_HEADER = 40;
/** Octets of the packet of a request without padding. */
export const ECHO_LENGTH = IPV6_HEADER + LENGTH;

/** Octets of a secret. */
export const SECRET_LENGTH = SEQUENCE - SECRET;

export interface EchoForm {
  /** In a Home Address option. */
  readonly homeAddress?: Address | undefined;
  /** Of the packet without that option, octets: {@link ECHO_LENGTH} at least. */
  readonly length?: number | undefined;
}

/**
 * The whole packet of a request.
 * @param identifier of 16 bits
 * @param sequence of 32 bits
 */
export function emitEcho(
  source: Address,
  destination: Address,
  identifier: number,
  secret: Uint8Array,
  sequence: number,
  { homeAddress, length = ECHO_LENGTH }: EchoForm = {},
): Uint8Array {
  const octets = new Uint8Array(length - IPV6_HEADER);
  const view = new DataView(octets.buffer);
  octets[0] = ECHO_REQUEST;
  view.setUint16(IDENTIFIER, identifier);
  view.setUint16(SHORT_SEQUENCE, sequence & 0xffff);
  octets.set(secret, SECRET);
  view.setUint32(SEQUENCE, sequence);
  return enclose(octets, NextHeader.icmpv6, ICMPV6_CHECKSUM, { source, destination, homeAddress });
}

/** What an Echo Reply, whose checksum the kernel has verified, answers; undefined: nothing of ours. */
export function readEcho(
  octets: Uint8Array,
  secret: Uint8Array,
): { readonly identifier: number; readonly sequence: number; readonly length: number } | undefined {
  if (octets.length < LENGTH || octets[0] !== ECHO_REPLY) return undefined;
  if (!equalConstantTime(octets.subarray(SECRET, SEQUENCE), secret)) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, LENGTH);
  const [identifier, sequence] = [view.getUint16(IDENTIFIER), view.getUint32(SEQUENCE)];
  return { identifier, sequence, length: IPV6_HEADER + octets.length };
}
