/** Packets in packets: IPv6 or IPv4 in IPv6 (RFC 2473) or in IPv4 (RFC 4213 §3, RFC 2003). */
import type { Address, Ipv4Address } from './address.ts';
import { emitIp, parseIp, protocolOf } from './ip.ts';
import { NextHeader } from './ipv6.ts';
import { failure, type Result } from './result.ts';

/** A packet out of its tunnel. */
export interface Decapsulated {
  /** Of the outer header. */
  readonly source: Address | Ipv4Address;
  readonly destination: Address | Ipv4Address;
  /** The whole packet within; a view of its octets. */
  readonly inner: Uint8Array;
}

/**
 * `inner` in an outer header of the family of the addresses, hop limit 64. Throws a RangeError for addresses of two
 * families, or when `inner` is no IP packet.
 */
export function encapsulate(
  source: Address | Ipv4Address,
  destination: Address | Ipv4Address,
  inner: Uint8Array,
): Uint8Array {
  const protocol = protocolOf(inner);
  if (protocol === undefined) throw new RangeError('the inner packet is no IP packet');
  return emitIp(source, destination, protocol, inner);
}

/** Takes one outer header off, with its extension headers. */
export function decapsulate(packet: Uint8Array): Result<Decapsulated> {
  const outer = parseIp(packet);
  if (!outer.ok) return outer;
  const { source, destination, protocol, payload, end } = outer.value;
  if (protocol !== NextHeader.ipv6 && protocol !== NextHeader.ipv4) {
    return failure(payload, `no packet within but protocol ${protocol}`, 'RFC 2473 §3.3', 'no-tunnel');
  }
  const inner = packet.subarray(payload, end);
  if (protocolOf(inner) !== protocol) {
    const rule = `the version of the packet within is not that of protocol ${protocol}`;
    return failure(payload, rule, 'RFC 2473 §3.3', 'no-tunnel');
  }
  return { ok: true, value: { source, destination, inner } };
}
