import type { Address } from '../address.ts';
import { address, layout } from '../layout.ts';
import type { OptionFormat } from './format.ts';

/** RFC 6275 §6.2.5: the care-of address when it is not the source of the packet. */
export interface AlternateCareOfAddress {
  readonly kind: 'alternate-care-of-address';
  readonly address: Address;
}

export const alternateCareOfAddress: OptionFormat<AlternateCareOfAddress> = {
  type: 3,
  kind: 'alternate-care-of-address',
  section: 'RFC 6275 §6.2.5',
  layout: layout(address('address')),
  alignment: () => [8, 6],
  malformed: 'refused',
};
