import { reserved, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Asks for packets between two mobile nodes to be forwarded without the local mobility anchor. */
export const localizedRoutingInitiation = message({
  type: 17,
  kind: 'localized-routing-initiation',
  name: 'Localized Routing Initiation',
  section: 'RFC 6705 §10.1',
  layout: layout(
    u16('sequence'),
    reserved(2),
    u16('lifetime'), // seconds; 0 stops it, 65535 is for ever
  ),
});
