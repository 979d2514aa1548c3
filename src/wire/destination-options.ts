/** The options of Destination Options and Hop-by-Hop Options headers (RFC 8200 §4.2) that have a meaning here. */
import { HOME_ADDRESS_OPTION } from './home-address-option.ts';
import { u8, u16 } from './layout/numbers.ts';
import { address } from './layout/octets.ts';
import { layout } from './layout/part.ts';
import { type OptionOf, option } from './option-format.ts';
import { OptionSet } from './option-set.ts';

const homeAddress = option({
  type: HOME_ADDRESS_OPTION,
  kind: 'home-address',
  name: 'Home Address',
  section: 'RFC 6275 §6.3',
  layout: layout(address('homeAddress')),
  alignment: [8, 6],
});

const tunnelEncapsulationLimit = option({
  type: 4,
  kind: 'tunnel-encapsulation-limit',
  name: 'Tunnel Encapsulation Limit',
  section: 'RFC 2473 §4.1.1',
  layout: layout(u8('limit')),
});

const routerAlert = option({
  type: 5,
  kind: 'router-alert',
  name: 'Router Alert',
  section: 'RFC 2711 §2.1',
  layout: layout(u16('value', { 0: 'Multicast Listener Discovery', 1: 'RSVP', 2: 'Active Networks' })),
  alignment: [2, 0],
});

const FORMATS = [tunnelEncapsulationLimit, routerAlert, homeAddress] as const;

export const destinationOptions = new OptionSet<OptionOf<(typeof FORMATS)[number]>>(
  { what: 'option', section: 'RFC 8200 §4.2', pads: true },
  FORMATS,
);
