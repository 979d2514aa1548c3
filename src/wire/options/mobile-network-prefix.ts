import { reserved } from '../layout/numbers.ts';
import { prefix } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A malformed one is answered with status 141, Invalid Prefix (RFC 3963 §6.2). */
export const mobileNetworkPrefix = option({
  type: 6,
  kind: 'mobile-network-prefix',
  name: 'Mobile Network Prefix',
  section: 'RFC 3963 §4.3',
  layout: layout(reserved(1), prefix('prefix')),
  alignment: [8, 4],
});
