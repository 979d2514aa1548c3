import { reserved } from '../layout/numbers.ts';
import { prefix } from '../layout/octets.ts';
import { orNothing } from '../layout/optional.ts';
import { layout } from '../layout/part.ts';
import { draftOption } from '../option-format.ts';

/**
 * In a Proxy Binding Update without a prefix: the mobile node has several interfaces. In the acknowledgement: a prefix of
 * another interface, or none. Laid out as the Home Network Prefix of RFC 5213 §8.3; what the draft calls empty may also
 * be that with the prefix ::/0.
 */
export const muho = draftOption({
  kind: 'muho',
  name: 'MuHo',
  section: 'draft-bernardos-mif-pmip-02 §5.2.1',
  layout: orNothing('prefix', layout(reserved(1), prefix('prefix'))),
  alignment: ({ prefix }) => (prefix === undefined ? [1, 0] : [8, 4]),
});
