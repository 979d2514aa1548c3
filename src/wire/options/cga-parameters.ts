import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A piece of the CGA Parameters (RFC 3972 §3), which several such options carry one after the other. */
export const cgaParameters = option({
  type: 12,
  kind: 'cga-parameters',
  name: 'CGA Parameters',
  section: 'RFC 4866 §5.1',
  layout: layout(rest('parameters')),
});
