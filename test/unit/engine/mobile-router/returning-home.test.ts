/** A mobile router on its home link, in every way of multiplecoa-00 §3.3 and §5.5 and of RFC 5648 §5.5-5.6. */
import { describe, expect, it } from 'vitest';
import { homeRegistrationOf } from '../../../../src/engine/mobile-router/route-optimization/home-registration.ts';
import type { Output } from '../../../../src/engine/types.ts';
import { routerForwarding } from '../../../../src/forwarding/router-forwarding.ts';
import type { MobileRouterConfig } from '../../../../src/uci/types.ts';
import { equalAddress, formatAddress, formatPrefix, UNSPECIFIED } from '../../../../src/wire/address.ts';
import { STATUS } from '../../../../src/wire/binding-status.ts';
import { emitIcmpv6Packet, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { address, HOME, prefix } from '../anchor.ts';
import { busiestSecond, Router, summary, type Update } from '../router.ts';

const AGENT = address('2001:db8:100::ff');
const HOME_PREFIX = prefix('2001:db8:100::/64');
const ON_HOME_LINK = address('2001:db8:100::abc');
const AGENT_MAC = Uint8Array.of(2, 0, 0, 0, 0, 0xff);

/** lte and wifi registered from foreign links. */
function away(config: Partial<MobileRouterConfig> = {}): Router {
  const router = new Router({ homeAgents: [AGENT], homePrefix: HOME_PREFIX, ...config }).start();
  router.forgetUpdates();
  router.others.length = 0;
  router.events.length = 0;
  return router;
}

function enterHome(router: Router, uplink: 'lte' | 'wifi'): void {
  router.status[uplink] = {
    up: true,
    careOfAddress: ON_HOME_LINK,
    gateway: AGENT,
    onLinkPrefixes: [HOME_PREFIX],
  };
  router.announce();
}

/** The home agent's answer to the question for the address that it defends. */
function proxyAdvertisement(router: Router, device: string, target = HOME): Output[] {
  const packet = emitIcmpv6Packet({
    source: AGENT,
    destination: address('ff02::1'),
    message: {
      kind: 'neighbor-advertisement',
      router: true,
      solicited: false,
      override: false,
      target,
      options: [{ kind: 'target-link-layer-address', address: AGENT_MAC }],
    },
  });
  return router.input({
    kind: 'packet',
    packet: {
      source: AGENT,
      destination: address('ff02::1'),
      nextHeader: 58,
      bytes: packet.subarray(40),
      device,
      hopLimit: 255,
    },
  });
}

function said(router: Router) {
  return router.others.flatMap(({ packet, device, at }) => {
    const parsed = parseIcmpv6Packet(packet);
    return parsed.ok ? [{ ...parsed.value, device, at }] : [];
  });
}

/** What the forwarding state of the moment makes of the home link and the tunnels. */
function kernel(router: Router) {
  const state = routerForwarding(router.router.view());
  const active = state.routes.find(
    route => route.table === 7100 && route.kind === 'unicast' && route.destination.length === 0,
  );
  return {
    tunnels: state.tunnels.map(({ name }) => name),
    homeAddressOn: state.addresses.map(({ device = 'lo', tested }) => (tested ? `${device} tested` : device)),
    way: active?.device,
    neighbors: (state.neighbors ?? []).map(({ device, neighbor }) => `${formatAddress(neighbor)} ${device}`),
  };
}

const identifiers = (update: Update) =>
  update.message.options.flatMap(option =>
    option.kind === 'binding-identifier'
      ? [{ bid: option.bid, home: option.home, careOfAddress: formatAddress(option.careOfAddress!) }]
      : [],
  );

function atHome(uplink: 'lte' | 'wifi' = 'wifi', config: Partial<MobileRouterConfig> = {}): Router {
  const router = away(config);
  enterHome(router, uplink);
  proxyAdvertisement(router, `${uplink}0`);
  router.wait(5000);
  return router;
}

describe('returning home with one interface', () => {
  it('[RFC 6275 §11.5.5] asks, from the unspecified address, who has the home address', () => {
    const router = away();
    enterHome(router, 'wifi');
    const [question, ...more] = said(router);
    expect(more).toEqual([]);
    expect(question).toMatchObject({
      hopLimit: 255,
      device: 'wifi0',
      message: { kind: 'neighbor-solicitation', target: HOME, options: [] },
    });
    expect(question!.source).toEqual(UNSPECIFIED);
    expect(formatAddress(question!.destination)).toBe('ff02::1:ff00:1');
    expect(router.updates).toEqual([]);
    expect(kernel(router)).toMatchObject({ homeAddressOn: ['lo'], way: 'kdg-lte' });
  });

  it.each([
    ['a host', []],
    ['a router', undefined],
  ] as const)('[RFC 6275 §11.5.5] %s asks in these octets', (_, prefixes) => {
    const router = away(prefixes && { prefixes });
    enterHome(router, 'wifi');
    const hex = [...router.others[0]!.packet].map(octet => octet.toString(16).padStart(2, '0')).join('');
    expect(hex).toBe(
      // From :: to the solicited-node group of 2001:db8:100::1, hop limit 255, without an option.
      `6000000000183aff${'00'.repeat(16)}ff0200000000000000000001ff000001` +
        '87004bed0000000020010db8010000000000000000000001',
    );
  });

  it('[RFC 6275 §11.5.5] [RFC 3963 §5.8] [multiplecoa-00 §5.5] then de-registers all over the home link', () => {
    const router = away();
    enterHome(router, 'wifi');
    const outputs = proxyAdvertisement(router, 'wifi0');
    expect(outputs.map(({ kind }) => kind).filter(kind => kind !== 'record')).toEqual(['forwarding', 'send']);
    const [update, ...more] = router.updates;
    expect(more).toEqual([]);
    expect(update).toMatchObject({
      source: HOME,
      destination: AGENT,
      device: 'wifi0',
      message: { acknowledge: true, homeRegistration: true, mobileRouter: true, lifetime: 0 },
    });
    expect(update!.homeAddress).toBeUndefined();
    expect(update!.message.options.map(({ kind }) => kind)).toEqual(['message-id', 'authentication']);
    // From here on the home agent may ask for us; the traffic stays where it was.
    expect(kernel(router)).toEqual({
      tunnels: ['kdg-lte'],
      homeAddressOn: ['lo', 'wifi0'],
      way: 'kdg-lte',
      neighbors: ['2001:db8:100::ff wifi0'],
    });
  });

  it('[RFC 6275 §11.5.5] de-registers after a second too when nobody answers', () => {
    const router = away();
    enterHome(router, 'wifi');
    router.wait(999);
    expect(router.updates).toEqual([]);
    router.wait(1);
    expect(router.updates).toHaveLength(1);
    expect(kernel(router).neighbors).toEqual([]);
  });

  it('[multiplecoa-00 §3.3] [RFC 5648 §5.5.1] holds no binding afterwards, and packets take the home link', () => {
    const router = atHome();
    expect(router.updates.map(summary)).toEqual(['0']);
    expect(router.registered).toEqual([]);
    expect(router.active).toBe('wifi');
    expect(kernel(router)).toEqual({
      tunnels: [],
      homeAddressOn: ['lo', 'wifi0'],
      way: 'wifi0',
      neighbors: [],
    });
    expect(router.router.entries.map(({ state }) => state)).toEqual(['reserve', 'at-home']);
    router.wait(3_600_000);
    expect(router.updates).toHaveLength(1);
    expect(router.events.map(({ name }) => name)).toEqual(['uplink-home', 'returned-home', 'active-uplink']);
  });

  it.each([
    ['direct', ['2001:db8:a::2']],
    ['return', []],
  ] as const)(
    '[RFC 5648 §5.5.1] [multiplecoa-00 §5.5] with %s correspondents may have %j',
    (mode, expected) => {
      const router = atHome('wifi', { atHome: mode });
      expect(router.registered).toEqual([]);
      const bound = () => {
        const { paths, active } = homeRegistrationOf(router.router);
        expect(active).toBeUndefined();
        return paths.map(({ careOfAddress }) => formatAddress(careOfAddress));
      };
      expect(bound()).toEqual(expected);
      router.status.lte.up = false;
      router.announce();
      expect(bound()).toEqual([]);
    },
  );

  it('[RFC 6275 §11.5.5] advertises its link-layer address three times, a second apart', () => {
    const router = atHome();
    const [question, ...advertisements] = said(router);
    expect(question!.message.kind).toBe('neighbor-solicitation');
    expect(advertisements).toHaveLength(3);
    for (const { message, source, destination, device } of advertisements) {
      expect({ device, source: formatAddress(source), to: formatAddress(destination) }).toEqual({
        device: 'wifi0',
        source: formatAddress(HOME),
        to: 'ff02::1',
      });
      expect(message).toMatchObject({
        kind: 'neighbor-advertisement',
        target: HOME,
        solicited: false,
        override: true,
        options: [{ kind: 'target-link-layer-address', address: Uint8Array.of(2, 0, 0, 0, 0, 2) }],
      });
    }
    const times = advertisements.map(({ at }) => at);
    expect([times[1]! - times[0]!, times[2]! - times[1]!]).toEqual([1000, 1000]);
  });

  it('[RFC 6275 §11.5.5] advertises nothing before the acknowledgement', () => {
    const router = away();
    router.responder = () => undefined;
    enterHome(router, 'wifi');
    proxyAdvertisement(router, 'wifi0');
    router.wait(60_000);
    expect(said(router).filter(({ message }) => message.kind === 'neighbor-advertisement')).toEqual([]);
  });

  it('[RFC 6275 §11.5.5] tests the home address for duplicates, and tells nobody, when all bindings have ended', () => {
    const router = away();
    router.responder = () => undefined;
    router.set('lte', false);
    router.set('wifi', false);
    router.wait(700_000);
    expect(router.router.entries.some(entry => entry.maybeBound)).toBe(false);
    router.forgetUpdates();
    enterHome(router, 'wifi');
    router.wait(10_000);
    expect(router.updates).toEqual([]);
    expect(said(router)).toEqual([]);
    expect(kernel(router)).toMatchObject({ homeAddressOn: ['lo', 'wifi0 tested'], way: 'wifi0' });
  });

  it('repeats itself within the rate of RFC 6275 §11.8, and cares for the bindings again after a while', () => {
    const router = away();
    router.responder = update => (equalAddress(update.source, HOME) ? undefined : {});
    enterHome(router, 'wifi');
    router.wait(1_200_000);
    const home = router.updates.filter(({ source }) => equalAddress(source, HOME));
    expect(home.length).toBeGreaterThan(20);
    expect(busiestSecond(router.updates)).toBeLessThanOrEqual(3);
    expect(router.registered).toEqual(['lte']);
    expect(kernel(router).way).toBe('kdg-lte');
  });

  it('a refusal changes nothing but the log', () => {
    const router = away();
    router.responder = update =>
      equalAddress(update.source, HOME) ? { status: STATUS.administrativelyProhibited } : {};
    enterHome(router, 'wifi');
    router.wait(120_000);
    expect(router.active).toBe('lte');
    expect(router.events.some(({ name }) => name === 'return-refused')).toBe(true);
    expect(router.updates.filter(({ source }) => equalAddress(source, HOME)).length).toBeLessThan(7);
  });

  it('"not home agent for this node" is as good as an acceptance', () => {
    const router = away();
    router.responder = () => ({ status: STATUS.notHomeAgent });
    enterHome(router, 'wifi');
    router.wait(3000);
    expect(router.active).toBe('wifi');
    expect(kernel(router).way).toBe('wifi0');
  });

  it('corrects its clock and its sequence number on the way', () => {
    for (const status of [STATUS.idMismatch, STATUS.sequenceOutOfWindow]) {
      const router = away();
      let first = true;
      router.responder = update => {
        const wrong = first;
        first = false;
        if (!wrong) return {};
        return status === STATUS.idMismatch
          ? { status, clock: 500 }
          : { status, sequence: update.message.sequence + 77 };
      };
      enterHome(router, 'wifi');
      router.wait(3000);
      expect(router.updates).toHaveLength(2);
      expect(router.active).toBe('wifi');
      expect(router.router.home.stage).toBe('home');
    }
  });

  it('does not believe an acknowledgement that is not signed, nor one for a care-of address', () => {
    const router = away();
    router.responder = update => (equalAddress(update.source, HOME) ? { auth: undefined } : {});
    enterHome(router, 'wifi');
    router.wait(3000);
    expect(router.router.home.stage).toBe('telling');
    expect(router.router.counters.toJson()['acknowledgement-unsigned']).toBeGreaterThan(1);
  });

  it('an advertisement of another address, or on another link, is not the answer', () => {
    const router = away();
    enterHome(router, 'wifi');
    proxyAdvertisement(router, 'wifi0', AGENT);
    proxyAdvertisement(router, 'lte0');
    expect(router.updates).toEqual([]);
  });

  it('stays at home across a restart of the process, without a word', () => {
    const router = atHome();
    router.forgetUpdates();
    router.others.length = 0;
    router.restart();
    router.wait(5000);
    expect(router.updates).toEqual([]);
    expect(said(router)).toEqual([]);
    expect(kernel(router)).toEqual({
      tunnels: [],
      homeAddressOn: ['lo', 'wifi0'],
      way: 'wifi0',
      neighbors: [],
    });
  });

  it('[RFC 6275 §11.5.2] starts at home: whatever an earlier life has left at the home agent is removed', () => {
    const router = new Router({ homeAgents: [AGENT], homePrefix: HOME_PREFIX });
    router.status.lte.up = false;
    enterHome(router, 'wifi');
    router.wait(5000);
    expect(router.updates.map(summary)).toEqual(['0']);
    expect(router.active).toBe('wifi');
  });

  it('[RFC 6275 §11.5.2] is not at home for another prefix, a longer one, or without carrier', () => {
    for (const onLink of ['2001:db8:101::/64', '2001:db8:100::/65', '2001:db8:100::/48']) {
      const router = away();
      enterHome(router, 'wifi');
      router.status.wifi = { ...router.status.wifi, onLinkPrefixes: [prefix(onLink)] };
      const other = away();
      other.status.wifi = router.status.wifi;
      other.announce();
      other.wait(2000);
      expect(other.router.home.stage).toBe('away');
      expect(other.updates.map(summary)).toEqual([`600 2=${formatAddress(ON_HOME_LINK)}`]);
    }
    const down = away();
    enterHome(down, 'wifi');
    down.set('wifi', false);
    expect(down.router.home.stage).toBe('away');
  });
});

it('[RFC 6275 §11.5.5] advertises its link-local address on the home link as well', () => {
  const router = away();
  const linkLocalAddress = address('fe80::2');
  router.status.wifi = {
    up: true,
    careOfAddress: ON_HOME_LINK,
    gateway: AGENT,
    onLinkPrefixes: [HOME_PREFIX],
    linkLocalAddress,
  };
  router.announce();
  proxyAdvertisement(router, 'wifi0');
  router.wait(5000);
  const targets = said(router).flatMap(({ message, source }) =>
    message.kind === 'neighbor-advertisement' && equalAddress(source, message.target)
      ? [formatAddress(message.target)]
      : [],
  );
  expect(targets).toEqual(
    Array(3)
      .fill([formatAddress(HOME), 'fe80::2'])
      .flat(),
  );
});

describe('several interfaces at home (figure 6)', () => {
  it('[multiplecoa-00 §3.3] the one with the lowest priority value stands for the node', () => {
    const router = away();
    enterHome(router, 'lte');
    enterHome(router, 'wifi');
    router.wait(5000);
    expect(router.active).toBe('lte');
    expect(kernel(router).homeAddressOn).toEqual(['lo', 'lte0']);
    expect(router.router.entries.map(({ state }) => state)).toEqual(['at-home', 'home-unused']);
  });

  it('when it goes the other one takes over, and the neighbours hear of it', () => {
    const router = away();
    enterHome(router, 'lte');
    enterHome(router, 'wifi');
    router.wait(5000);
    router.forgetUpdates();
    router.others.length = 0;
    router.set('lte', false);
    expect(kernel(router)).toMatchObject({ homeAddressOn: ['lo', 'wifi0'], way: 'wifi0' });
    expect(said(router)).toMatchObject([{ device: 'wifi0', message: { target: HOME, override: true } }]);
    expect(router.updates).toEqual([]);
  });
});

describe('leaving home', () => {
  it('[RFC 6275 §11.5.5] registers the others at once, as from nothing', () => {
    const router = atHome();
    router.forgetUpdates();
    router.set('wifi', false);
    expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::2']);
    expect(kernel(router)).toMatchObject({ homeAddressOn: ['lo'] });
    router.wait(1000);
    expect(router.active).toBe('lte');
    expect(kernel(router)).toMatchObject({ tunnels: ['kdg-lte'], way: 'kdg-lte' });
  });

  it('the same interface elsewhere: its new care-of address is registered', () => {
    const router = atHome('wifi');
    router.forgetUpdates();
    router.status.wifi = { up: true, careOfAddress: address('2001:db8:c::9') };
    router.announce();
    expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::2', '600 2=2001:db8:c::9']);
    router.wait(1000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('before the acknowledgement came: the O flag replaces what the home agent may hold', () => {
    const router = away();
    router.responder = update => (equalAddress(update.source, HOME) ? undefined : {});
    enterHome(router, 'wifi');
    router.wait(1500);
    router.forgetUpdates();
    router.set('wifi', false);
    router.wait(2000);
    expect(router.updates[0] && summary(router.updates[0])).toBe('600 O 1=2001:db8:a::2');
    expect(router.registered).toEqual(['lte']);
  });

  it('to and fro for an hour never sends more than RFC 6275 §11.8 allows', () => {
    const router = away();
    for (let i = 0; i < 3600; i++) {
      if (i % 2 === 0) enterHome(router, 'wifi');
      else {
        router.status.wifi = { up: true, careOfAddress: address('2001:db8:c::9') };
        router.announce();
      }
      router.wait(1000);
    }
    expect(busiestSecond(router.updates.filter(({ source }) => equalAddress(source, HOME)))).toBeLessThan(4);
    router.wait(10_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });
});

describe('staying away (figure 5)', () => {
  it('[multiplecoa-00 §3.3] [multiplecoa-00 §5.5] [RFC 5648 §5.5.2] de-registers the one interface over a foreign link', () => {
    const router = away({ atHome: 'stay-away' });
    enterHome(router, 'wifi');
    router.wait(5000);
    expect(router.updates.map(summary)).toEqual(['0 2=2001:db8:b::2']);
    expect(router.updates[0]).toMatchObject({ device: 'lte0', homeAddress: HOME });
    expect(formatAddress(router.updates[0]!.source)).toBe('2001:db8:a::2');
    expect(router.registered).toEqual(['lte']);
    expect(router.router.entries.map(({ state }) => state)).toEqual(['registered', 'home-unused']);
    expect(kernel(router)).toEqual({
      tunnels: ['kdg-lte'],
      homeAddressOn: ['lo'],
      way: 'kdg-lte',
      neighbors: [],
    });
    expect(said(router)).toEqual([]);
  });
});

describe('home and foreign at once (figure 3 of RFC 5648)', () => {
  const both = (status = 0, config: Partial<MobileRouterConfig> = {}): Router => {
    const router = away({ atHome: 'both', ...config });
    router.responder = update => ({
      bidStatus: bid => (identifiers(update).find(found => found.bid === bid)?.home ? status : 0),
    });
    enterHome(router, 'wifi');
    return router;
  };

  it('[RFC 5648 §5.6.3] registers the home address with the H flag, a lifetime and the link-layer address', () => {
    const router = both();
    const [update] = router.updates;
    expect(router.updates).toHaveLength(1);
    expect(update!.message.lifetime).toBe(600);
    expect(identifiers(update!)).toEqual([{ bid: 2, home: true, careOfAddress: formatAddress(HOME) }]);
    expect(findOption(update!.message.options, 'mh-link-layer-address')).toMatchObject({
      code: 2,
      address: Uint8Array.of(2, 0, 0, 0, 0, 2),
    });
    expect(update).toMatchObject({ source: HOME, device: 'wifi0' });
    expect(update!.homeAddress).toBeUndefined();
  });

  it('[RFC 5648 §5.6.3] does not answer for the home address before the acknowledgement, and after it with status 0', () => {
    const router = both();
    expect(kernel(router).homeAddressOn).toEqual(['lo']);
    router.wait(1000);
    expect(kernel(router)).toMatchObject({ homeAddressOn: ['lo', 'wifi0'], tunnels: ['kdg-lte'] });
    expect(router.router.view().active).toBe('lte');
    router.wait(5000);
    expect(said(router).map(({ message, device }) => [message.kind, device])).toEqual(
      Array(3).fill(['neighbor-advertisement', 'wifi0']),
    );
  });

  it('[RFC 5648 §5.6.3] [RFC 5648 §5.6.4] with status 5 it never answers for it', () => {
    const router = both(STATUS.returnHomeWithoutNeighborDiscovery);
    router.wait(1000);
    expect(router.router.entries[1]!.binding?.status).toBe(5);
    expect(kernel(router).homeAddressOn).toEqual(['lo']);
    expect(said(router)).toEqual([]);
    router.input({ kind: 'prefer', uplink: 'wifi' });
    router.wait(1000);
    expect(kernel(router)).toMatchObject({ way: 'wifi0', tunnels: ['kdg-lte'] });
  });

  it('[RFC 5648 §5.6.3] every registration carries it, also in a refresh; no tunnel and no probe goes there', () => {
    const router = both(STATUS.returnHomeWithoutNeighborDiscovery);
    router.wait(3_600_000);
    expect(router.updates.length).toBeGreaterThan(7);
    for (const update of router.updates) {
      expect(identifiers(update).filter(({ home }) => home)).toHaveLength(1);
    }
    expect(router.registered).toEqual(['lte']);
    expect(router.router.entries[1]!.binding).toBeDefined();
    expect(router.others).toEqual([]);
    router.set('lte', false);
    const { probes } = router;
    router.wait(600_000);
    expect(router.probes).toBe(probes);
    expect(router.router.entries[1]!.binding).toBeDefined();
  });

  it('[RFC 5648 §5.6.3] one at a time: with two uplinks at home it moves when the first one goes', () => {
    const router = both();
    enterHome(router, 'lte');
    router.wait(2000);
    expect(router.router.entries.map(({ place }) => place)).toEqual(['unused', 'home']);
    router.forgetUpdates();
    router.set('wifi', false);
    router.wait(1000);
    const homes = router.updates.flatMap(identifiers).filter(({ home }) => home);
    expect(homes.map(({ bid }) => bid)).toEqual([1]);
    expect(router.router.entries[0]!.binding).toBeDefined();
  });

  it('[RFC 5648 §5.6.5] leaving: at once a registration without the H flag', () => {
    const router = both();
    router.wait(5000);
    router.forgetUpdates();
    router.set('wifi', false);
    expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::2']);
    expect(identifiers(router.updates[0]!)).toMatchObject([{ bid: 1, home: false }]);
    expect(kernel(router)).toMatchObject({ homeAddressOn: ['lo'], way: 'kdg-lte' });
  });

  it('[RFC 5648 §5.7] [RFC 5648 §6.3] status 169: returns home altogether', () => {
    const router = both(STATUS.simultaneousHomeProhibited);
    router.wait(5000);
    expect(router.updates.map(summary)).toEqual([`600 2=${formatAddress(HOME)}`, '0']);
    expect(router.active).toBe('wifi');
    expect(kernel(router)).toMatchObject({ tunnels: [], way: 'wifi0' });
    expect(router.events.some(({ name }) => name === 'extension-unsupported')).toBe(true);
  });

  it('[RFC 5648 §6.3] an answer without identifiers: only the interface at home is used any more', () => {
    const router = away({ atHome: 'both' });
    router.responder = update =>
      identifiers(update).some(({ home }) => home) ? { bidStatus: undefined } : {};
    enterHome(router, 'wifi');
    router.wait(5000);
    expect(router.router.entries.map(({ binding }) => binding)).toEqual([undefined, undefined]);
    expect(router.updates.map(summary)).toEqual([`600 2=${formatAddress(HOME)}`]);
    expect(router.active).toBe('wifi');
    expect(kernel(router)).toMatchObject({
      tunnels: [],
      homeAddressOn: ['lo', 'wifi0 tested'],
      way: 'wifi0',
    });
  });

  it('with bulk registration both are in one message', () => {
    const router = both(0, { registration: 'bulk' });
    router.wait(450_000);
    const last = router.updates.at(-1)!;
    expect(identifiers(last).map(({ bid, home }) => [bid, home])).toEqual([
      [1, false],
      [2, true],
    ]);
  });
});

describe('forwarding at home', () => {
  it('[RFC 3963 §5.8] sends what the home address and the mobile network say by the link, and the rest to the router there', () => {
    const router = atHome();
    const { routes, rules } = routerForwarding(router.router.view());
    const shown = routes
      .filter(({ table, kind }) => table === 7100 && kind === 'unicast')
      .map(({ destination, device, gateway }) => [
        formatPrefix(destination),
        device,
        gateway && formatAddress(gateway),
      ]);
    expect(shown).toEqual([
      ['2001:db8:100::/64', 'wifi0', undefined],
      ['::/0', 'wifi0', '2001:db8:100::ff'],
    ]);
    const from = rules.filter(({ table }) => table === 7100).map(rule => formatPrefix(rule.from!));
    expect(from).toEqual(['2001:db8:100::1/128', '2001:db8:100:1::/64']);
  });

  it('without a default route there, the home agent is the next hop', () => {
    const router = away();
    router.status.wifi = {
      up: true,
      careOfAddress: ON_HOME_LINK,
      gateway: undefined,
      onLinkPrefixes: [HOME_PREFIX],
    };
    router.announce();
    router.wait(3000);
    expect(router.router.view().home?.path.gateway).toEqual(AGENT);
  });
});
