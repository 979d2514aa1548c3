/** The home network is renumbered while the router is away. */
import { describe, expect, test } from 'vitest';
import type { MobileRouterConfig } from '../../src/uci/types.ts';
import { emitIcmpv6Packet } from '../../src/wire/icmpv6/icmpv6-packet.ts';
import { address, prefix } from './network.ts';
import { Renumbered } from './renumbered.ts';

const OLD = '2001:db8:100::/64';
const NEW = '2001:db8:300::/64';
const BEFORE = '2001:db8:100::10';
const AFTER = '2001:db8:300::10';
const NETWORK = '2001:db8:101::/64';
const FOREVER = Number.POSITIVE_INFINITY;
const HOUR = 3600;
const ASSOCIATION = "\toption spi '256'\n\toption key '0x000102030405060708090a0b0c0d0e0f'\n";

const routerText = (renumbering: MobileRouterConfig['renumbering']) =>
  `config mobile_router 'van'\n\toption home_address '${BEFORE}'\n\toption home_agent '2001:db8:ffff::1'\n\tlist prefix '${NETWORK}'
\toption renumbering '${renumbering}'\n\toption probe 'saver'\n${ASSOCIATION}config uplink 'lte'\n\toption device 'lte'\n`;
const anchorText = (renumbering: '0' | '1') =>
  `config home_agent 'anchor'\n\toption address '2001:db8:ffff::1'\n\tlist home_prefix '${OLD}'\n\tlist home_prefix '${NEW}'
\toption probe 'saver'\nconfig peer 'van'\n\toption home_address '${BEFORE}'\n\tlist prefix '${NETWORK}'
\toption renumbering '${renumbering}'\n${ASSOCIATION}`;

async function network(
  renumbering: MobileRouterConfig['renumbering'] = 'adopt',
  authorised: '0' | '1' = '1',
): Promise<Renumbered> {
  const made = await Renumbered.of(routerText(renumbering), anchorText(authorised));
  // Only the old prefix is in use at first.
  made.homeLink([OLD, FOREVER, FOREVER], [NEW, 0, 0]);
  made.run(60);
  return made;
}

describe('[RFC 6275 §11.4.3] [RFC 6275 §8.5] a router that adopts the prefixes of its home network', () => {
  test('has the new home address, keeps the old one as long as it is valid, and moves its network to the new one', async () => {
    const net = await network();
    expect(net.homeAddresses).toEqual([`${BEFORE} registered ${NETWORK}`]);
    expect(net.bound).toEqual([`${BEFORE} ${NETWORK}`]);

    net.homeLink([OLD, 2 * HOUR, 4 * HOUR], [NEW, FOREVER, FOREVER]);
    net.restart();
    net.run(HOUR);
    expect(net.homeAddresses).toEqual([`${BEFORE} registered ${NETWORK}`, `${AFTER} registered`]);
    expect(net.bound).toEqual([`${BEFORE} ${NETWORK}`, AFTER]);
    net.run(1.5 * HOUR);
    expect(net.homeAddresses).toEqual([`${BEFORE} registered deprecated ${NETWORK}`, `${AFTER} registered`]);
    net.run(1.4 * HOUR);
    expect(net.bound).toEqual([`${BEFORE} ${NETWORK}`, AFTER]);
    net.run(0.2 * HOUR);
    expect(net.homeAddresses).toEqual([`${AFTER} registered ${NETWORK}`]);
    expect(net.bound).toEqual([`${AFTER} ${NETWORK}`]);
    expect(net.changes()).toEqual([`${AFTER} preferred`, `${BEFORE} deprecated`, `${BEFORE} ended`]);
    expect(net.router.events.map(({ text }) => text)).toContain(
      `van: home address ${BEFORE} is valid no longer: set option home_address '${AFTER}'`,
    );
    // What was learnt outlives the process.
    net.restart();
    net.run(60);
    expect(net.homeAddresses).toEqual([`${AFTER} registered ${NETWORK}`]);
  });

  test('is told by the home agent, and asks', async () => {
    const net = await network();
    net.homeLink([OLD, HOUR / 3, 3 * HOUR], [NEW, FOREVER, FOREVER]);
    net.run(5);
    expect(net.changes()).toEqual([]);
    net.run(HOUR / 2);
    expect(net.homeAddresses).toEqual([`${BEFORE} registered deprecated ${NETWORK}`, `${AFTER} registered`]);
  });

  test('keeps what it has while the home agent does not accept the new one', async () => {
    const net = await network('adopt', '0');
    net.homeLink([OLD, 1, 1], [NEW, FOREVER, FOREVER]);
    net.restart();
    net.run(3 * HOUR);
    expect(net.homeAddresses[0]).toBe(`${BEFORE} registered ${NETWORK}`);
    expect(net.homeAddresses[1]).toBe(AFTER);
    expect(net.changes()).toEqual([`${AFTER} preferred`]);
  });

  test.each(['report', 'follow'] as const)('does not do so by itself: %s', async renumbering => {
    const net = await network(renumbering);
    net.homeLink([OLD, HOUR / 3, 3 * HOUR], [NEW, FOREVER, FOREVER]);
    net.run(HOUR / 2);
    expect(net.homeAddresses).toEqual([`${BEFORE} registered ${NETWORK}`]);
    expect(net.bound).toEqual([`${BEFORE} ${NETWORK}`]);
  });
});

test('[RFC 4862 §5.5.3] what nobody has asked for, or a stranger says, gives and takes nothing', async () => {
  const net = await network();
  for (let identifier = 0; identifier < 3000; identifier++) {
    net.arrive(
      emitIcmpv6Packet({
        source: address('2001:db8:ffff::1'),
        destination: address('2001:db8:a::2'),
        routingHome: address(BEFORE),
        message: {
          kind: 'mobile-prefix-advertisement',
          identifier,
          managed: false,
          otherConfiguration: false,
          options: [
            {
              kind: 'prefix-information',
              prefixLength: 64,
              onLink: true,
              autonomous: true,
              routerAddress: false,
              validLifetime: 0,
              preferredLifetime: 0,
              prefix: prefix(OLD).address,
            },
          ],
        },
      }),
    );
  }
  net.run(3 * HOUR);
  expect(net.homeAddresses).toEqual([`${BEFORE} registered ${NETWORK}`]);
  expect(net.changes()).toEqual([]);
});
