import { reserved, u16 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, ndOptions, noCode } from '../parts.ts';

/** Sent with a Home Address option. */
export const mobilePrefixSolicitation = icmpv6({
  type: 146,
  kind: 'mobile-prefix-solicitation',
  name: 'Mobile Prefix Solicitation',
  section: 'RFC 6275 §6.7',
  layout: layout(noCode, checksumField, u16('identifier'), reserved(2), ndOptions),
});
