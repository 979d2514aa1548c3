import { layout, rest, u8, u32 } from '../layout.ts';
import type { OptionFormat } from './format.ts';

/** RFC 4285 §5: the mobility message authentication option. */
export interface Authentication {
  readonly kind: 'authentication';
  /** 1 MN-HA, 2 MN-AAA. */
  readonly subtype: number;
  /** Mobility Security Parameter Index, 32 bits. */
  readonly spi: number;
  /** The authenticator, at most 250 octets; 12 with HMAC-SHA1. */
  readonly data: Uint8Array;
}

export const authentication: OptionFormat<Authentication> = {
  type: 9,
  kind: 'authentication',
  section: 'RFC 4285 §5',
  layout: layout(u8('subtype'), u32('spi'), rest('data')),
  alignment: () => [4, 1],
  malformed: 'refused',
};
