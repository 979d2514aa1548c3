import type { Address } from '../address.ts';
import { flags, layout, optionalAddress, u8, u16 } from '../layout.ts';
import type { OptionFormat } from './format.ts';

/**
 * RFC 5648 §4.3, with the priority of RFC 6089 §4.1. A malformed one is kept: the answer is status 164,
 * MCOA MALFORMED (RFC 5648 §6.2). The form with an IPv4 care-of address (length 8) stays opaque too.
 */
export interface BindingIdentifier {
  readonly kind: 'binding-identifier';
  /** 1..65535; 0 is reserved. */
  readonly bid: number;
  /** Only in a Binding Acknowledgement: overrides its status for this BID unless it is 0. */
  readonly status: number;
  /** H: simultaneous home and foreign binding. */
  readonly home: boolean;
  /** BID-PRI, 0..127, lower is preferred; 0 says that the sender knows RFC 5648 only. */
  readonly priority: number;
  readonly careOfAddress: Address | undefined;
}

export const bindingIdentifier: OptionFormat<BindingIdentifier> = {
  type: 35,
  kind: 'binding-identifier',
  section: 'RFC 5648 §4.3',
  layout: layout(
    u16('bid'),
    u8('status'),
    flags(1, { home: 0x80 }, 'priority'),
    optionalAddress('careOfAddress'),
  ),
  alignment: option => (option.careOfAddress === undefined ? [2, 0] : [8, 2]),
  malformed: 'kept',
};
