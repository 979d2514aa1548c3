import { reserved } from '../layout/numbers.ts';
import { prefix } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A prefix of a local network that can be reached through the anchoring MAAR only. */
export const localPrefix = option({
  type: 66,
  kind: 'local-prefix',
  name: 'Local Prefix',
  section: 'RFC 8885 §4.4',
  layout: layout(reserved(1), prefix('prefix')),
  alignment: [8, 4],
});
