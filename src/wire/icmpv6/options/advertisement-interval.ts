import { reserved, u32 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { option } from '../../option-format.ts';

export const advertisementInterval = option({
  type: 7,
  kind: 'advertisement-interval',
  name: 'Advertisement Interval',
  section: 'RFC 6275 §7.3',
  layout: layout(reserved(2), u32('interval')), // milliseconds
});
