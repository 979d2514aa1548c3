import { describe, expect, it } from 'vitest';
import type { FlowSelector, Lane, Steering, SteeringRule } from '../../../../src/engine/steering.ts';
import type { MobileRouterConfig } from '../../../../src/uci/types.ts';
import { parseAddress } from '../../../../src/wire/address.ts';
import type { MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { address, CARE_OF, CARE_OF_2, HOME } from '../anchor.ts';
import { TCP, UDP } from '../flow-options.ts';
import { busiestSecond, Router, type Update } from '../router.ts';

/** A rule whose packets go by one uplink, or a copy by each of several. */
function rule(name: string, selectors: readonly FlowSelector[], ...lanes: number[]): SteeringRule {
  const action =
    lanes.length === 1
      ? ({ kind: 'lanes', shares: [{ lane: lanes[0]!, weight: 1 }], per: 'flow' } as const)
      : ({ kind: 'replicate', lanes, through: lanes[0]! } as const);
  return { id: 1, name, selectors, action };
}

/** Lane 1 begins with BID 1, lane 2 with BID 2; `active` says which carry them now. */
function steering(
  rules: readonly SteeringRule[],
  active: readonly (number | undefined)[] = [1, 2],
  only = false,
): Steering {
  const lanes = active.map(
    (carrier, index): Lane => ({
      number: index + 1,
      bids: index === 0 ? [1, 2] : [2, 1],
      only,
      active: carrier,
    }),
  );
  return { lanes, rules };
}

const flowOptions = ({ message }: Update) =>
  message.options.flatMap(option => (option.kind === 'flow-identification' ? [option] : []));

/** `=fids` of summaries, `fid/priority` with `s` for a selector and `>bids` for a reference. */
function said(update: Update | undefined): string {
  const texts = (update?.message.options ?? []).flatMap(option => {
    if (option.kind === 'flow-summary') return [`=${option.fids.join()}`];
    if (option.kind !== 'flow-identification') return [];
    const parts = option.subOptions.map(part => {
      if (part.kind === 'traffic-selector') return 's';
      return part.kind === 'binding-reference' ? `>${part.bids.join()}` : '?';
    });
    return [`${option.fid}/${option.priority}${parts.join('')}`];
  });
  return texts.join(' ');
}

/** Answers as a home agent does that agrees with every flow binding, or gives them these statuses. */
const agreeing =
  (statusOf: (fid: number) => number = () => 0) =>
  (update: Update) => ({
    more: flowOptions(update).map(option => ({ ...option, status: statusOf(option.fid) })),
  });

function started(wanted: Steering | undefined, config: Partial<MobileRouterConfig> = {}): Router {
  const router = new Router(config);
  router.responder = agreeing();
  router.start();
  router.forgetUpdates();
  if (wanted !== undefined) change(router, wanted);
  return router;
}

function change(router: Router, wanted: Steering): void {
  router.router.steering = wanted;
  router.input({ kind: 'timer' });
}

const texts = (router: Router) => router.updates.map(said);
const states = (router: Router) =>
  router.router.flowBindings!.entries.map(({ fid, held }) => `${fid} ${held?.bids}`);

describe('[RFC 6089 §5.2.2.1] new flow bindings', () => {
  it('are said at once, whole, in one Binding Update about the uplink that speaks', () => {
    const router = started(steering([rule('web', [TCP], 2), rule('calls', [UDP], 1, 2)]));
    expect(texts(router)).toEqual(['1/64s>2 2/128s>1,2']);
    const [update] = router.updates;
    expect(flowOptions(update!).every(({ status }) => status === 0)).toBe(true);
    expect(update!.message.lifetime).toBe(600);
    router.wait(1000);
    expect(states(router)).toEqual(['1 2', '2 1,2']);
    expect(router.updates.length).toBe(1);
  });

  it('name the correspondent as the source', () => {
    const outside = { start: address('2001:db8:77::1') };
    const router = started(steering([rule('web', [{ outside, outsidePort: { start: 443 } }], 2)]));
    expect(flowOptions(router.updates[0]!)[0]!.subOptions).toContainEqual({
      kind: 'traffic-selector',
      selector: { format: 'ipv6', source: outside, sourcePort: { start: 443 } },
    });
  });

  it('a rule with several selectors has a FID for each; one for everything has an empty selector', () => {
    const router = started(steering([rule('web', [TCP, UDP], 2), rule('rest', [], 1)]));
    expect(texts(router)).toEqual(['1/64s>2 2/128s>2 3/192s>1']);
  });

  it('what only the router can see, drops and divides is not signalled', () => {
    const rules: SteeringRule[] = [
      rule('camera', [{ linkLayerAddress: new Uint8Array(6) }], 1),
      rule('marked', [{ mark: { value: 1, mask: 1 } }], 1),
      { id: 3, name: 'bad', selectors: [TCP], action: { kind: 'drop' } },
      {
        id: 4,
        name: 'some',
        selectors: [TCP],
        action: { kind: 'lanes', shares: [1, 2].map(lane => ({ lane, weight: 1 })), per: 'flow' },
      },
    ];
    expect(texts(started(steering(rules)))).toEqual([]);
  });

  it('wait until their uplink is registered', () => {
    const router = new Router();
    router.responder = agreeing();
    router.status.wifi.up = false;
    router.start();
    router.forgetUpdates();
    change(router, steering([rule('web', [TCP], 2)], [1, undefined], true));
    router.wait(5000);
    expect(texts(router)).toEqual([]);
    router.set('wifi', true);
    router.wait(1000);
    change(router, steering([rule('web', [TCP], 2)]));
    router.wait(1000);
    expect(texts(router).at(-1)).toBe('1/64s>2');
  });
});

it('[RFC 6089 §4.1] every Binding Identifier option states a BID-PRI', () => {
  const router = started(steering([rule('web', [TCP], 2)]));
  router.wait(500_000);
  const options = router.updates.flatMap(({ message }) => message.options);
  const priorities = options.flatMap(option =>
    option.kind === 'binding-identifier' ? [option.priority] : [],
  );
  expect(priorities.length).toBeGreaterThan(2);
  expect(priorities.every(priority => priority > 0 && priority < 128)).toBe(true);
});

describe('[RFC 6089 §5.2.3] held flow bindings', () => {
  const router = () => {
    const one = started(steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)]));
    one.wait(1000);
    one.forgetUpdates();
    return one;
  };

  it('are in a summary of every Binding Update, refreshes of other uplinks and de-registrations included', () => {
    const one = router();
    one.wait(460_000);
    expect(one.updates.length).toBe(2);
    expect(texts(one)).toEqual(['=1,2', '=1,2']);
    one.forgetUpdates();
    one.set('wifi', false);
    expect(one.updates[0]!.message.lifetime).toBe(0);
    expect(texts(one)[0]).toBe('=1,2');
  });

  it('[RFC 6089 §5.2.2.2] are moved by a reference alone, at once', () => {
    const one = router();
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, 1]));
    expect(texts(one)).toEqual(['=2 1/64>1']);
    one.wait(1000);
    expect(states(one)).toEqual(['1 1', '2 1']);
  });

  it('[RFC 6089 §5.2.2.2] get another selector alone', () => {
    const one = router();
    change(one, steering([rule('web', [{ outsidePort: { start: 80 } }], 2), rule('calls', [UDP], 1)]));
    expect(texts(one)).toEqual(['=2 1/64s']);
  });

  it('[RFC 6089 §5.2.4] go by being left out', () => {
    const one = router();
    change(one, steering([rule('calls', [UDP], 1)]));
    expect(texts(one)).toEqual(['=2']);
    one.wait(1000);
    expect(states(one)).toEqual(['2 1']);
    one.router.steering = undefined;
    one.input({ kind: 'timer' });
    expect(texts(one)).toEqual(['=2', '']);
    one.wait(1000);
    expect(states(one)).toEqual([]);
  });

  it('stay as they are while none of their uplinks is registered', () => {
    const one = router();
    one.set('wifi', false);
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, undefined], true));
    one.wait(1000);
    expect(new Set(texts(one))).toEqual(new Set(['=1,2']));
  });

  it('go with all else when none of their uplinks lives, unless they must not', () => {
    const one = router();
    one.set('wifi', false);
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, undefined]));
    expect(texts(one).at(-1)).toBe('=2 1/64>1');
  });

  it('a change that nobody acknowledges is said again, whole', () => {
    const one = router();
    one.responder = () => undefined;
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, 1]));
    one.wait(3000);
    expect(texts(one).slice(0, 2)).toEqual(['=2 1/64>1', '=2 1/64s>1']);
    one.responder = agreeing();
    one.wait(60_000);
    expect(states(one)).toEqual(['1 1', '2 1']);
  });

  it('a wish that returns before the acknowledgement is said too: nobody knows what is held', () => {
    const one = router();
    one.responder = () => undefined;
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, 1]));
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, 2]));
    expect(texts(one)).toEqual(['=2 1/64>1', '=2 1/64s>2']);
  });

  it('an acknowledgement of an earlier message proves nothing about a later one', () => {
    const one = router();
    one.responder = () => undefined;
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, 1]));
    change(one, steering([rule('web', [TCP], 2), rule('calls', [UDP], 1)], [1, 2]));
    const [first] = one.updates;
    one.receive(one.emit(first!, agreeing()(first!)));
    expect(one.router.flowBindings!.entries[0]!.said).toBeDefined();
  });
});

describe('[RFC 6089 §4.2] FIDs and priorities', () => {
  it('stay when rules come, go and are exchanged; priorities stay unique', () => {
    const router = started(steering([rule('a', [TCP], 1), rule('b', [UDP], 2)]));
    router.wait(1000);
    change(
      router,
      steering([rule('a', [TCP], 1), rule('new', [{ dscp: { start: 46 } }], 2), rule('b', [UDP], 2)]),
    );
    expect(texts(router).at(-1)).toBe('=1,2 3/96s>2');
    router.wait(1000);
    change(router, steering([rule('b', [UDP], 2), rule('a', [TCP], 1)]));
    expect(texts(router).at(-1)).toBe('2/32832 1/32896');
    router.wait(1000);
    change(router, steering([rule('a', [TCP], 1), rule('b', [UDP], 2)]));
    expect(texts(router).at(-1)).toBe('1/64 2/128');
  });

  it('a flow that has gone and comes back has its FID again, after a restart too', () => {
    const both = steering([rule('a', [TCP], 1), rule('b', [UDP], 2)]);
    const fids = (router: Router) =>
      router.router.flowBindings!.entries.map(({ key, fid }) => `${key} ${fid}`);
    const router = started(both);
    router.wait(1000);
    change(router, steering([rule('b', [UDP], 2)]));
    router.wait(1000);
    expect(fids(router)).toEqual(['b.0 2']);
    change(router, steering([rule('c', [UDP], 2), rule('b', [UDP], 2)]));
    router.wait(1000);
    expect(fids(router)).toEqual(['c.0 3', 'b.0 2']);
    router.restart(router.config, both);
    router.wait(1000);
    expect(fids(router)).toEqual(['a.0 1', 'b.0 2']);
  });

  it('are the same after a restart, and nothing is said that is held already', () => {
    const router = started(steering([rule('a', [TCP], 1), rule('b', [UDP], 2)]));
    router.wait(1000);
    for (const [key, value] of router.records) router.records.set(key, JSON.parse(JSON.stringify(value)));
    router.forgetUpdates();
    router.restart(router.config, steering([rule('b', [UDP], 2), rule('c', [{}], 1)]));
    expect(texts(router)).toEqual(['=2 3/192s>1']);
    expect(router.router.flowBindings!.entries.map(({ fid }) => fid)).toEqual([2, 3, 1]);
  });

  it('what was on its way when the process ended is said again', () => {
    const router = started(steering([rule('a', [TCP], 1), rule('b', [UDP], 2)]));
    router.wait(1000);
    router.responder = () => undefined;
    change(router, steering([rule('a', [TCP], 1), rule('b', [UDP], 2)], [2, 2]));
    router.forgetUpdates();
    router.responder = agreeing();
    router.restart(router.config, steering([rule('a', [TCP], 1), rule('b', [UDP], 2)], [2, 2]));
    router.wait(2000);
    expect(texts(router)).toContain('=2 1/64s>2');
  });

  it('another home agent is told everything anew, with the same numbers', () => {
    const other = address('2001:db8:fffe::1');
    const router = started(steering([rule('a', [TCP], 2)]), {
      homeAgents: [address('2001:db8:ffff::1'), other],
    });
    router.wait(1000);
    router.forgetUpdates();
    router.input({ kind: 'home-agent', address: other });
    router.wait(2000);
    expect(texts(router)).toContain('1/64s>2');
  });

  it('broken records do no harm', () => {
    for (const entries of [
      7,
      [7],
      [['a', 0, 1, null]],
      [
        ['a', 1, 1, [1]],
        ['b', 1, 2, null],
      ],
      [['a', 1, 1, [1, 2, 3]]],
    ]) {
      const router = new Router();
      router.records.set('flows', { nextFid: -1, entries });
      router.responder = agreeing();
      router.restart();
      router.wait(1000);
      change(router, steering([rule('a', [TCP], 2)]));
      router.wait(1000);
      expect(states(router)).toEqual([expect.stringMatching(/^[12] 2$/)]);
    }
  });
});

describe('[RFC 6089 §5.2.6] acknowledgements', () => {
  it('without any of the options: no more of them, until another home agent', () => {
    const router = new Router();
    router.start();
    router.forgetUpdates();
    change(router, steering([rule('a', [TCP], 2)]));
    router.wait(700_000);
    expect(texts(router).filter(text => text !== '').length).toBe(1);
    expect(router.events.some(({ name }) => name === 'extension-unsupported')).toBe(true);
  });

  it.each([128, 129, 130, 131, 133])(
    'status %i is not asked about again before a pause that grows',
    status => {
      const router = started(undefined);
      router.responder = agreeing(fid => (fid === 1 ? status : 0));
      change(router, steering([rule('a', [TCP], 2), rule('b', [UDP], 1)]));
      router.wait(3_600_000);
      const asked = router.updates.filter(update => flowOptions(update).some(({ fid }) => fid === 1));
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.length).toBeLessThan(20);
      const pauses = asked.slice(1).map(({ at }, index) => at - asked[index]!.at);
      expect(pauses.at(-1)).toBeGreaterThan(300_000);
      expect(states(router)).toEqual(['1 undefined', '2 1']);
      expect(router.events.filter(({ name }) => name === 'flow-binding-refused').length).toBe(1);
      expect(busiestSecond(router.updates)).toBeLessThanOrEqual(3);
    },
  );

  it('a refused one is asked for again when it is to go somewhere else', () => {
    const router = started(undefined);
    router.responder = agreeing(() => 131);
    change(router, steering([rule('a', [TCP], 2)]));
    router.wait(3000);
    router.forgetUpdates();
    router.responder = agreeing();
    change(router, steering([rule('a', [TCP], 2)], [1, 1]));
    router.wait(1000);
    expect(states(router)).toEqual(['1 1']);
  });

  it('an option that does not come back counts as refused', () => {
    const router = started(undefined);
    router.responder = update => ({ more: flowOptions(update).filter(({ fid }) => fid !== 1) });
    change(router, steering([rule('a', [TCP], 2), rule('b', [UDP], 1)]));
    router.wait(1000);
    expect(states(router)).toEqual(['1 undefined', '2 1']);
    expect(router.router.flowBindings!.entries[0]!.refusal?.status).toBe(129);
  });

  it('status 132 for one in the summary: it is said whole at once', () => {
    const router = started(steering([rule('a', [TCP], 2), rule('b', [UDP], 1)]));
    router.wait(1000);
    router.forgetUpdates();
    const notFound: MobilityOption = {
      kind: 'flow-identification',
      fid: 1,
      priority: 0,
      status: 132,
      subOptions: [],
    };
    router.responder = update => (flowOptions(update).length > 0 ? agreeing()(update) : { more: [notFound] });
    router.set('wifi', false);
    router.set('wifi', true);
    router.wait(3000);
    expect(texts(router)).toContain('=2 1/64s>2');
    expect(states(router)).toEqual(['1 2', '2 1']);
  });

  it('a home agent that forgets everything again and again makes no storm', () => {
    const router = started(steering([rule('a', [TCP], 2), rule('b', [UDP], 1)]));
    router.responder = update => ({
      more: [
        ...flowOptions(update),
        ...update.message.options
          .flatMap(option => (option.kind === 'flow-summary' ? option.fids : []))
          .map(
            fid => ({ kind: 'flow-identification', fid, priority: 0, status: 132, subOptions: [] }) as const,
          ),
      ],
    });
    router.wait(3_600_000);
    expect(router.updates.length).toBeLessThan(60);
  });

  it('nobody who cannot sign changes a flow binding', () => {
    const router = started(steering([rule('a', [TCP], 2)]));
    router.wait(1000);
    router.responder = () => undefined;
    change(router, steering([rule('a', [TCP], 2)], [1, 1]));
    const update = router.updates.at(-1)!;
    router.receive(router.emit(update, { ...agreeing()(update), auth: undefined }));
    expect(router.router.flowBindings!.entries[0]!.held?.bids).toEqual([2]);
    expect(router.router.flowBindings!.entries[0]!.said).toBeDefined();
  });

  it('[RFC 6089 §5.2.5] a de-registration of everything ends them, and the next life says them anew', () => {
    const router = started(steering([rule('a', [TCP], 2)]));
    router.wait(1000);
    router.input({ kind: 'shutdown' });
    expect(said(router.updates.at(-1))).toBe('');
    router.forgetUpdates();
    router.restart(router.config, steering([rule('a', [TCP], 2)]));
    router.wait(2000);
    expect(texts(router)).toContain('1/64s>2');
  });
});

describe('[RFC 6089 §6] many flow bindings', () => {
  it('never make a Binding Update longer than 1280 octets, and all get there', () => {
    const inside = { start: parseAddress('2001:db8:100:1::')!, end: parseAddress('2001:db8:100:1::ffff')! };
    const ports = Array.from({ length: 200 }, (_, index) => ({
      inside,
      outside: inside,
      outsidePort: { start: index },
    }));
    const router = new Router();
    const lengths: number[] = [];
    router.responder = agreeing();
    router.start();
    router.router.steering = steering([rule('many', ports, 2)]);
    const collect = (outputs: readonly { kind: string; packet?: Uint8Array }[]) => {
      for (const { kind, packet } of outputs) if (kind === 'send') lengths.push(packet!.length);
    };
    const handle = router.router.handle.bind(router.router);
    router.router.handle = (input, now) => {
      const outputs = handle(input, now);
      collect(outputs as never);
      return outputs;
    };
    router.input({ kind: 'timer' });
    router.wait(60_000);
    expect(router.router.flowBindings!.entries.filter(({ held }) => held !== undefined).length).toBe(128);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1280);
    expect(Math.max(...lengths)).toBeGreaterThan(1000);
    expect(busiestSecond(router.updates)).toBeLessThanOrEqual(3);
  });
});

describe('[mmi-02 §7.3] load balancing', () => {
  const dialect = { options: { 'load-balancing': 201 } } as const;
  const divided = (...weights: number[]): SteeringRule => ({
    id: 9,
    name: 'rest',
    selectors: [],
    action: {
      kind: 'lanes',
      shares: weights.map((weight, index) => ({ lane: index + 1, weight })),
      per: 'flow',
    },
  });
  const balances = (update: Update | undefined) =>
    (update?.message.options ?? []).flatMap(option => (option.kind === 'load-balancing' ? [option] : []));

  it('every Binding Update says the proportions, with the care-of addresses', () => {
    const router = started(steering([rule('web', [TCP], 2), divided(70, 30)]), { dialect });
    expect(balances(router.updates[0])).toEqual([
      { kind: 'load-balancing', source: 1, destination: 7, careOfAddressId: 1, careOfAddress: CARE_OF },
      { kind: 'load-balancing', source: 1, destination: 3, careOfAddressId: 2, careOfAddress: CARE_OF_2 },
    ]);
    router.wait(460_000);
    expect(router.updates.length).toBe(3);
    expect(router.updates.every(update => balances(update).length === 2)).toBe(true);
  });

  it('another balance is said at once, and until it is acknowledged', () => {
    const router = started(steering([divided(1, 1)]), { dialect });
    router.wait(1000);
    router.forgetUpdates();
    router.responder = () => undefined;
    change(router, steering([divided(1, 3)]));
    router.wait(10_000);
    expect(router.updates.length).toBeGreaterThan(1);
    expect(router.updates.every(update => balances(update)[1]?.destination === 3)).toBe(true);
    router.responder = agreeing();
    router.wait(30_000);
    router.forgetUpdates();
    router.wait(60_000);
    expect(router.updates).toEqual([]);
    router.router.steering = undefined;
    router.input({ kind: 'timer' });
    expect(router.updates.map(update => balances(update).length)).toEqual([0]);
  });

  it('a dead path hands its share to the one that carries its lane', () => {
    const router = started(steering([divided(70, 30)], [2, 2]), { dialect });
    expect(balances(router.updates[0]).map(({ destination }) => destination)).toEqual([1]);
  });

  it('shares of one uplink in several lanes are added up before they are written in four bits', () => {
    const shares = [
      [1, 245],
      [1, 105],
      [2, 210],
      [2, 140],
    ].map(([lane, weight]) => ({ lane: lane!, weight: weight! }));
    const rest = {
      id: 9,
      name: 'rest',
      selectors: [],
      action: { kind: 'lanes', shares, per: 'flow' },
    } as const;
    const router = started(steering([rest]), { dialect });
    expect(balances(router.updates[0]).map(({ destination }) => destination)).toEqual([1, 1]);
  });

  it('is not spoken without the dialect', () => {
    const router = started(steering([divided(70, 30)]));
    expect(router.updates).toEqual([]);
  });
});

describe('single bindings', () => {
  it('have no flow bindings: there are no identifiers to refer to', () => {
    const router = started(steering([rule('a', [TCP], 2)]), { registration: 'regular' });
    router.wait(700_000);
    expect(texts(router).every(text => text === '')).toBe(true);
    expect(router.router.config.homeAddress).toEqual(HOME);
  });
});
