/** Several mobile routers in one daemon. */
import { describe, expect, it } from 'vitest';
import type { Roles } from '../../../src/daemon/roles.ts';
import { mergeFilters } from '../../../src/forwarding/state.ts';
import { formatAddress, formatPrefix } from '../../../src/wire/address.ts';
import { host, LTE, now } from './roles-host.ts';

const routers = (second: string) => `
config mobile_router 'van'
	option home_address '2001:db8:1::1'
	option home_agent '2001:db8:f::1'
	list prefix '2001:db8:1::/48'
	option auth 'none'
config mobile_router 'bus'
	option home_address '2001:db8:2::1'
	option home_agent '${second}'
	list prefix '2001:db8:2::/48'
	option auth 'none'
config uplink 'lte'
	option device 'wwan0'
`;

const counters = (roles: Roles) => roles.mobileRouters.map(router => router.counters.toJson());

describe('two home addresses on one host', () => {
  it('[RFC 6275 §6.4] are told apart by the type 2 routing header: nobody counts the answer to another one', async () => {
    const { roles, register } = await host(routers('2001:db8:f::1'));
    const events = register().flatMap(output => (output.kind === 'event' ? [output.event] : []));
    expect(counters(roles)).toEqual([{}, {}]);
    const texts = events.filter(({ name }) => name === 'binding-registered').map(({ text }) => text);
    expect(texts).toEqual(['van: lte is registered for 600 s', 'bus: lte is registered for 600 s']);
    expect(events.map(({ data }) => data.router)).toContain('bus');
  });

  it('[RFC 6275 §11.7.1] one that is refused as a duplicate leaves the other one as it is', async () => {
    const { roles, register } = await host(routers('2001:db8:f::1'));
    const DUPLICATE_ADDRESS = 134;
    register({ '2001:db8:1::1': DUPLICATE_ADDRESS });
    const { mobileRouter, otherMobileRouters } = roles.reports(now.monotonic);
    const states = [mobileRouter!, ...otherMobileRouters].map(({ uplinks }) => uplinks[0]!.state);
    expect(states).toEqual(['refused', 'registered']);
    const tunnels = [...roles.forwarding().values()].flatMap(part => part.tunnels);
    expect(tunnels.map(({ name }) => name)).toEqual(['kdg-lte.2']);
  });

  it('share a tunnel to the same home agent, and nothing else', async () => {
    const { roles, register } = await host(routers('2001:db8:f::1'));
    register();
    const parts = [...roles.forwarding().values()];
    expect(parts.flatMap(({ tunnels }) => tunnels.map(({ name }) => name))).toEqual(['kdg-lte']);
    const tables = parts.map(({ routes }) =>
      routes.filter(({ device }) => device === 'kdg-lte').map(({ table }) => table),
    );
    expect(tables).toEqual([[7100], [107_100]]);
    const own = parts.map(({ routes }) => new Set(routes.map(({ table }) => table)));
    expect([...own[0]!].filter(table => own[1]!.has(table))).toEqual([254]);
    const filter = mergeFilters(parts.flatMap(part => part.filter ?? []))!;
    expect(filter.entrants!.prefixes.map(formatPrefix)).toEqual(['2001:db8:1::/48', '2001:db8:2::/48']);
    expect(filter.ownAddresses.map(formatAddress)).toEqual(['2001:db8:1::1', '2001:db8:2::1']);
    const { mobileRouter, otherMobileRouters } = roles.reports(now.monotonic);
    expect([mobileRouter!, ...otherMobileRouters].map(({ uplinks }) => uplinks[0]!.tunnel)).toEqual([
      'kdg-lte',
      'kdg-lte',
    ]);
  });

  it('have tunnels of their own to different home agents', async () => {
    const { roles, register } = await host(routers('2001:db8:f::2'));
    register();
    const tunnels = [...roles.forwarding().values()].flatMap(part => part.tunnels);
    expect(tunnels.map(({ name, remote }) => `${name} ${formatAddress(remote)}`)).toEqual([
      'kdg-lte 2001:db8:f::1',
      'kdg-lte.2 2001:db8:f::2',
    ]);
  });

  it('are remembered apart: after a restart each goes on with its own binding', async () => {
    const text = routers('2001:db8:f::2');
    const before = await host(text);
    before.register();
    expect([...before.saved.keys()].filter(key => key.endsWith('/uplink/lte'))).toEqual([
      'mobile-router/van/uplink/lte',
      'mobile-router/bus/uplink/lte',
    ]);
    const after = await host(text, before.saved);
    after.roles.handle({ kind: 'uplinks', uplinks: [LTE] }, now);
    expect(after.roles.mobileRouters.map(({ active }) => active.entry?.uplink.name)).toEqual(['lte', 'lte']);
  });
});
