import { reserved, u8 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** IANA "Handoff Indicator Option type values". */
const HANDOFF_NAMES = {
  1: 'attachment over a new interface',
  2: 'handoff between two interfaces of the mobile node',
  3: 'handoff between mobile access gateways for the same interface',
  4: 'handoff state unknown',
  5: 'handoff state not changed (re-registration)',
  6: 'attachment over a new interface sharing prefixes', // RFC 7864
};

export const handoffIndicator = option({
  type: 23,
  kind: 'handoff-indicator',
  name: 'Handoff Indicator',
  section: 'RFC 5213 §8.4',
  layout: layout(reserved(1), u8('handoff', HANDOFF_NAMES)),
});
