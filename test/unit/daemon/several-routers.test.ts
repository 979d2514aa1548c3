/** Several mobile routers in one daemon. */
import { describe, expect, it } from 'vitest';
import { loadParts } from '../../../src/daemon/parts.ts';
import { Roles } from '../../../src/daemon/roles.ts';
import { createHmac } from '../../../src/engine/hmac.ts';
import type { JsonObject, Output, UplinkStatus } from '../../../src/engine/types.ts';
import { mergeFilters } from '../../../src/forwarding/state.ts';
import { loadConfig } from '../../../src/uci/config.ts';
import { formatAddress, formatPrefix, parseAddress } from '../../../src/wire/address.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../src/wire/mobility-packet.ts';

const address = (text: string) => parseAddress(text)!;
const now = { monotonic: 1000, wall: 1_700_000_000_000 };

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

const LTE: UplinkStatus = {
  name: 'lte',
  ifindex: 3,
  carrier: true,
  careOfAddress: address('2001:db8:a::2'),
  gateway: address('fe80::1'),
  mtu: 1500,
};

async function host(text: string, records: ReadonlyMap<string, JsonObject> = new Map()) {
  const { config, faults } = loadConfig({ file: 'kedge', text }, () => undefined);
  expect(faults).toEqual([]);
  const octets = (length: number) => new Uint8Array(length);
  const roles = new Roles(config!, await loadParts(config!), now, records, createHmac, octets);
  const saved = new Map(records);
  const note = (outputs: Output[]): Output[] => {
    for (const output of outputs) {
      if (output.kind !== 'record') continue;
      if (output.value === undefined) saved.delete(output.key);
      else saved.set(output.key, output.value);
    }
    return outputs;
  };
  /** Answers every Binding Update, once, with the status for its home address. */
  const register = (statuses: Readonly<Record<string, number>> = {}) => {
    const sent = note(roles.handle({ kind: 'uplinks', uplinks: [LTE] }, now));
    return sent.flatMap(output => {
      if (output.kind !== 'send') return [];
      const parsed = parseMobilityPacket(output.packet);
      if (!parsed.ok || parsed.value.message.kind !== 'binding-update') return [];
      const { message, homeAddress, source, destination } = parsed.value;
      const answer = emitMobilityPacket({
        source: destination,
        destination: source,
        routingHome: homeAddress!,
        message: {
          kind: 'binding-acknowledgement',
          status: statuses[formatAddress(homeAddress!)] ?? 0,
          keyManagement: false,
          mobileRouter: true,
          sequence: message.sequence,
          lifetime: message.lifetime,
          options: message.options.filter(({ kind }) => kind === 'binding-identifier'),
        } as never,
      });
      const packet = {
        source: destination,
        destination: source,
        nextHeader: answer[6]!,
        bytes: answer.slice(40),
        device: 'wwan0',
        hopLimit: 64,
      };
      return note(roles.handle({ kind: 'packet', packet }, now));
    });
  };
  return { roles, register, saved };
}

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
