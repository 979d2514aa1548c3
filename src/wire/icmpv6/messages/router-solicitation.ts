import { reserved } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, ndOptions, noCode } from '../parts.ts';

export const routerSolicitation = icmpv6({
  type: 133,
  kind: 'router-solicitation',
  name: 'Router Solicitation',
  section: 'RFC 4861 §4.1',
  hopLimit: 255,
  layout: layout(noCode, checksumField, reserved(4), ndOptions),
});
