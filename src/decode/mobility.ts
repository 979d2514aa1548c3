/** The Mobility Header and its message (RFC 6275 §6.1). */
import { checksum } from '../wire/checksum.ts';
import { NEXT_HEADER_NAMES, NextHeader } from '../wire/ipv6.ts';
import { reserved, u8, u16 as word } from '../wire/layout/numbers.ts';
import { type Field, layout, octetsField } from '../wire/layout/part.ts';
import { CHECKSUM, headerLength, MH_TYPE } from '../wire/mobility-header.ts';
import { moved } from './extension-header.ts';
import { orderFaults } from './order.ts';
import { type Dissector, faulty, fixedFields, remarked, u16, type Walk } from './walk.ts';

const commonHeader = layout(
  u8('payloadProto', NEXT_HEADER_NAMES),
  u8('headerLen'),
  u8('mhType'),
  reserved(1),
  word('checksum'),
);

const HEADER = { name: 'Mobility Header', section: 'RFC 6275 §6.1.1', layout: commonHeader };

export const showMobilityHeader: Dissector = (walk, at, end) => {
  const common = fixedFields(walk, at, end, HEADER);
  if (common === undefined) return undefined;
  const { octets, codec } = walk;
  const next = at + headerLength(octets, at);
  const header = octets.slice(at, Math.min(next, end));
  const type = header[MH_TYPE]!;
  const format = codec.format(type);
  const known = remarked(common, 'mhType', format?.name ?? 'unknown');
  const lengthFault = next > end ? `runs ${next - end} octets past the packet` : undefined;
  const protoFault = header[0] === NextHeader.none ? undefined : 'is not 59';
  const faults = faulty(faulty(known, 'payloadProto', protoFault), 'headerLen', lengthFault);
  const fields = lengthFault === undefined ? checkedSum(walk, faults, header) : faults;
  walk.fields.push({
    name: HEADER.name,
    section: HEADER.section,
    offset: at,
    length: commonHeader.size,
    fields,
  });
  walk.fields.push(moved(message(walk, header, type), at));
  return undefined;
};

/** The checksum is over the logical addresses: home addresses in place of care-of addresses (RFC 6275 §6.1.1). */
function checkedSum({ source, destination }: Walk, fields: readonly Field[], header: Uint8Array): Field[] {
  const right = checksum(source, destination, NextHeader.mobility, zeroed(header));
  const seen = u16(header, CHECKSUM);
  return seen === right
    ? remarked(fields, 'checksum', 'correct')
    : faulty(fields, 'checksum', `is wrong: ${right} would be right`);
}

function zeroed(header: Uint8Array): Uint8Array {
  const copy = header.slice();
  copy.fill(0, CHECKSUM, CHECKSUM + 2);
  return copy;
}

function message({ codec }: Walk, header: Uint8Array, type: number): Field {
  const format = codec.format(type);
  const place = { offset: commonHeader.size, length: header.length - commonHeader.size };
  if (format === undefined) return octetsField(`MH Type ${type}`, header, commonHeader.size, header.length);
  const { name, section } = format;
  const fields: Field[] = [];
  const fault = codec.show(header, fields);
  return { name, section, ...place, fields: orderFaults(fields), fault };
}
