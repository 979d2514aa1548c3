/**
 * A whole packet as a tree of fields, as far as it can be read, with everything that is wrong with it. Unlike the parsers
 * of wire/, which stop at the first rule that is broken, it goes on; the layouts are the same.
 */
import { UNSPECIFIED } from '../wire/address.ts';
import { COMPLETE } from '../wire/complete-codec.ts';
import { NEXT_HEADER_NAMES, NextHeader } from '../wire/ipv6.ts';
import type { Field } from '../wire/layout/part.ts';
import type { MobilityCodec } from '../wire/mobility-header.ts';
import {
  showAuthenticationHeader,
  showFragmentHeader,
  showOptionsHeader,
  showRoutingHeader,
} from './extension-header.ts';
import { type DecodeFault, faultsOf } from './faults.ts';
import { showGre } from './gre.ts';
import { showIcmpv6 } from './icmpv6.ts';
import { showIpv4, showIpv6 } from './ip.ts';
import { showMobilityHeader } from './mobility.ts';
import { showUdp } from './udp.ts';
import { type Dissector, type Next, pushOctets, type Walk } from './walk.ts';

export interface Decoded {
  /** One for each header, in wire order; a Mobility Header is followed by its message. */
  readonly fields: readonly Field[];
  readonly faults: readonly DecodeFault[];
}

const DISSECTORS: Readonly<Record<number, Dissector>> = {
  [NextHeader.hopByHop]: showOptionsHeader('Hop-by-Hop Options', 'RFC 8200 §4.3'),
  [NextHeader.ipv4]: showIpv4,
  [NextHeader.udp]: showUdp,
  [NextHeader.ipv6]: showIpv6,
  [NextHeader.routing]: showRoutingHeader,
  [NextHeader.fragment]: showFragmentHeader,
  [NextHeader.gre]: showGre,
  [NextHeader.authentication]: showAuthenticationHeader,
  [NextHeader.icmpv6]: showIcmpv6,
  [NextHeader.none]: () => undefined,
  [NextHeader.destinationOptions]: showOptionsHeader('Destination Options', 'RFC 8200 §4.6'),
  [NextHeader.mobility]: showMobilityHeader,
};

/** More headers than any packet needs, tunnels in tunnels included. */
const MOST_HEADERS = 32;

/** Decodes one IPv6 or IPv4 packet. Never throws, whatever the octets are. */
export function decodePacket(octets: Uint8Array, version: 4 | 6, codec: MobilityCodec = COMPLETE): Decoded {
  const fields: Field[] = [];
  const walk: Walk = { octets, codec, fields, source: UNSPECIFIED, destination: UNSPECIFIED };
  let next: Next = { protocol: version === 6 ? NextHeader.ipv6 : NextHeader.ipv4, at: 0, end: octets.length };
  for (let count = 0; next !== undefined && count < MOST_HEADERS; count++) {
    const { protocol, at, end }: NonNullable<Next> = next;
    next = (DISSECTORS[protocol] ?? showPayload(protocol))(walk, at, end);
  }
  const whole = fields.map(field => withSection(field, undefined));
  return { fields: whole, faults: faultsOf(whole) };
}

/** The field and those in it, each with its own section or that of the field around it. */
function withSection(field: Field, inherited: string | undefined): Field {
  const section = field.section ?? inherited;
  const { fields } = field;
  return fields === undefined
    ? { ...field, section }
    : { ...field, section, fields: fields.map(inner => withSection(inner, section)) };
}

/** What has no dissector. */
function showPayload(protocol: number): Dissector {
  return (walk, at, end) => {
    pushOctets(walk, NEXT_HEADER_NAMES[protocol] ?? `protocol ${protocol}`, at, end);
    return undefined;
  };
}
