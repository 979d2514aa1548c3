import { reserved } from '../layout/numbers.ts';
import { prefix } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A prefix of the mobile node, anchored at the anchoring MAAR. */
export const anchoredPrefix = option({
  type: 65,
  kind: 'anchored-prefix',
  name: 'Anchored Prefix',
  section: 'RFC 8885 §4.3',
  layout: layout(reserved(1), prefix('prefix')),
  alignment: [8, 4],
});
