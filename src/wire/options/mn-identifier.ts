import { layout, rest, u8 } from '../layout.ts';
import type { OptionFormat } from './format.ts';

/** RFC 4283 §3: who the mobile node is. */
export interface MnIdentifier {
  readonly kind: 'mn-identifier';
  /** 1 is a Network Access Identifier (user@realm). */
  readonly subtype: number;
  /** At most 254 octets. */
  readonly identifier: Uint8Array;
}

export const mnIdentifier: OptionFormat<MnIdentifier> = {
  type: 8,
  kind: 'mn-identifier',
  section: 'RFC 4283 §3',
  layout: layout(u8('subtype'), rest('identifier')),
  alignment: () => [1, 0],
  malformed: 'refused',
};
