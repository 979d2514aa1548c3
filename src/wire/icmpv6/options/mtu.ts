import { reserved, u32 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { option } from '../../option-format.ts';

export const mtu = option({
  type: 5,
  kind: 'mtu',
  name: 'MTU',
  section: 'RFC 4861 §4.6.4',
  layout: layout(reserved(2), u32('mtu')),
});
