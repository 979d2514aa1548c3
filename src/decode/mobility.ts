/** The Mobility Header and its message (RFC 6275 §6.1). */
import { NEXT_HEADER_NAMES, NextHeader } from '../wire/ipv6.ts';
import { header } from '../wire/layout/header.ts';
import { reserved, u8, u16 as word } from '../wire/layout/numbers.ts';
import { type Field, octetsField } from '../wire/layout/part.ts';
import { CHECKSUM, headerLength, MH_TYPE } from '../wire/mobility-header.ts';
import { orderFaults } from './order.ts';
import {
  type Dissector,
  faulty,
  headerFields,
  judgedChecksum,
  moved,
  type Next,
  overrun,
  push,
  remarked,
  rightChecksum,
  type Walk,
} from './walk.ts';

const commonHeader = header(
  'Mobility Header',
  'RFC 6275 §6.1.1',
  u8('payloadProto', NEXT_HEADER_NAMES),
  u8('headerLen'),
  u8('mhType'),
  reserved(1),
  word('checksum'),
);

/** The checksum is over the logical addresses: home addresses in place of care-of addresses. */
export const showMobilityHeader: Dissector = (walk, at, end) =>
  show(walk, at, end, (fields, next) =>
    judgedChecksum(fields, rightChecksum(walk, NextHeader.mobility, at, next, at + CHECKSUM)),
  );

/** In a UDP datagram, without an IPv6 header of its own: the checksum is ignored (RFC 5844 §4.1.3.1). */
export const showBareMobilityHeader: Dissector = (walk, at, end) =>
  show(walk, at, end, fields => remarked(fields, 'checksum', 'ignored'));

function show(walk: Walk, at: number, end: number, judge: (fields: Field[], next: number) => Field[]): Next {
  const common = headerFields(walk, at, end, commonHeader);
  if (common === undefined) return undefined;
  const { octets, codec } = walk;
  const next = at + headerLength(octets, at);
  const mobilityHeader = octets.slice(at, Math.min(next, end));
  const type = mobilityHeader[MH_TYPE]!;
  const named = remarked(common, 'mhType', codec.format(type)?.name ?? 'unknown');
  const proto = faulty(named, 'payloadProto', octets[at] === NextHeader.none ? undefined : 'is not 59');
  const fields = faulty(proto, 'headerLen', overrun(next, end));
  push(walk, commonHeader, at, at + commonHeader.size, next > end ? fields : judge(fields, next));
  walk.fields.push(moved(message(walk, mobilityHeader, type), at));
  return undefined;
}

function message({ codec }: Walk, octets: Uint8Array, type: number): Field {
  const start = commonHeader.size;
  const format = codec.format(type);
  const whole = octetsField(format?.name ?? `MH Type ${type}`, octets, start, octets.length);
  const fields: Field[] = [];
  const fault = codec.show(octets, fields);
  if (fields.length === 0) return { ...whole, section: format?.section, fault };
  const { name, offset, length } = whole;
  return { name, section: format?.section, offset, length, fields: orderFaults(fields), fault };
}
