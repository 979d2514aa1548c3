import { layoutLength, octetsField, type Part, type ValueOf } from '../layout/part.ts';
import { option } from '../option-format.ts';
import { type AnyField, addressRange, ipv4AddressRange, numberRange } from './range-field.ts';
import { naturalAlignment, ranges } from './ranges.ts';

/** Bits of a Differentiated Services field or Traffic Class that belong to ECN: ignored in comparisons. */
const ECN_BITS = 2;
/** The rest of the 32 is sent as zero and ignored (the RFC speaks of 24 bits; RFC 8200 §3 has 20). */
const FLOW_LABEL_BITS = 20;

/** RFC 6088 §3.1. All as the home agent sees packets to the mobile node: the source is the correspondent node. */
const IPV4_FIELDS = [
  ipv4AddressRange('AB', 'source'),
  ipv4AddressRange('CD', 'destination'),
  numberRange('EF', 'spi', 4),
  numberRange('GH', 'sourcePort', 2),
  numberRange('IJ', 'destinationPort', 2),
  numberRange('KL', 'differentiatedServices', 1, 8, ECN_BITS), // the whole octet
  numberRange('MN', 'protocol', 1),
] as const;

/** RFC 6088 §3.2. */
const IPV6_FIELDS = [
  addressRange('AB', 'source'),
  addressRange('CD', 'destination'),
  numberRange('EF', 'spi', 4),
  numberRange('GH', 'flowLabel', 4, FLOW_LABEL_BITS),
  numberRange('IJ', 'sourcePort', 2),
  numberRange('KL', 'destinationPort', 2),
  numberRange('MN', 'trafficClass', 1, 8, ECN_BITS), // the whole octet
  numberRange('OP', 'nextHeader', 1),
] as const;

const ipv4Ranges = ranges(...IPV4_FIELDS);
const ipv6Ranges = ranges(...IPV6_FIELDS);

/** A packet is matched when each range that is present contains its field. */
export type Ipv4Selector = { readonly format: 'ipv4' } & ValueOf<typeof ipv4Ranges>;
export type Ipv6Selector = { readonly format: 'ipv6' } & ValueOf<typeof ipv6Ranges>;
/** Of a format that is not known here (status 133). Re-emitted bit for bit. */
export interface OpaqueSelector {
  readonly format: 'opaque';
  /** TS Format; 0 is reserved. */
  readonly number: number;
  readonly data: Uint8Array;
}
export type TrafficSelector = Ipv4Selector | Ipv6Selector | OpaqueSelector;

interface SelectorFormat {
  /** TS Format. */
  readonly number: number;
  readonly format: 'ipv4' | 'ipv6';
  readonly name: string;
  readonly fields: readonly AnyField[];
  readonly part: Part<object>;
}

/** IANA "Traffic Selector Format". */
const FORMATS: readonly SelectorFormat[] = [
  { number: 1, format: 'ipv4', name: 'IPv4 binary', fields: IPV4_FIELDS, part: ipv4Ranges },
  { number: 2, format: 'ipv6', name: 'IPv6 binary', fields: IPV6_FIELDS, part: ipv6Ranges },
];

interface Selected {
  readonly selector: TrafficSelector;
}

const byFormat = (selector: TrafficSelector) => FORMATS.find(({ format }) => format === selector.format);

/** TS Format and a reserved octet. */
const HEADER = 2;

const formattedSelector: Part<Selected> & { tail(value: Selected): number } = {
  size: HEADER,
  tail({ selector }) {
    if (selector.format === 'opaque') return selector.data.length;
    return layoutLength(byFormat(selector)!.part, selector);
  },
  read(octets, at, end, into) {
    const number = octets[at]!;
    const known = FORMATS.find(format => format.number === number);
    if (known === undefined) {
      const selector: OpaqueSelector = { format: 'opaque', number, data: octets.slice(at + HEADER, end) };
      Object.assign(into, { selector });
      return undefined;
    }
    const { name, format, part } = known;
    if (at + HEADER + part.size > end) return { rule: `${name} selector without its flags`, offset: at };
    const selector = { format };
    Object.assign(into, { selector });
    return part.read(octets, at + HEADER, end, selector);
  },
  write(octets, at, { selector }) {
    octets[at + 1] = 0;
    if (selector.format === 'opaque') {
      const { number, data } = selector;
      const isTaken = FORMATS.some(format => format.number === number);
      if (isTaken || !(number >= 0 && number <= 255 && Number.isInteger(number))) {
        throw new RangeError(`TS Format ${number} is no opaque one`);
      }
      octets[at] = number;
      octets.set(data, at + HEADER);
    } else {
      const { number, part } = byFormat(selector)!;
      octets[at] = number;
      part.write(octets, at + HEADER, selector);
    }
  },
  show(octets, at, end, shown) {
    const number = octets[at]!;
    const known = FORMATS.find(format => format.number === number);
    shown.push({ name: 'format', offset: at, length: 1, value: number, meaning: known?.name });
    const start = at + HEADER;
    if (known !== undefined && start + known.part.size <= end) known.part.show(octets, start, end, shown);
    else if (start < end) shown.push(octetsField('data', octets, start, end));
  },
};

/** Which packets belong to the flow. */
export const trafficSelector = option({
  type: 3,
  kind: 'traffic-selector',
  name: 'Traffic Selector',
  section: 'RFC 6089 §4.2.1.4, RFC 6088 §3',
  layout: formattedSelector,
  alignment({ selector }) {
    const known = byFormat(selector);
    return known === undefined ? [1, 0] : naturalAlignment(known.fields, selector);
  },
  malformed: 'refused',
});
