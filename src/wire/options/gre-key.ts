import { reserved, u32 } from '../layout/numbers.ts';
import { orNothing } from '../layout/optional.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Asks for GRE between the gateway and the anchor; with the key that the peer is to put in its packets. */
export const greKey = option({
  type: 33,
  kind: 'gre-key',
  name: 'GRE Key',
  section: 'RFC 5845 §6.1',
  layout: layout(reserved(2), orNothing('key', u32('key'))),
  alignment: [4, 0],
});
