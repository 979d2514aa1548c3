/** Flow bindings and load balancing at a correspondent. */
import { describe, expect, it } from 'vitest';
import { reportCorrespondent } from '../../../../src/engine/correspondent/report.ts';
import { type Address, equalAddress, formatAddress } from '../../../../src/wire/address.ts';
import type { MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { address, bid, CARE_OF, CARE_OF_2, CARE_OF_3, HOME } from '../anchor.ts';
import { flow, flowStatuses, summary, TCP, UDP } from '../flow-options.ts';
import { CORRESPONDENT, Pair, type Said } from './mobile-node.ts';

const OTHER_OWN = address('2001:db8:cc::6');
const CARE_OFS = [CARE_OF, CARE_OF_2, CARE_OF_3];

const identified = (number: number, ...options: MobilityOption[]): Said => ({
  source: CARE_OFS[number - 1]!,
  options: [bid(number, CARE_OFS[number - 1]!, { priority: number }), ...options],
});

/** A node with BIDs 1, 2 and 3, each of which has been proven by itself. */
function bound(...given: ConstructorParameters<typeof Pair>): Pair {
  const pair = new Pair(...given);
  for (const number of [1, 2, 3]) expect(pair.status(identified(number))).toBe(0);
  return pair;
}

/** `fid status` of the answers to a message about BID 1 with these options. */
const said = (pair: Pair, ...options: MobilityOption[]): string[] =>
  flowStatuses(pair.update(identified(1, ...options))?.message.options);

/** `fid/priority>bids` in the order of the list. */
const held = (pair: Pair, own: Address = CORRESPONDENT): string[] =>
  (pair.correspondent.cache.find(own, HOME)?.flows?.bindings ?? []).map(
    ({ fid, priority, bids }) => `${fid}/${priority}>${bids.join()}`,
  );

const node = (pair: Pair) => pair.correspondent.view().peers[0]!;

/** Care-of addresses by lane. */
const lanes = (pair: Pair): string[] =>
  (node(pair).lanes ?? []).map(({ number, careOfAddress }) => `${number} ${formatAddress(careOfAddress!)}`);

describe('[RFC 6089 §5.3] a correspondent', () => {
  it('adds a flow binding, and answers with a copy of its option and status 0', () => {
    const pair = bound();
    const option = flow(4, 10, { selector: TCP, bids: [2] });
    const answer = pair.update(identified(1, option));
    expect(answer?.message.options).toContainEqual(option);
    expect(held(pair)).toEqual(['4/10>2']);
    expect(node(pair).steering?.rules).toMatchObject([{ id: 4, name: 'fid-4', selectors: [TCP] }]);
    expect(lanes(pair)).toEqual(['1 2001:db8:b::2']);
    expect(node(pair).active).toEqual(CARE_OF);
    expect(pair.output).toContainEqual({ kind: 'forwarding', homeAddress: HOME });
  });

  it('[RFC 6089 §5.3.1] takes one that refers to the BID of the same message', () => {
    const pair = new Pair();
    const answer = pair.update(identified(2, flow(1, 1, { selector: TCP, bids: [2] })));
    expect(flowStatuses(answer?.message.options)).toEqual(['1 0']);
  });

  it('[RFC 6089 §5.3.2.1] refuses what lacks a selector or a reference (130), another format (133) and what is not bound (131)', () => {
    const pair = bound();
    const selector = { format: 'opaque', number: 77, data: new Uint8Array(3) } as const;
    expect(
      said(
        pair,
        flow(1, 1, { bids: [2] }),
        flow(2, 2, { selector: TCP }),
        flow(3, 3, { selector, bids: [2] }),
        flow(4, 4, { selector: TCP, bids: [9] }),
        flow(5, 5, { selector: TCP, bids: [0] }),
        flow(0, 6, { selector: TCP, bids: [1] }),
      ),
    ).toEqual(['1 130', '2 130', '3 133', '4 131', '5 131', '0 130']);
    expect(held(pair)).toEqual([]);
    expect(pair.counter('flow-refused-130')).toBe(3);
  });

  it('refuses copies to several care-of addresses with 129: nobody there would drop all but the first', () => {
    const pair = bound();
    expect(said(pair, flow(1, 1, { selector: TCP, bids: [1, 2] }))).toEqual(['1 129']);
    said(pair, flow(1, 1, { selector: TCP, bids: [2] }));
    expect(said(pair, flow(1, 1, { bids: [2, 3] }))).toEqual(['1 129']);
    expect(said(pair, flow(1, 1, { bids: [3, 3] }))).toEqual(['1 0']);
    expect(held(pair)).toEqual(['1/1>3']);
  });

  it('[RFC 6089 §5.3.2] refuses all options of a message that names a FID twice', () => {
    const pair = bound();
    const both = [flow(4, 10, { selector: TCP, bids: [2] }), flow(4, 11, { selector: UDP, bids: [3] })];
    expect(said(pair, ...both)).toEqual(['4 130', '4 130']);
  });

  it('[RFC 6089 §5.3.2.2] changes what an option of a known FID says, and leaves the rest', () => {
    const pair = bound();
    said(pair, flow(4, 10, { selector: TCP, bids: [2] }));
    expect(said(pair, flow(4, 10, { bids: [3] }))).toEqual(['4 0']);
    expect(held(pair)).toEqual(['4/10>3']);
    expect(said(pair, flow(4, 99, { selector: UDP }))).toEqual(['4 0']);
    expect(held(pair)).toEqual(['4/99>3']);
    expect(node(pair).steering?.rules[0]?.selectors).toEqual([UDP]);
    expect(said(pair, flow(4, 20, { bids: [9] }))).toEqual(['4 131']);
    expect(held(pair)).toEqual(['4/99>3']);
  });

  it('[RFC 6089 §5.3.3] [RFC 6089 §5.3.4] keeps what a summary names, answers what it has not (132), and drops the rest', () => {
    const pair = bound();
    said(pair, flow(4, 10, { selector: TCP, bids: [2] }), flow(5, 11, { selector: UDP, bids: [1] }));
    const before = node(pair).steering;
    expect(said(pair, summary(5, 4, 9, 9))).toEqual(['9 132']);
    expect(node(pair).steering).toBe(before);
    said(pair, summary(5));
    expect(held(pair)).toEqual(['5/11>1']);
    said(pair);
    expect(held(pair)).toEqual([]);
    expect(node(pair).steering).toBeUndefined();
  });

  it('[RFC 6089 §4.2] lets no two flow bindings have one priority, and no more than max_flows be: 129', () => {
    const pair = bound({ maxFlows: 2 });
    said(pair, flow(4, 10, { selector: TCP, bids: [2] }));
    expect(said(pair, summary(4), flow(5, 10, { selector: UDP, bids: [1] }))).toEqual(['5 129']);
    const [five, six] = [5, 6].map(fid => flow(fid, fid, { selector: UDP, bids: [1] }));
    expect(said(pair, summary(4), five!, six!)).toEqual(['5 0', '6 129']);
    expect(held(pair)).toEqual(['5/5>1', '4/10>2']);
  });

  it('[RFC 6089 §5.3.5] refuses all with 128 where the configuration allows none, and where it is a mobile node itself', () => {
    const ask = [flow(1, 1, { selector: TCP, bids: [1] }), summary(7)];
    for (const pair of [
      bound({ maxFlows: 0 }),
      bound({}, { isMobile: own => equalAddress(own, CORRESPONDENT) }),
    ]) {
      expect(said(pair, ...ask)).toEqual(['1 128']);
      expect(node(pair).steering).toBeUndefined();
    }
  });

  it('says nothing about flows in a message that it refuses, or that nobody could have sent', () => {
    const pair = bound();
    said(pair, flow(4, 10, { selector: TCP, bids: [2] }));
    const option = flow(4, 10, { bids: [3] });
    expect(
      pair.update({ ...identified(1, option), key: kbm => kbm.map(octet => octet ^ 1) }),
    ).toBeUndefined();
    pair.sequence -= 10;
    const answer = pair.update(identified(1, option));
    expect([answer?.message.status, flowStatuses(answer?.message.options)]).toEqual([135, []]);
    expect(held(pair)).toEqual(['4/10>2']);
  });

  it('[RFC 6275 §9.1] keeps the flow bindings of each of its addresses apart', () => {
    const pair = bound();
    said(pair, flow(4, 10, { selector: TCP, bids: [2] }));
    const elsewhere = identified(1, flow(4, 20, { selector: UDP, bids: [1] }));
    pair.update({ ...elsewhere, destination: OTHER_OWN });
    expect([held(pair), held(pair, OTHER_OWN)]).toEqual([['4/10>2'], ['4/20>1']]);
  });
});

describe('[RFC 6089 §4.3] [RFC 6089 §5.3.1] when bindings come and go', () => {
  const withFlow = (): Pair => {
    const pair = bound();
    said(pair, flow(4, 10, { selector: TCP, bids: [3] }), flow(5, 11, { selector: UDP, bids: [2] }));
    return pair;
  };
  const leave = (number: number, ...options: MobilityOption[]): Said => ({
    ...identified(number, ...options),
    source: CARE_OF,
    lifetime: 0,
  });

  it('a flow binding is inactive while its BID is not bound, and then active again', () => {
    const pair = withFlow();
    const before = lanes(pair);
    expect(pair.status(leave(3, summary(4, 5)))).toBe(0);
    expect(node(pair).steering?.rules.map(({ id }) => id)).toEqual([5]);
    expect(held(pair)).toEqual(['4/10>3', '5/11>2']);
    expect(pair.status(identified(3, summary(4, 5)))).toBe(0);
    expect(lanes(pair)).toEqual(before);
  });

  it('a de-registration of one BID that names no flow binding ends them, one of all BIDs ends everything', () => {
    const pair = withFlow();
    pair.status(leave(3));
    expect(held(pair)).toEqual([]);
    said(pair, flow(5, 11, { selector: UDP, bids: [2] }));
    expect(flowStatuses(pair.update({ lifetime: 0, options: [summary(5)] })?.message.options)).toEqual([]);
    expect(pair.bindings()).toEqual([]);
    for (const number of [1, 2]) pair.status(identified(number));
    expect(flowStatuses(pair.update(identified(1, summary(5)))?.message.options)).toEqual(['5 132']);
  });

  it('[RFC 6089 §5.2.2.2] another care-of address of its BID moves it without a word', () => {
    const pair = withFlow();
    const moved = address('2001:db8:bb::2');
    pair.update({ source: moved, options: [bid(3, moved, { priority: 3 }), summary(4, 5)] });
    expect(lanes(pair)).toContain('1 2001:db8:bb::2');
  });

  it('a path that the node has demoted hands its flows on to the others, in their order', () => {
    const pair = withFlow();
    pair.update({
      source: CARE_OF_3,
      options: [bid(3, CARE_OF_3, { priority: 127 }), summary(4, 5)],
    });
    expect(lanes(pair)[0]).toBe('1 2001:db8:a::2');
  });

  it('the end of a binding leaves its flows to the others until the node says more', () => {
    const pair = bound();
    pair.now += 300_000;
    said(pair, flow(4, 10, { selector: TCP, bids: [3] }));
    pair.wait(121_000);
    expect(pair.bindings()).toEqual(['1 2001:db8:a::2']);
    expect(node(pair).steering).toBeUndefined();
    expect(held(pair)).toEqual(['4/10>3']);
  });
});

describe('[mmi-02 §7.2] [mmi-02 §7.3] load balancing with mobile nodes that speak it', () => {
  const dialect = { options: { 'load-balancing': 201 } } as const;
  const balance = (careOfAddress: Address, destination: number, careOfAddressId = 1): MobilityOption => ({
    kind: 'load-balancing',
    source: 1,
    destination,
    careOfAddressId,
    careOfAddress,
  });

  it('divides what no flow binding matches by the weights of each message', () => {
    const pair = bound({ dialect });
    said(pair, flow(4, 10, { selector: TCP, bids: [3] }), balance(CARE_OF, 7), balance(CARE_OF_2, 3, 2));
    const rules = node(pair).steering?.rules ?? [];
    expect(rules.map(({ name }) => name)).toEqual(['fid-4', 'load-balancing']);
    expect(rules[1]?.action).toMatchObject({
      kind: 'lanes',
      per: 'flow',
      shares: [{ weight: 7 }, { weight: 3 }],
    });
    expect(new Set(lanes(pair).map(text => text.split(' ')[1]))).toEqual(
      new Set(CARE_OFS.map(formatAddress)),
    );
    said(pair, summary(4));
    expect(node(pair).steering?.rules.length).toBe(1);
  });

  it('counts no care-of address that is not bound, nor one of which it says nothing', () => {
    const pair = bound({ dialect });
    said(pair, balance(address('2001:db8:d::2'), 7), balance(CARE_OF_2, 0, 2), balance(CARE_OF_3, 1, 3));
    expect(node(pair).steering?.rules[0]?.action).toMatchObject({ shares: [{ weight: 1 }] });
  });

  it('does not know the option of others', () => {
    const pair = bound();
    said(pair, { kind: 'opaque', type: 201, data: new Uint8Array(18) });
    expect(node(pair).steering).toBeUndefined();
  });
});

it('status tells of flow bindings, and which are active', () => {
  const pair = bound();
  said(pair, flow(4, 10, { selector: { ...TCP, outsidePort: { start: 443 } }, bids: [2] }));
  expect(reportCorrespondent(pair.correspondent, pair.now).nodes[0]?.flowBindings).toEqual([
    { fid: 4, priority: 10, selector: 'tcp, outside port 443', bids: [2], active: true },
  ]);
});
