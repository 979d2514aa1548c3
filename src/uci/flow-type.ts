/** Types of options that say which packets a flow is made of, and where it goes. */
import { hostPrefix, type Prefix, parseAddress, parsePrefix } from '../wire/address.ts';
import type { Range } from '../wire/flow/range-field.ts';
import { integer, type OptionType, sectionName } from './option-type.ts';

export const addressOrPrefix: OptionType<Prefix> = {
  accepts: 'an IPv6 address or a prefix without host bits, e.g. 2001:db8:1::/48',
  parse(text) {
    const address = parseAddress(text);
    return address === undefined ? parsePrefix(text) : hostPrefix(address);
  },
};

export const macAddress: OptionType<Uint8Array> = {
  accepts: 'a MAC address, e.g. 02:00:5e:10:00:01',
  parse: text =>
    /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)
      ? Uint8Array.from(text.split(':'), octet => Number.parseInt(octet, 16))
      : undefined,
};

/** IANA "Assigned Internet Protocol Numbers". */
const PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
};

export const protocol: OptionType<number> = {
  accepts: `a number from 0 to 255, or ${Object.keys(PROTOCOLS).join(', ')}`,
  parse: text => (Object.hasOwn(PROTOCOLS, text) ? PROTOCOLS[text] : integer(0, 255).parse(text)),
};

/** With ports where the first four octets of the header are: TCP, UDP, DCCP, SCTP, UDP-Lite. */
export const hasPorts = (number: number): boolean => [6, 17, 33, 132, 136].includes(number);

const port = integer(0, 65_535);

export const portRange: OptionType<Range<number>> = {
  accepts: 'a port from 0 to 65535, or a range of them, e.g. 5060-5070',
  parse(text) {
    const [start, end, ...more] = text.split('-').map(part => port.parse(part));
    if (start === undefined || more.length > 0) return undefined;
    if (!text.includes('-')) return { start };
    return end !== undefined && end >= start ? { start, end } : undefined;
  },
};

/** RFC 2474 class selectors, RFC 2597 assured forwarding, RFC 3246, RFC 5865, RFC 8622. */
export const dscp: OptionType<number> = {
  accepts: 'a number from 0 to 63, or ef, va, le, cs0 to cs7, af11 to af43',
  parse(text) {
    const selector = /^cs([0-7])$/.exec(text);
    if (selector !== null) return 8 * Number(selector[1]);
    const assured = /^af([1-4])([1-3])$/.exec(text);
    if (assured !== null) return 8 * Number(assured[1]) + 2 * Number(assured[2]);
    return { ef: 46, va: 44, le: 1 }[text] ?? integer(0, 63).parse(text);
  },
};

const LARGEST_MARK = 0xffffffff;

function parseMark(text: string): number | undefined {
  const value = /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(text) ? Number(text) : Number.NaN;
  return value <= LARGEST_MARK ? value : undefined;
}

export const maskedMark: OptionType<{ readonly value: number; readonly mask: number }> = {
  accepts: 'a mark, perhaps with a mask, e.g. 0x100/0xff00',
  parse(text) {
    const [value, mask, ...more] = text.split('/').map(parseMark);
    if (value === undefined || more.length > 0) return undefined;
    if (!text.includes('/')) return { value, mask: LARGEST_MARK };
    return mask !== undefined && mask > 0 && (value & ~mask) === 0 ? { value, mask } : undefined;
  },
};

/** Neighbouring bits of a mark that are left to kedge. */
export function markMask(fewest: number, most: number): OptionType<number> {
  return {
    accepts: `a mask of ${fewest} to ${most} neighbouring bits, e.g. 0xff000000`,
    parse(text) {
      const mask = parseMark(text);
      const bits = /^0*(1*)0*$/.exec((mask ?? 0).toString(2))?.[1]?.length ?? 0;
      return bits >= fewest && bits <= most ? mask : undefined;
    },
  };
}

export interface WeightedUplink {
  readonly name: string;
  readonly weight: number;
}

/** Its weight is 1 unless stated. */
export const weightedUplink: OptionType<WeightedUplink> = {
  accepts: 'the name of an uplink section, and for balance perhaps a weight from 1 to 1000',
  parse(text) {
    const [, name = '', number = '1'] = /^(\S+)(?: +(\S+))?$/.exec(text) ?? [];
    const weight = integer(1, 1000).parse(number);
    return sectionName.parse(name) !== undefined && weight !== undefined ? { name, weight } : undefined;
  },
};
