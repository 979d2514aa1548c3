/** The types that an option's value can have: how its text is read, and what is accepted, in words. */
import {
  type Address,
  isGlobalUnicast,
  isLinkLocal,
  isLoopback,
  isMulticast,
  type Prefix,
  parseAddress,
  parsePrefix,
} from '../wire/address.ts';
import { encodeUtf8 } from '../wire/utf8.ts';

export interface OptionType<T> {
  /** Completes "expected ...". */
  readonly accepts: string;
  /** True when the value must not be repeated in a message: it is a key or may be one by mistake. */
  readonly secret?: boolean;
  /** Undefined: not acceptable. */
  parse(text: string): T | undefined;
}

/** The words that OpenWrt's own scripts take. */
export const flag: OptionType<boolean> = {
  accepts: '1, on, true, yes, enabled or 0, off, false, no, disabled',
  parse(text) {
    if (['1', 'on', 'true', 'yes', 'enabled'].includes(text)) return true;
    if (['0', 'off', 'false', 'no', 'disabled'].includes(text)) return false;
    return undefined;
  },
};

/** A decimal number from `least` to `most`. */
export function integer(least: number, most: number, multipleOf = 1): OptionType<number> {
  return {
    accepts: `${multipleOf === 1 ? 'a number' : `a multiple of ${multipleOf}`} from ${least} to ${most}`,
    parse(text) {
      const value = Number(text);
      const fits = /^[0-9]{1,10}$/.test(text) && value >= least && value <= most && value % multipleOf === 0;
      return fits ? value : undefined;
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** As providers count: units are powers of 1000. */
export const octetCount: OptionType<number> = {
  accepts: 'a number of octets, perhaps with a unit: k, M, G or T (powers of 1000), e.g. 20G',
  parse(text) {
    const [, number, unit] = /^(\d{1,15}|\d{1,9}\.\d{1,3})([kMGT]?)B?$/.exec(text) ?? [];
    const octets = Math.round(Number(number) * UNITS[unit!]!);
    return octets > 0 && octets <= Number.MAX_SAFE_INTEGER ? octets : undefined;
  },
};

export function oneOf<const T extends string>(...words: readonly T[]): OptionType<T> {
  return {
    accepts: words.map(word => `'${word}'`).join(' or '),
    parse: text => words.find(word => word === text),
  };
}

export const unicastAddress: OptionType<Address> = {
  accepts: 'a global or unique local unicast IPv6 address, e.g. 2001:db8::1',
  parse(text) {
    const address = parseAddress(text);
    return address !== undefined && isGlobalUnicast(address) ? address : undefined;
  },
};

/** Another home agent, and its preference, 0 unless stated (RFC 6275 §7.4). */
export const peerHomeAgent: OptionType<{ readonly address: Address; readonly preference: number }> = {
  accepts: `${unicastAddress.accepts}, and after a blank perhaps a preference from 0 to 65535`,
  parse(text) {
    const [, address = '', number = '0'] = /^(\S+)(?: +(\S+))?$/.exec(text) ?? [];
    const parsed = unicastAddress.parse(address);
    const preference = integer(0, 65_535).parse(number);
    return parsed && preference !== undefined ? { address: parsed, preference } : undefined;
  },
};

const SHORTEST_PREFIX = 16;

export const networkPrefix: OptionType<Prefix> = {
  accepts: `a unicast IPv6 prefix of length ${SHORTEST_PREFIX} to 128 without host bits, e.g. 2001:db8:1::/48`,
  parse(text) {
    const prefix = parsePrefix(text);
    if (prefix === undefined || prefix.length < SHORTEST_PREFIX) return undefined;
    const { address } = prefix;
    return isMulticast(address) || isLinkLocal(address) || isLoopback(address) || address[0] === 0
      ? undefined
      : prefix;
  },
};

/** A network device's name, as Linux has it: at most 15 octets. Kedge's own tunnels are no uplinks. */
export const deviceName: OptionType<string> = {
  accepts:
    "the name of a network device, 1 to 15 characters without '/', ':' and blanks, not beginning with 'kdg-'",
  parse: text => (/^(?!kdg-|\.{1,2}$)[!-.0-9;-~]{1,15}$/.test(text) ? text : undefined),
};

/** A logical interface of netifd: the name of its section, or of one that netifd makes, e.g. `wan_6`. */
export const interfaceName: OptionType<string> = {
  accepts: "the name of an interface of /etc/config/network, e.g. 'wan'",
  parse: text => (/^[\w.-]{1,63}$/.test(text) ? text : undefined),
};

/** The `name` of a section. */
export const sectionName: OptionType<string> = {
  accepts: "the name of a section: ASCII letters, digits and '_'",
  parse: text => (/^[A-Za-z0-9_]+$/.test(text) ? text : undefined),
};

/** Network Access Identifier (RFC 4283 §3, RFC 4282 §2.1). */
export const networkAccessIdentifier: OptionType<string> = {
  accepts: 'a network access identifier, e.g. van7@fleet.example, of at most 253 octets',
  parse(text) {
    const wellFormed = /^[^\s\p{C}@]+(@[^\s\p{C}@]+)?$/u.test(text);
    return wellFormed && encodeUtf8(text).length <= 253 ? text : undefined;
  },
};

const SHORTEST_KEY = 16;
const LONGEST_KEY = 256;

/** Hexadecimal digits after `0x`, or the octets of the text itself. */
export const sharedKey: OptionType<Uint8Array> = {
  accepts: `a key of ${SHORTEST_KEY} to ${LONGEST_KEY} octets, as 0x and hexadecimal digits (two an octet) or as text`,
  secret: true,
  parse(text) {
    const key = /^0x/i.test(text) ? parseHex(text.slice(2)) : encodeUtf8(text);
    return key !== undefined && key.length >= SHORTEST_KEY && key.length <= LONGEST_KEY ? key : undefined;
  },
};

function parseHex(digits: string): Uint8Array | undefined {
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}

export const absolutePath: OptionType<string> = {
  accepts: "the path of a file, beginning with '/'",
  secret: true,
  parse: text => (/^\/\P{Cc}{1,4095}$/u.test(text) ? text : undefined),
};
