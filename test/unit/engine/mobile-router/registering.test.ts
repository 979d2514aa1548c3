import { describe, expect, it } from 'vitest';
import { isNewerSequence } from '../../../../src/engine/sequence.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { AUTH, address, CARE_OF, HOME, HOME_AGENT } from '../anchor.ts';
import { Router, summary, type Update } from '../router.ts';

const kinds = (update: Update) => update.message.options.map(option => option.kind);

describe('Binding Updates of a mobile router', () => {
  it('[RFC 5648 §5.9] carry the O flag until the first acceptance, and not afterwards', () => {
    const router = new Router().start();
    expect(router.updates.map(summary)).toEqual(['600 O 1=2001:db8:a::2', '600 2=2001:db8:b::2']);
    expect(router.registered).toEqual(['lte', 'wifi']);
    router.forgetUpdates();
    router.wait(600_000);
    expect(router.updates.length).toBeGreaterThan(1);
    expect(router.updates.every(update => update.message.bulkOrOverwrite !== true)).toBe(true);
  });

  it('[RFC 6275 §11.7.1] leave by the uplink they are about, with its care-of address and A, H and R', () => {
    const router = new Router().start();
    expect(router.updates.map(({ device }) => device)).toEqual(['lte0', 'wifi0']);
    expect(router.updates[0]).toMatchObject({
      homeAddress: HOME,
      destination: HOME_AGENT,
      message: { acknowledge: true, homeRegistration: true, mobileRouter: true },
    });
  });

  it('[RFC 3963 §5.2] carry the prefixes in explicit mode only', () => {
    expect(kinds(new Router().start().updates[0]!)).toContain('mobile-network-prefix');
    expect(kinds(new Router({ mode: 'implicit' }).start().updates[0]!)).not.toContain(
      'mobile-network-prefix',
    );
  });

  it('a mobile host sets no R flag and accepts an answer without it', () => {
    const router = new Router({ prefixes: [] }).start();
    expect(router.updates[0]!.message.mobileRouter).toBe(false);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 4283 §3] name the identifier', () => {
    const option = findOption(
      new Router({ identifier: 'a@b' }).start().updates[0]!.message.options,
      'mn-identifier',
    );
    expect(option).toMatchObject({ subtype: 1, identifier: Uint8Array.of(97, 64, 98) });
  });

  it('[RFC 6275 §11.7.1] number themselves upwards, one by one, across a restart too', () => {
    const router = new Router().start();
    router.wait(1_000_000);
    router.restart();
    router.wait(1_000_000);
    const numbers = router.updates.map(({ message }) => message.sequence);
    expect(numbers.length).toBeGreaterThan(8);
    for (const [i, number] of numbers.entries())
      if (i > 0) expect(number).toBe((numbers[i - 1]! + 1) & 0xffff);
  });

  it('[RFC 6275 §11.7.3] are refreshed before the binding ends', () => {
    const router = new Router().start();
    for (let i = 0; i < 50; i++) {
      router.wait(100_000);
      expect(router.registered).toEqual(['lte', 'wifi']);
    }
    expect(router.updates.length).toBeLessThan(40);
  });

  it('[RFC 6275 §11.7.3] are refreshed in time under 30 % loss each way', () => {
    const router = new Router();
    let state = 1;
    router.responder = () => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647 < 0.51 ? undefined : {};
    };
    router.start();
    router.wait(60_000);
    for (let i = 0; i < 500; i++) {
      router.wait(50_000);
      expect(router.registered).toEqual(['lte', 'wifi']);
    }
  });

  it('[RFC 6275 §11.7.3] a granted lifetime shorter than asked counts', () => {
    const router = new Router();
    router.responder = () => ({ lifetime: 40 });
    router.start();
    router.forgetUpdates();
    router.wait(39_000);
    expect(router.updates.length).toBe(2);
    router.responder = () => undefined;
    router.wait(45_000);
    expect(router.registered).toEqual([]);
  });

  it('[RFC 6275 §11.7.3] a granted lifetime longer than asked does not count', () => {
    const router = new Router({ lifetime: 40 });
    router.responder = () => ({ lifetime: 4000 });
    router.start();
    router.responder = () => undefined;
    router.wait(60_000);
    expect(router.registered).toEqual([]);
  });

  it('[RFC 6275 §11.7.3] follow the Binding Refresh Advice', () => {
    const router = new Router();
    router.responder = () => ({ more: [{ kind: 'binding-refresh-advice', interval: 20 }] });
    router.start();
    router.forgetUpdates();
    router.wait(100_000);
    expect(router.updates.length).toBe(10);
  });

  it('[RFC 5648 §5.8] follow a Binding Refresh Request, but not every one of a flood', () => {
    const router = new Router().start();
    router.forgetUpdates();
    const bid = {
      kind: 'binding-identifier',
      bid: 2,
      status: 0,
      home: false,
      priority: 0,
      careOfAddress: undefined,
    } as const;
    router.say({ kind: 'binding-refresh-request', options: [bid] });
    router.wait(500);
    expect(router.updates.map(summary)).toEqual(['600 2=2001:db8:b::2']);
    for (let i = 0; i < 1000; i++) {
      router.say({ kind: 'binding-refresh-request', options: [] });
      router.wait(10);
    }
    expect(router.updates.length).toBeLessThanOrEqual(1 + 2 * 4);
  });

  it('[RFC 6275 §9.2] Binding Errors answer unknown messages of the home agent, at a bounded rate', () => {
    const router = new Router().start();
    const packet = { kind: 'opaque', type: 77, data: new Uint8Array(2) } as const;
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      const output = router.receive(
        emitMobilityPacket({ source: HOME_AGENT, destination: CARE_OF, message: packet }),
      );
      for (const one of output) {
        if (one.kind !== 'send') continue;
        answers += 1;
        const answer = parseMobilityPacket(one.packet);
        expect(answer.ok && answer.value.message).toMatchObject({ kind: 'binding-error', status: 2 });
        expect(one.device).toBe('lte0');
      }
    }
    expect(answers).toBe(5);
    expect(router.router.counters.get('unrecognized-mh-type')).toBe(1000);
  });
});

describe('changes of the uplinks', () => {
  it('[RFC 5648 §5.4] a lost uplink is de-registered over another one, without prefixes [RFC 3963 §5.8]', () => {
    const router = new Router().start();
    router.forgetUpdates();
    router.set('lte', false);
    expect(router.active).toBe('wifi');
    const [update] = router.updates;
    expect(router.updates.map(summary)).toEqual(['0 1=2001:db8:a::2']);
    expect(update!.device).toBe('wifi0');
    expect(kinds(update!)).not.toContain('mobile-network-prefix');
    router.wait(60_000);
    expect(router.updates.length).toBe(1);
  });

  it('[RFC 5648 §6.2] 133 and 167 end a de-registration as well as 0 does', () => {
    for (const status of [0, 133, 167]) {
      const router = new Router().start();
      router.forgetUpdates();
      router.responder = () => ({ status });
      router.set('lte', false);
      router.wait(60_000);
      expect(router.updates.length).toBe(1);
    }
  });

  it('an uplink that comes back registers at once', () => {
    const router = new Router().start();
    router.set('lte', false);
    router.wait(5000);
    router.forgetUpdates();
    router.set('lte', true);
    expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::2']);
    router.wait(100);
    expect(router.active).toBe('lte');
  });

  it('a new care-of address is registered at once, and the traffic leaves the old one', () => {
    const router = new Router().start();
    router.forgetUpdates();
    router.status.lte.careOfAddress = address('2001:db8:a::3');
    router.announce();
    expect(router.active).toBe('wifi');
    expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::3']);
    router.wait(100);
    expect(router.active).toBe('lte');
  });

  it('an uplink without a gateway is not used; gateways that come and go cause no storm', () => {
    const router = new Router().start();
    router.forgetUpdates();
    for (let i = 0; i < 200; i++) {
      router.status.lte.gateway = i % 2 === 0 ? undefined : address('fe80::1');
      router.announce();
      expect(router.active).not.toBe(i % 2 === 0 ? 'lte' : undefined);
      router.wait(10);
    }
    expect(router.updates.length).toBeLessThanOrEqual(9);
    router.wait(3000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('nothing is sent while all uplinks are gone', () => {
    const router = new Router().start();
    router.set('lte', false);
    router.set('wifi', false);
    router.forgetUpdates();
    router.wait(60_000);
    expect(router.updates).toEqual([]);
    expect(router.active).toBeUndefined();
    router.set('wifi', true);
    expect(router.active).toBe('wifi');
  });

  it('[RFC 5648 §5.4] an orderly end de-registers all in one message', () => {
    const router = new Router().start();
    router.forgetUpdates();
    router.input({ kind: 'shutdown' });
    expect(router.updates.map(summary)).toEqual(['0']);
    router.wait(60_000);
    expect(router.updates.length).toBe(1);
    router.restart();
    expect(summary(router.updates[1]!)).toBe('600 O 1=2001:db8:a::2');
  });
});

describe('restarts', () => {
  it('adopt the bindings: no message, the same active uplink, the same preference', () => {
    const router = new Router().start();
    router.input({ kind: 'prefer', uplink: 'wifi' });
    router.wait(1000);
    expect(router.active).toBe('wifi');
    router.forgetUpdates();
    router.restart();
    expect(router.active).toBe('wifi');
    expect(router.registered).toEqual(['lte', 'wifi']);
    router.wait(10_000);
    expect(router.updates).toEqual([]);
  });

  it('do not adopt a binding that has ended meanwhile', () => {
    const router = new Router().start();
    router.now += 700_000;
    router.restart();
    expect(router.registered).toEqual([]);
    expect(router.updates.length).toBeGreaterThan(2);
  });

  it('do not adopt a binding from before the machine restarted', () => {
    const router = new Router().start();
    router.now = 10;
    router.restart();
    expect(router.registered).toEqual([]);
  });

  it('with an uplink removed from the configuration de-register its binding over another one', () => {
    const router = new Router().start();
    router.forgetUpdates();
    router.restart({ ...router.config, uplinks: router.config.uplinks.slice(1) });
    expect(router.active).toBe('wifi');
    router.wait(1000);
    expect(router.updates.map(summary)).toEqual(['0 1=2001:db8:a::2']);
    expect([...router.records.keys()].sort()).toEqual(['home-agents', 'router', 'uplink/wifi']);
  });

  it('with an uplink removed whose registration was not answered replace what the home agent holds (O flag)', () => {
    const router = new Router().start();
    router.set('lte', false);
    router.wait(1000);
    router.responder = update => (update.device === 'lte0' ? undefined : {});
    router.set('lte', true);
    router.wait(1000);
    router.forgetUpdates();
    router.restart({ ...router.config, uplinks: router.config.uplinks.slice(1) });
    router.wait(1000);
    expect(router.updates.map(summary)).toEqual(['600 O 2=2001:db8:b::2']);
  });

  it('with another home agent adopt nothing, then or later', () => {
    const router = new Router().start();
    router.responder = () => undefined;
    router.restart({ ...router.config, homeAgents: [address('2001:db8:eeee::1')] });
    expect(router.registered).toEqual([]);
    router.restart();
    expect(router.registered).toEqual([]);
    expect(router.records.has('uplink/lte')).toBe(false);
  });

  it('[RFC 5648 §2] with another BID register that one first and de-register the other then; the path stays in use', () => {
    const router = new Router().start();
    router.forgetUpdates();
    const [lte, wifi] = router.config.uplinks;
    router.restart({ ...router.config, uplinks: [{ ...lte!, bid: 9 }, wifi!] });
    expect(router.active).toBe('lte');
    expect(router.updates.map(summary)).toEqual(['600 9=2001:db8:a::2']);
    router.wait(60_000);
    expect(router.active).toBe('lte');
    expect(router.updates.map(summary).slice(1)).toEqual(['0 1=2001:db8:a::2']);
    expect(router.records.get('uplink/lte')).toMatchObject({ bid: 9 });
    router.restart();
    router.wait(60_000);
    expect(router.updates.length).toBe(2);
  });

  it.each([{}, { careOfAddress: 'x' }, { careOfAddress: '::1', bid: 1, expiresAt: 'soon' }])(
    'survive a broken record: %j',
    record => {
      const router = new Router().start();
      router.records.set('uplink/lte', record as never);
      router.records.set('router', { ...router.records.get('router'), sequence: 'x', uplinks: 7 });
      router.restart();
      router.wait(1000);
      expect(router.registered).toEqual(['lte', 'wifi']);
    },
  );
});

describe('bulk registration', () => {
  it('[RFC 5648 §5.3] names every care-of address in one message', () => {
    const router = new Router({ registration: 'bulk' }).start();
    expect(router.updates.map(summary)).toEqual(['600 O 1=2001:db8:a::2 2=2001:db8:b::2']);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 5648 §5.7] a refusal in part concerns that uplink only', () => {
    const router = new Router({ registration: 'bulk' });
    router.responder = () => ({ status: 4, bidStatus: bid => (bid === 2 ? 129 : 0) });
    router.start();
    expect(router.registered).toEqual(['lte']);
    router.responder = () => ({});
    router.wait(60_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.updates.length).toBeLessThan(6);
  });

  it('[RFC 5648 §5.7] 168 ends bulk registrations', () => {
    const router = new Router({ registration: 'bulk' });
    router.responder = update => ({
      status: summary(update).includes('2=') && summary(update).includes('1=') ? 168 : 0,
    });
    router.start();
    router.wait(2000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    router.forgetUpdates();
    router.wait(2_000_000);
    expect(
      router.updates.every(
        update => kinds(update).filter(kind => kind === 'binding-identifier').length === 1,
      ),
    ).toBe(true);
  });
});

describe('new care-of addresses alone, refreshes in one message', () => {
  const both = '600 1=2001:db8:a::2 2=2001:db8:b::2';

  it('[RFC 5648 §10] each is registered by itself, and all are refreshed together', () => {
    const router = new Router({ registration: 'alone-first' }).start();
    expect(router.updates.map(summary)).toEqual(['600 O 1=2001:db8:a::2', '600 2=2001:db8:b::2']);
    router.forgetUpdates();
    router.wait(1_000_000);
    expect(router.updates.map(summary)).toEqual([both, both]);
  });

  it('[RFC 5648 §10] one that changes is registered by itself, and comes along with the next refresh', () => {
    const router = new Router({ registration: 'alone-first' }).start();
    router.wait(100_000);
    router.forgetUpdates();
    router.status.wifi.careOfAddress = address('2001:db8:b::9');
    router.announce();
    router.wait(10_000);
    expect(router.updates.map(summary)).toEqual(['600 2=2001:db8:b::9']);
    router.wait(350_000);
    expect(router.updates.map(summary).slice(1)).toEqual(['600 1=2001:db8:a::2 2=2001:db8:b::9']);
    router.set('lte', false);
    router.wait(1000);
    expect(summary(router.updates.at(-1)!)).toBe('0 1=2001:db8:a::2');
  });

  it('[RFC 5648 §5.7] 168 ends the common refreshes', () => {
    const router = new Router({ registration: 'alone-first' });
    router.responder = update => ({ status: summary(update).split('=').length > 2 ? 168 : 0 });
    router.start();
    router.wait(2_000_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.updates.filter(update => summary(update).split('=').length > 2)).toHaveLength(1);
  });
});

describe('a home agent that takes one care-of address', () => {
  it.each([
    ['no Binding Identifier option in the answer', { bidStatus: undefined }],
    ['166', { status: 166 }],
  ])('[RFC 5648 §5.7] %s: regular bindings from then on', (_, reply) => {
    const router = new Router();
    router.responder = update => (kinds(update).includes('binding-identifier') ? reply : {});
    router.start();
    router.wait(2000);
    expect(router.registered).toEqual(['lte']);
    expect(router.router.entries.map(({ state }) => state)).toEqual(['registered', 'reserve']);
    router.forgetUpdates();
    router.wait(1_000_000);
    expect(router.updates.length).toBeGreaterThan(1);
    expect(router.updates.every(update => !kinds(update).includes('binding-identifier'))).toBe(true);
    router.set('lte', false);
    router.wait(200);
    expect(router.active).toBe('wifi');
    router.set('lte', true);
    router.wait(200);
    expect(router.active).toBe('lte');
  });

  it('[RFC 5648 §5.7] 165: again with the O flag', () => {
    const router = new Router().start();
    router.status.lte.careOfAddress = address('2001:db8:a::3');
    router.responder = update => ({ status: update.message.bulkOrOverwrite !== true ? 165 : 0 });
    router.forgetUpdates();
    router.announce();
    router.wait(1000);
    expect(router.updates.map(summary).slice(0, 2)).toEqual(['600 1=2001:db8:a::3', '600 O 1=2001:db8:a::3']);
  });

  it('sequence numbers wrap around', () => {
    const router = new Router({ auth: { ...AUTH, replay: 'sequence' } });
    router.router.registrar.writer.sequence = 65_534;
    router.start();
    const [first, second] = router.updates.map(({ message }) => message.sequence);
    expect([first, second]).toEqual([65_535, 0]);
    expect(isNewerSequence(second!, first!)).toBe(true);
  });
});
