/** A mobile router with the home addresses that an earlier life has found. */
import { expect, test } from 'vitest';
import type { MobileRouter } from '../../../src/engine/mobile-router/mobile-router.ts';
import type { JsonObject } from '../../../src/engine/types.ts';
import { formatAddress, formatPrefix } from '../../../src/wire/address.ts';
import { host } from './roles-host.ts';

const text = (renumbering: string, name = 'van') =>
  `config mobile_router '${name}'\n\toption home_address '2001:db8:100::10'\n\toption home_agent '2001:db8:f::1'
\tlist prefix '2001:db8:101::/64'\n\toption renumbering '${renumbering}'\n\toption auth 'none'
config mobile_router 'vanguard'\n\toption home_address '2001:db8:500::10'\n\toption home_agent '2001:db8:f::1'\n\toption auth 'none'
config uplink 'lte'\n\toption device 'wwan0'\n`;

const entry = (address: string, number: number, state: string): JsonObject => ({
  address,
  number,
  state,
  preferredUntil: null,
  advertisedUntil: null,
  validUntil: null,
});
const records = (state: string) =>
  new Map([
    [
      'home-addresses/van',
      { addresses: [entry('2001:db8:100::10', 1, state), entry('2001:db8:300::10', 2, 'preferred')] },
    ],
  ]);
const described = ({ config, prefixes }: MobileRouter) =>
  [config.name, config.slot, formatAddress(config.homeAddress), ...prefixes.map(formatPrefix)].join(' ');

test('each home address is a mobile router behind the oldest one, which has the network, the slot and the name', async () => {
  const { roles } = await host(text('adopt'), records('deprecated'));
  expect(roles.mobileRouters.map(described)).toEqual([
    'van 0 2001:db8:100::10 2001:db8:101::/64',
    'van.2 8 2001:db8:300::10',
    'vanguard 1 2001:db8:500::10',
  ]);
  expect(roles.mobileRouters.map(({ config }) => config.deprecated === true)).toEqual([true, false, false]);
  expect(roles.routersNamed('van').map(({ config }) => config.name)).toEqual(['van', 'van.2']);
  expect(roles.routersNamed('van.2').map(({ config }) => config.name)).toEqual(['van.2']);
});

test('the next one has them when the oldest has ended', async () => {
  const { roles } = await host(text('adopt'), records('ended'));
  expect(roles.mobileRouters.map(described)).toEqual([
    'van.2 0 2001:db8:300::10 2001:db8:101::/64',
    'vanguard 1 2001:db8:500::10',
  ]);
});

test.each(['report', 'follow'])(
  'a configuration that says %s has its own home address only',
  async renumbering => {
    const { roles } = await host(text(renumbering), records('ended'));
    expect(roles.mobileRouters.map(({ config }) => formatAddress(config.homeAddress))).toEqual([
      '2001:db8:100::10',
      '2001:db8:500::10',
    ]);
  },
);
