import { reserved } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, ndOptions, noCode, target } from '../parts.ts';

export const neighborSolicitation = icmpv6({
  type: 135,
  kind: 'neighbor-solicitation',
  name: 'Neighbor Solicitation',
  section: 'RFC 4861 §4.3',
  hopLimit: 255,
  layout: layout(noCode, checksumField, reserved(4), target, ndOptions),
});
