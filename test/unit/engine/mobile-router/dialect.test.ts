/** A mobile router whose home agent speaks draft-ietf-monami6-multiplecoa-00. */
import { describe, expect, it } from 'vitest';
import type { MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { AUTH, address, CARE_OF, CARE_OF_2, draftBid, MONAMI6, prefix } from '../anchor.ts';
import { busiestSecond, type Reply, Router, summary, type Update } from '../router.ts';

type Config = NonNullable<ConstructorParameters<typeof Router>[0]>;

const routerOf = (config: Config = {}) => new Router({ dialect: MONAMI6, ...config });
const started = (config?: Config) => {
  const router = routerOf(config).start();
  router.forgetUpdates();
  return router;
};
const subOptions = ({ message }: Update) =>
  message.options.flatMap(option => (option.kind === 'monami6-binding-identifier' ? [option] : []));
const kinds = ({ message }: Update) => message.options.map(({ kind }) => kind);
const naming = (bid: number): MobilityOption => draftBid(bid);

describe('registrations', () => {
  it('[multiplecoa-00 §5.2] name the BID of each entry in a sub-option without flags, from its care-of address', () => {
    const router = routerOf().start();
    const [purge, ...registrations] = router.updates;
    expect(summary(purge!)).toBe('0');
    expect(registrations.map(summary)).toEqual(['600 1', '600 2']);
    expect(registrations.map(({ source }) => source)).toEqual([CARE_OF, CARE_OF_2]);
    for (const update of registrations) {
      expect(subOptions(update)).toMatchObject([{ hasCareOfAddress: false, removable: false }]);
      expect(kinds(update)).not.toContain('binding-identifier');
      expect(kinds(update)).not.toContain('alternate-care-of-address');
      expect(update.message.acknowledge).toBe(true);
    }
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[multiplecoa-00 §5.4] a start from nothing removes all that is left of an earlier life, by a message without sub-option', () => {
    const router = routerOf().start();
    expect(router.updates.filter(update => update.message.lifetime === 0).map(kinds)).toEqual([
      ['message-id', 'authentication'],
    ]);
    expect(router.updates.every(update => update.message.bulkOrOverwrite !== true)).toBe(true);
    router.forgetUpdates();
    router.restart();
    router.wait(400_000);
    expect(router.updates.map(summary)).not.toContain('0');
  });

  it('[multiplecoa-00 §4.2] say the priority: the best uplink highest', () => {
    const router = routerOf();
    router.start();
    const priority = (update: Update) => subOptions(update)[0]!.priorityOrStatus;
    const [, lte, wifi] = router.updates;
    expect(priority(lte!)).toBeGreaterThan(priority(wifi!));
    router.forgetUpdates();
    router.input({ kind: 'prefer', uplink: 'wifi' });
    router.wait(100);
    expect(priority(router.updates[0]!)).toBe(255);
    expect(priority(router.updates[0]!)).toBeGreaterThan(priority(lte!));
  });

  it('[multiplecoa-00 §5.3] in bulk: C flag and care-of address in every sub-option', () => {
    const router = routerOf({ registration: 'bulk' }).start();
    expect(router.updates.map(summary)).toEqual(['0', '600 1=2001:db8:a::2 2=2001:db8:b::2']);
    expect(subOptions(router.updates[1]!).map(option => option.hasCareOfAddress)).toEqual([true, true]);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[multiplecoa-00 §5.3] in bulk: an uplink that is lost gets the R flag beside those that are updated', () => {
    const router = started({ registration: 'bulk' });
    router.status.wifi.careOfAddress = address('2001:db8:b::9');
    router.set('lte', false);
    expect(router.updates.map(summary)).toEqual(['600 2=2001:db8:b::9 -1=2001:db8:a::2']);
    router.wait(60_000);
    expect(router.updates.length).toBe(1);
    expect(router.registered).toEqual(['wifi']);
    expect(router.records.has('uplink/lte')).toBe(false);
  });

  it('[multiplecoa-00 §5.4] one care-of address: lifetime zero, one sub-option without C flag, by another uplink', () => {
    const router = started();
    router.set('lte', false);
    expect(router.updates.map(summary)).toEqual(['0 1 alternate 2001:db8:a::2']);
    expect(router.updates[0]!.device).toBe('wifi0');
    router.wait(60_000);
    expect(router.updates.length).toBe(1);
  });

  it('[multiplecoa-00 §5.4] several at once: lifetime zero and C flag in each', () => {
    const uplinks = [
      { name: 'lte', device: 'lte0', priority: 1, bid: 1 },
      { name: 'wifi', device: 'wifi0', priority: 2, bid: 2 },
    ];
    const router = started({ registration: 'bulk', uplinks });
    router.restart({
      ...router.config,
      uplinks: uplinks.map(uplink => ({ ...uplink, bid: uplink.bid + 10 })),
    });
    router.wait(1000);
    expect(router.updates.map(summary)).toEqual([
      '600 11=2001:db8:a::2 12=2001:db8:b::2',
      '0 1=2001:db8:a::2 2=2001:db8:b::2',
    ]);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[multiplecoa-00 §5.4] all bindings go by one message without sub-option', () => {
    const router = started();
    router.input({ kind: 'shutdown' });
    expect(router.updates.map(summary)).toEqual(['0']);
  });
});

describe('all messages over one uplink', () => {
  it('[multiplecoa-00 §5.6] leave by it, with sub-option and Alternate Care-of Address for the others', () => {
    const router = routerOf({ registerOver: 'wifi' }).start();
    expect(router.updates.map(summary)).toEqual(['0', '600 1 alternate 2001:db8:a::2', '600 2']);
    expect(new Set(router.updates.map(({ device }) => device))).toEqual(new Set(['wifi0']));
    expect(router.updates.map(({ source }) => source)).toEqual([CARE_OF_2, CARE_OF_2, CARE_OF_2]);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.active).toBe('lte');
  });

  it('[RFC 5648 §5.2] without Alternate Care-of Address in the other dialect', () => {
    const router = new Router({ registerOver: 'wifi' }).start();
    expect(router.updates.map(summary)).toEqual(['600 O 1=2001:db8:a::2', '600 2=2001:db8:b::2']);
    expect(router.updates.map(({ device }) => device)).toEqual(['wifi0', 'wifi0']);
  });

  it('[multiplecoa-00 §5.6] by others while that one is gone', () => {
    const router = started({ registerOver: 'wifi' });
    router.set('wifi', false);
    router.wait(500_000);
    expect(router.updates.map(({ device }) => device)).toEqual(['lte0', 'lte0']);
    expect(router.registered).toEqual(['lte']);
    router.forgetUpdates();
    router.set('wifi', true);
    router.wait(500_000);
    expect(new Set(router.updates.map(({ device }) => device))).toEqual(new Set(['wifi0']));
  });
});

describe('acknowledgements', () => {
  it('[multiplecoa-00 §4.3.3] settle the entry of their BID only', () => {
    const router = routerOf();
    router.responder = update => (subOptions(update)[0]?.bid === 1 ? undefined : {});
    router.start();
    router.wait(3000);
    expect(router.registered).toEqual(['wifi']);
  });

  it.each([
    ['144 with a lifetime', { status: 144, lifetime: 600, mobileRouter: true }],
    ['a status octet that is a copied priority', { bidStatus: () => 255 }],
    ['1', { status: 1 }],
  ] as const)(
    '[multiplecoa-00 §5.7] %s: registered, and no regular binding afterwards',
    (_, reply: Reply) => {
      const router = routerOf();
      router.responder = () => reply;
      router.start();
      expect(router.registered).toEqual(['lte', 'wifi']);
      router.forgetUpdates();
      router.wait(2_000_000);
      expect(router.updates.length).toBeGreaterThan(2);
      expect(router.updates.every(update => subOptions(update).length === 1)).toBe(true);
    },
  );

  it.each([0, 1, 128, 130])(
    '[multiplecoa-00 §5.7] 145: the status of each sub-option tells what failed: %i',
    status => {
      const router = routerOf({ registration: 'bulk' });
      router.responder = update =>
        subOptions(update).length > 1
          ? { status: 145, lifetime: 600, mobileRouter: true, bidStatus: bid => (bid === 2 ? status : 0) }
          : {};
      router.start();
      expect(router.registered).toEqual(status < 128 ? ['lte', 'wifi'] : ['lte']);
      router.forgetUpdates();
      router.wait(60_000);
      expect(router.registered).toEqual(['lte', 'wifi']);
      // Only what failed is registered again (§5.7).
      expect(router.updates.map(summary)).toEqual(status < 128 ? [] : ['600 2']);
    },
  );

  it('[multiplecoa-00 §4.3.3] 146 ends bulk registrations', () => {
    const router = routerOf({ registration: 'bulk' });
    router.responder = update =>
      subOptions(update).some(option => option.hasCareOfAddress) ? { status: 146 } : {};
    router.start();
    router.wait(3000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.events.filter(({ name }) => name === 'extension-unsupported').length).toBe(1);
  });

  it.each([
    [144, 'the clock is corrected', { clock: 100_000 }],
    [145, 'a timestamp is sent', {}],
  ] as const)('[multiplecoa-00 §4.3.3] %i without sub-option is that of RFC 4285: %s', (status, _, more) => {
    const router = routerOf(status === 145 ? { auth: { ...AUTH, replay: 'sequence' } } : {});
    let refusals = 0;
    router.responder = update => {
      if (update.message.lifetime === 0) return undefined;
      refusals += 1;
      return refusals === 1 ? { status, bidStatus: undefined, ...more } : {};
    };
    router.start();
    router.wait(3000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    if (status === 145) expect(kinds(router.updates.at(-1)!)).toContain('message-id');
    else expect(router.router.registrar.writer.clockOffset).not.toBe(0);
  });

  it('[multiplecoa-00 §4.3.3] 146 without sub-option, which a stranger can provoke, is no reason to fall back', () => {
    const router = routerOf();
    router.responder = () => ({ status: 146, bidStatus: undefined });
    router.start();
    router.responder = () => ({});
    router.wait(20_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[multiplecoa-00 §5.7] without sub-option: a single regular binding, told by event and status', async () => {
    const { reportMobileRouter } = await import('../../../../src/engine/mobile-router/report.ts');
    const router = routerOf();
    router.responder = () => ({ bidStatus: undefined });
    router.start();
    router.wait(2000);
    expect(router.registered).toEqual(['lte']);
    expect(router.events.filter(({ name }) => name === 'extension-unsupported').length).toBe(1);
    expect(reportMobileRouter(router.router, router.now, name => name).registration).toEqual({
      mode: 'single',
      fallback: 'regular',
    });
    router.forgetUpdates();
    router.wait(1_000_000);
    expect(router.updates.every(update => subOptions(update).length === 0)).toBe(true);
    expect(router.updates.length).toBeLessThan(10);
  });

  it.each([128, 129, 130, 133, 135, 139, 144, 145, 146, 164, 165, 166, 167, 168, 174, 255])(
    '[multiplecoa-00 §5.7] %i to everything: no storm, and the router recovers',
    status => {
      for (const registration of ['single', 'bulk'] as const) {
        for (const bidStatus of [undefined, () => 0, () => 128]) {
          const router = routerOf({ registration });
          router.responder = () => ({ status, bidStatus });
          router.start();
          router.wait(1_200_000);
          expect(busiestSecond(router.updates)).toBeLessThanOrEqual(3);
          expect(router.updates.length).toBeLessThan(300);
          router.responder = () => ({});
          router.wait(70_000);
          expect(router.active).toBe('lte');
        }
      }
    },
  );
});

describe('requests and errors', () => {
  it('[multiplecoa-00 §5.8] a Binding Refresh Request with the sub-option updates that binding, with its sub-option', () => {
    const router = started();
    router.say({ kind: 'binding-refresh-request', options: [naming(2)] });
    router.wait(500);
    expect(router.updates.map(summary)).toEqual(['600 2']);
  });

  it('[multiplecoa-00 §5.9] a Binding Error with the sub-option is about that binding', () => {
    const router = started();
    const error = { kind: 'binding-error', status: 1, homeAddress: router.config.homeAddress } as const;
    router.say({ ...error, options: [naming(2)] });
    router.wait(500);
    expect(router.updates.map(summary)).toEqual(['600 2']);
    router.wait(10_000);
    router.say({ ...error, options: [] });
    router.wait(500);
    expect(router.updates.map(summary).slice(1).sort()).toEqual(['600 1', '600 2']);
  });

  const unrecognized = (router: Router) => {
    const { homeAddress } = router.config;
    router.say({ kind: 'binding-error', status: 2, homeAddress, options: [] });
    router.wait(3000);
  };

  it('[multiplecoa-00 §5.9] Binding Error 2 to a registration: the primary care-of address only, as a regular binding', () => {
    const router = routerOf({ auth: { kind: 'none' } });
    router.responder = update => (subOptions(update).length > 0 ? undefined : {});
    router.start();
    unrecognized(router);
    expect(router.registered).toEqual(['lte']);
    expect(router.events.filter(({ name }) => name === 'extension-unsupported').length).toBe(1);
  });

  it('[multiplecoa-00 §5.9] a forged Binding Error 2 changes nothing where messages are signed', () => {
    const router = routerOf();
    router.responder = () => undefined;
    router.start();
    router.responder = () => ({});
    unrecognized(router);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[multiplecoa-00 §5.9] nor once identifiers are known to work', () => {
    const router = started({ auth: { kind: 'none' } });
    router.set('lte', false);
    unrecognized(router);
    router.set('lte', true);
    router.wait(3000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });
});

describe('at home', () => {
  it('[multiplecoa-00 §3.3] home and abroad at once is not possible: the router returns', () => {
    const config = { atHome: 'both', homePrefix: prefix('2001:db8:100::/64') } as const;
    expect(new Router(config).start().router.home.mode).toBe('both');
    expect(routerOf(config).start().router.home.mode).toBe('return');
  });
});

describe('reloads', () => {
  it('[multiplecoa-00 §2] another BID: the new one first, then the old one goes; the path stays in use', () => {
    const router = started();
    const [lte, wifi] = router.config.uplinks;
    router.restart({ ...router.config, uplinks: [{ ...lte!, bid: 9 }, wifi!] });
    for (let i = 0; i < 100; i++) {
      expect(router.active).toBe('lte');
      router.wait(10);
    }
    expect(router.updates.map(summary)).toEqual(['600 9', '0 1']);
  });

  it('[multiplecoa-00 §3.2] to a regular binding and back: the path stays in use', () => {
    for (const dialect of [MONAMI6, undefined]) {
      const router = new Router({ dialect }).start();
      router.forgetUpdates();
      const { config } = router;
      router.restart({ ...config, registration: 'regular' });
      for (let i = 0; i < 100; i++) {
        expect(router.active).toBe('lte');
        router.wait(10);
      }
      expect(router.updates.map(summary)).toEqual(['600']);
      expect(router.registered).toEqual(['lte']);
      router.forgetUpdates();
      router.restart(config);
      for (let i = 0; i < 100; i++) {
        expect(router.active).toBe('lte');
        router.wait(10);
      }
      const expected = dialect ? ['600 1', '600 2'] : ['600 O 1=2001:db8:a::2', '600 2=2001:db8:b::2'];
      expect(router.updates.map(summary)).toEqual(expected);
      expect(router.registered).toEqual(['lte', 'wifi']);
    }
  });

  it('a router that fell back tries again when it is told another dialect', () => {
    const router = routerOf();
    router.responder = update => (subOptions(update).length > 0 ? { bidStatus: undefined } : {});
    router.start();
    router.wait(2000);
    router.restart({ ...router.config, dialect: undefined });
    router.wait(2000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });
});
