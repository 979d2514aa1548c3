import { u16, u48 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The time of day, by which Proxy Binding Updates are ordered. */
export const timestamp = option({
  type: 27,
  kind: 'timestamp',
  name: 'Timestamp',
  section: 'RFC 5213 §8.8',
  layout: layout(
    u48('seconds'), // since 1970-01-01 UTC
    u16('fraction'), // in units of 2^-16 s
  ),
  alignment: [8, 2],
});
