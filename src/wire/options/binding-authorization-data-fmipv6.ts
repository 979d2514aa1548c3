import { endingAlignment } from '../ending-alignment.ts';
import { u32 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const HEADER = 2;
const SPI = 4;

/** The last option of a Fast Binding Update and its acknowledgement. */
export const bindingAuthorizationDataFmipv6 = option({
  type: 21,
  kind: 'binding-authorization-data-fmipv6',
  name: 'Binding Authorization Data for FMIPv6',
  section: 'RFC 5568 §6.4.5',
  layout: layout(
    u32('spi'), // 0: the key comes from secure neighbour discovery (RFC 5269)
    rest('authenticator', 1), // 12 octets with HMAC-SHA1
  ),
  uncounted: SPI,
  alignment: ({ authenticator }) => endingAlignment(HEADER + SPI + authenticator.length),
});
