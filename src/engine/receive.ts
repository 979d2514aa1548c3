/** From what a raw socket delivered to a mobility message. */
import { emitIcmpv6Error } from '../wire/icmpv6/icmpv6-packet.ts';
import { emitIpv6, NextHeader } from '../wire/ipv6.ts';
import type { MobilityCodec } from '../wire/mobility-header.ts';
import type { ReceivedMobility } from '../wire/mobility-packet.ts';
import { parseMobilityPayload } from '../wire/mobility-packet.ts';
import type { ReceivedPacket } from './types.ts';

export type Reception =
  | { readonly kind: 'message'; readonly received: ReceivedMobility }
  /** Traffic of others, or a packet that another socket delivers as well. */
  | { readonly kind: 'ignored' }
  /** `answer`: the ICMPv6 Parameter Problem that RFC 6275 §9.2 asks for, a whole packet. */
  | { readonly kind: 'bad'; readonly reason: string; readonly answer: Uint8Array | undefined };

const MOBILITY_HEADER = 135;

/** Whether the headers of mobility enclose an ICMPv6 message: Mobile Prefix Discovery (RFC 6275 §6.7-6.8). */
export function enclosesIcmpv6({ nextHeader, bytes }: ReceivedPacket): boolean {
  const { routing, destinationOptions, icmpv6 } = NextHeader;
  return (nextHeader === routing || nextHeader === destinationOptions) && bytes[0] === icmpv6;
}

/** @param codec of the peer, when there is only one */
export function receive(packet: ReceivedPacket, codec?: MobilityCodec): Reception {
  const { source, destination, nextHeader, bytes } = packet;
  const parsed = parseMobilityPayload(nextHeader, bytes, source, destination, codec);
  if (parsed.ok) {
    const { homeAddress, routingHome } = parsed.value;
    // Without a Home Address option or type 2 routing header the kernel goes on to the Mobility Header itself.
    const goesOn = nextHeader !== MOBILITY_HEADER && homeAddress === undefined && routingHome === undefined;
    return goesOn ? { kind: 'ignored' } : { kind: 'message', received: parsed.value };
  }
  const { counter, parameterProblem } = parsed.error;
  // A fragment may be of anything; what is made of all of them comes from the kernel once more.
  if (counter === 'no-mobility-header' || counter === 'fragment') return { kind: 'ignored' };
  if (parameterProblem === undefined) return { kind: 'bad', reason: counter, answer: undefined };
  const invoking = emitIpv6(source, destination, nextHeader, bytes);
  const answer = emitIcmpv6Error(destination, source, {
    kind: 'parameter-problem',
    ...parameterProblem,
    invoking,
  });
  return { kind: 'bad', reason: counter, answer };
}
