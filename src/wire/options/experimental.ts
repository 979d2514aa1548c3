import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const experimental = option({
  type: 18,
  kind: 'experimental',
  name: 'Experimental Mobility',
  section: 'RFC 5096 §4',
  layout: layout(rest('data')),
});
