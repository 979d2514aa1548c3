/** What the messages of ICMPv6 have in common after their type (RFC 4443 §2.1). */

import { type Address, isMulticast } from '../address.ts';
import { agreeing } from '../layout/agreement.ts';
import { address } from '../layout/octets.ts';
import type { Part } from '../layout/part.ts';
import { subOptions } from '../sub-options.ts';
import { ND_OPTIONS } from './nd-option.ts';

/** The code of a message that has none but 0. */
export const noCode: Part<object> = {
  size: 1,
  read(octets, at) {
    return octets[at] === 0 ? undefined : { rule: `code ${octets[at]} is not 0`, offset: at };
  },
  write(octets, at) {
    octets[at] = 0;
  },
  show(octets, at, _end, shown) {
    const fault = this.read(octets, at, at + 1, {})?.rule;
    shown.push({ name: 'code', offset: at, length: 1, value: octets[at]!, fault });
  },
};

/** Written as zero and filled in with the packet; verified by whoever knows its addresses. */
export const checksumField: Part<object> = {
  size: 2,
  read: () => undefined,
  write(octets, at) {
    octets.fill(0, at, at + 2);
  },
  show(octets, at, _end, shown) {
    const value = (octets[at]! << 8) | octets[at + 1]!;
    shown.push({ name: 'checksum', offset: at, length: 2, value });
  },
};

/** Neighbor Discovery options up to the end. They have no alignment of their own. */
export const ndOptions = subOptions('options', ND_OPTIONS);

/** The address that a solicitation or advertisement is about (RFC 4861 §7.1). */
export const target: Part<{ readonly target: Address }> = agreeing(address('target'), value =>
  isMulticast(value.target) ? 'the target is a multicast address' : undefined,
);
