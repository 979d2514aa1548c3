/** Rules for all Binding Updates of a mobile router, and what answers and refresh requests make of them. */
import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../../../../src/wire/address.ts';
import { address, PREFIX_1, PREFIX_2 } from '../anchor.ts';
import { Router, summary, type Update } from '../router.ts';

const kinds = (update: Update) => update.message.options.map(option => option.kind);
const overwrites = (update: Update) => summary(update).includes(' O');

/** Everything that a router says while its uplinks move, go and come. */
function eventful(router: Router): readonly Update[] {
  router.start();
  router.status.lte.careOfAddress = address('2001:db8:a::3');
  router.announce();
  router.wait(500_000);
  router.set('lte', false);
  router.wait(5000);
  router.set('lte', true);
  router.wait(500_000);
  expect(router.updates.length).toBeGreaterThan(6);
  return router.updates;
}

describe.each(['single', 'bulk'] as const)('all Binding Updates, %s registrations', registration => {
  it('[RFC 5648 §5.2] carry no Alternate Care-of Address option beside a Binding Identifier', () => {
    for (const update of eventful(new Router({ registration }))) {
      expect(kinds(update)).toContain('binding-identifier');
      expect(kinds(update)).not.toContain('alternate-care-of-address');
    }
  });

  it('[RFC 5648 §5.9] have the O flag in the first one only: later ones add to what is bound', () => {
    const [first, ...later] = eventful(new Router({ registration })).map(overwrites);
    expect(first).toBe(true);
    expect(later.some(Boolean)).toBe(false);
  });

  it('[RFC 3963 §5.2] of an explicit registration name the prefixes, refreshes too, and all bear R and H', () => {
    for (const update of eventful(new Router({ registration }))) {
      const { lifetime, mobileRouter, homeRegistration, acknowledge } = update.message;
      expect([mobileRouter, homeRegistration, acknowledge]).toEqual([true, true, true]);
      expect(kinds(update).includes('mobile-network-prefix')).toBe(lifetime > 0);
    }
  });
});

describe('the mobile network of a Binding Update', () => {
  const prefixes = (update: Update | undefined) =>
    update?.message.options.flatMap(option =>
      option.kind === 'mobile-network-prefix' ? [formatPrefix(option.prefix)] : [],
    );

  it('[RFC 3963 §4.3] is all its prefixes', () => {
    const router = new Router({ prefixes: [PREFIX_1, PREFIX_2] }).start();
    expect(prefixes(router.updates[0])).toEqual(['2001:db8:100:1::/64', '2001:db8:100:2::/64']);
  });

  it('[RFC 3963 §5.2] goes without saying in implicit mode, with R and H', () => {
    for (const update of eventful(new Router({ mode: 'implicit' }))) {
      expect(prefixes(update)).toEqual([]);
      expect(update.message).toMatchObject({ mobileRouter: true, homeRegistration: true });
    }
  });

  it('[RFC 3963 §5.1] is told at once when the configuration has changed it', () => {
    const router = new Router().start();
    for (const changed of [{ prefixes: [PREFIX_1, PREFIX_2] }, { mode: 'implicit' }] as const) {
      router.forgetUpdates();
      router.restart({ ...router.config, ...changed });
      router.wait(1000);
      expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::2', '600 2=2001:db8:b::2']);
      expect(prefixes(router.updates[0])?.length).toBe(router.config.mode === 'implicit' ? 0 : 2);
    }
  });
});

describe.each(['single', 'bulk'] as const)('a router that becomes a host, %s registrations', registration => {
  it('[RFC 3963 §5.2] removes its bindings before it registers with the other R flag', () => {
    const router = new Router({ registration }).start();
    for (const prefixes of [[], [PREFIX_1]]) {
      router.forgetUpdates();
      router.restart({ ...router.config, prefixes });
      router.wait(1000);
      const texts = router.updates.map(summary);
      expect(texts[0]).toBe('0');
      expect(texts[1]).toMatch(/^600 O 1=2001:db8:a::2/);
      expect(texts.length).toBe(registration === 'single' ? 3 : 2);
      expect(router.updates[1]!.message.mobileRouter ?? false).toBe(prefixes.length > 0);
      expect(router.registered).toEqual(['lte', 'wifi']);
    }
  });
});

describe('answers', () => {
  it('[RFC 5648 §4.2] without the Binding Identifier option end the O flag as well', () => {
    const router = new Router();
    router.responder = () => ({ bidStatus: undefined });
    router.start();
    router.wait(2000);
    router.forgetUpdates();
    router.wait(1_000_000);
    expect(router.updates.length).toBeGreaterThan(1);
    expect(router.updates.some(overwrites)).toBe(false);
  });

  it.each([128, 129, 130, 139, 255])(
    '[RFC 5648 §5.7] with status %i and no Binding Identifier option come from a node without identifiers',
    status => {
      const router = new Router();
      router.responder = update =>
        kinds(update).includes('binding-identifier') ? { status, bidStatus: undefined } : {};
      router.start();
      expect(router.registered).toEqual(['lte']);
      expect(router.updates.map(kinds).at(-1)).not.toContain('binding-identifier');
      expect(router.events.map(({ name }) => name)).toContain('extension-unsupported');
    },
  );

  it('[RFC 6275 §9.5.1] that can be corrected are no reason to do without identifiers', () => {
    const router = new Router();
    router.responder = ({ message }) =>
      message.sequence === 40_001 ? {} : { status: 135, sequence: 40_000, bidStatus: undefined };
    router.start();
    expect(router.updates.map(kinds).every(names => names.includes('binding-identifier'))).toBe(true);
  });

  it('[RFC 5648 §5.7] with Status 0 in the option take the status of the message', () => {
    const router = new Router({ registration: 'bulk' });
    router.responder = () => ({ status: 129, bidStatus: () => 0 });
    router.start();
    expect(router.registered).toEqual([]);
    expect(router.router.entries.map(entry => entry.lastStatus)).toEqual([129, 129]);
  });

  it('[RFC 5648 §5.7] below 128 are a success, whatever they say', () => {
    const router = new Router();
    router.responder = () => ({ status: 1 });
    router.start();
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 5648 §5.7] 167 to a refresh: again, with the care-of address', () => {
    const router = new Router().start();
    router.forgetUpdates();
    let refusals = 0;
    router.responder = () => (refusals++ === 0 ? { status: 167 } : {});
    router.wait(460_000);
    const [first, second] = router.updates.filter(update => summary(update).includes(' 1='));
    expect(summary(second!)).toBe('600 1=2001:db8:a::2');
    expect(second!.at - first!.at).toBeLessThan(1000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it.each(
    ([140, 141, 142, 143] as const).flatMap(status =>
      (['implicit', 'explicit'] as const).map(mode => [status, mode] as const),
    ),
  )('[RFC 3963 §5.4] %i in %s mode: told as an error, no binding, nothing to tunnel', (status, mode) => {
    const router = new Router({ mode });
    router.responder = () => ({ status });
    router.start();
    expect(router.registered).toEqual([]);
    expect(router.active).toBeUndefined();
    expect(router.events).toContainEqual(
      expect.objectContaining({ name: 'binding-refused', level: 'error' }),
    );
  });

  it('[RFC 3963 §5.3] without the R flag forward nothing: there is no tunnel to use', () => {
    const router = new Router();
    router.responder = () => ({ mobileRouter: false });
    router.start();
    expect(router.registered).toEqual([]);
    expect(router.active).toBeUndefined();
  });
});

describe('Binding Refresh Requests', () => {
  const named = (bid: number) =>
    ({
      kind: 'binding-identifier',
      bid,
      status: 0,
      home: false,
      priority: 0,
      careOfAddress: undefined,
    }) as const;

  it.each([[[2]], [[1, 2]], [[]]])('[RFC 5648 §6.4] may name several bindings, or none: %j', bids => {
    const router = new Router().start();
    router.forgetUpdates();
    router.say({ kind: 'binding-refresh-request', options: bids.map(named) });
    router.wait(500);
    const all = ['600 1=2001:db8:a::2', '600 2=2001:db8:b::2'];
    expect(router.updates.map(summary).sort()).toEqual(bids.length === 1 ? all.slice(1) : all);
  });

  it('[RFC 6275 §11.7.4] about what is not bound are ignored', () => {
    const router = new Router().start();
    router.set('wifi', false);
    router.wait(500);
    router.forgetUpdates();
    for (const bid of [2, 9]) router.say({ kind: 'binding-refresh-request', options: [named(bid)] });
    router.wait(5000);
    expect(router.updates).toEqual([]);
    expect(router.router.counters.get('refresh-request-unknown-binding')).toBe(2);
  });
});
