/** From what a raw socket delivered to a mobility message. */
import { emitIpv6 } from '../wire/ipv6.ts';
import type { ReceivedMobility } from '../wire/mobility-packet.ts';
import { parseMobilityPayload } from '../wire/mobility-packet.ts';
import { emitParameterProblem } from '../wire/parameter-problem.ts';
import type { ReceivedPacket } from './types.ts';

export type Reception =
  | { readonly kind: 'message'; readonly received: ReceivedMobility }
  /** Traffic of others, or a packet that another socket delivers as well. */
  | { readonly kind: 'ignored' }
  /** `answer`: the ICMPv6 Parameter Problem that RFC 6275 §9.2 asks for, a whole packet. */
  | { readonly kind: 'bad'; readonly reason: string; readonly answer: Uint8Array | undefined };

const MOBILITY_HEADER = 135;

export function receive(packet: ReceivedPacket): Reception {
  const { source, destination, nextHeader, bytes } = packet;
  const parsed = parseMobilityPayload(nextHeader, bytes, source, destination);
  if (parsed.ok) {
    const { homeAddress, routingHome } = parsed.value;
    // Without a Home Address option or type 2 routing header the kernel goes on to the Mobility Header itself.
    const goesOn = nextHeader !== MOBILITY_HEADER && homeAddress === undefined && routingHome === undefined;
    return goesOn ? { kind: 'ignored' } : { kind: 'message', received: parsed.value };
  }
  const { counter, parameterProblem } = parsed.error;
  if (counter === 'no-mobility-header') return { kind: 'ignored' };
  if (parameterProblem === undefined) return { kind: 'bad', reason: counter, answer: undefined };
  const invoking = emitIpv6(source, destination, nextHeader, bytes);
  const answer = emitParameterProblem({
    source: destination,
    destination: source,
    ...parameterProblem,
    invoking,
  });
  return { kind: 'bad', reason: counter, answer };
}
