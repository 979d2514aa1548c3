import { describe, expect, it } from 'vitest';
import { reportHomeAgent } from '../../../../src/engine/home-agent/report.ts';
import type { PeerConfig } from '../../../../src/uci/types.ts';
import type { MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { Anchor, address, bid, CARE_OF, CARE_OF_2, CARE_OF_3, HOME, identifiers, PEER } from '../anchor.ts';
import { flow, flowStatuses, summary, TCP, UDP } from '../flow-options.ts';
import { atNodeLinkLayer, HomeLinkAnchor } from './home-link-anchor.ts';

const ONE = bid(1, CARE_OF, { priority: 1 });
const TWO = bid(2, CARE_OF_2, { priority: 2 });
const THREE = bid(3, CARE_OF_3, { priority: 3 });

/** A node with BIDs 1, 2 and 3. */
function bound(peer: Partial<PeerConfig> = {}): Anchor {
  const anchor = new Anchor(peer);
  anchor.update({ options: [ONE, TWO, THREE] });
  return anchor;
}

/** `fid status` of the answers to a message about BID 1 with these options. */
function said(anchor: Anchor, ...options: MobilityOption[]): string[] {
  return flowStatuses(anchor.update({ options: [ONE, ...options] })?.message.options);
}

/** `fid/priority>bids` in the order of the list. */
function held(anchor: Anchor): string[] {
  const flows = anchor.agent.cache.find(HOME)!.flows;
  return (flows?.bindings ?? []).map(({ fid, priority, bids }) => `${fid}/${priority}>${bids.join()}`);
}

const steering = (anchor: Anchor) => anchor.agent.view().nodes[0]!.steering;

describe('[RFC 6089 §5.3.2.1] a new flow binding', () => {
  it('is added, and acknowledged with a copy of its option and status 0', () => {
    const anchor = bound();
    const option = flow(4, 10, { selector: TCP, bids: [2] });
    const answer = anchor.update({ options: [ONE, option] });
    expect(answer?.message.status).toBe(0);
    expect(answer?.message.options).toContainEqual(option);
    expect(held(anchor)).toEqual(['4/10>2']);
  });

  it('may refer to a BID of the same message, wherever its option stands', () => {
    const anchor = new Anchor();
    const answer = anchor.update({ options: [flow(1, 1, { selector: TCP, bids: [2] }), ONE, TWO] });
    expect(flowStatuses(answer?.message.options)).toEqual(['1 0']);
  });

  it('without a traffic selector is malformed: status 130', () => {
    const anchor = bound();
    expect(said(anchor, flow(4, 10, { bids: [2] }))).toEqual(['4 130']);
    expect(held(anchor)).toEqual([]);
  });

  it('without a binding reference is malformed: status 130', () => {
    expect(said(bound(), flow(4, 10, { selector: TCP }))).toEqual(['4 130']);
  });

  it('with a selector of an unknown format is answered 133', () => {
    const selector = { format: 'opaque', number: 77, data: new Uint8Array(3) } as const;
    expect(said(bound(), flow(4, 10, { selector, bids: [2] }))).toEqual(['4 133']);
  });

  it('with a BID that is not bound is answered 131, though others are', () => {
    expect(
      said(bound(), flow(4, 10, { selector: TCP, bids: [2, 9] }), flow(5, 11, { selector: UDP, bids: [0] })),
    ).toEqual(['4 131', '5 131']);
  });

  it('is placed by its priority', () => {
    const anchor = bound();
    said(
      anchor,
      flow(1, 30, { selector: TCP, bids: [1] }),
      flow(2, 10, { selector: UDP, bids: [2] }),
      flow(3, 20, { selector: UDP, bids: [3] }),
    );
    expect(held(anchor)).toEqual(['2/10>2', '3/20>3', '1/30>1']);
  });

  it('with FID 0 or priority 0, which are reserved, is answered 130', () => {
    expect(
      said(bound(), flow(0, 1, { selector: TCP, bids: [1] }), flow(1, 0, { selector: TCP, bids: [1] })),
    ).toEqual(['0 130', '1 130']);
  });

  it('that is malformed on the wire is answered 130 with its FID and priority', () => {
    const data = Uint8Array.of(0, 7, 0, 9, 0, 0, 3, 40, 2, 0);
    const answer = bound().update({ options: [ONE, { kind: 'opaque', type: 45, data }] });
    expect(answer?.message.options).toContainEqual({
      kind: 'flow-identification',
      fid: 7,
      priority: 9,
      status: 130,
      subOptions: [],
    });
  });

  it('with sub-options that nobody knows is taken without them', () => {
    const more = [{ kind: 'opaque', type: 99, data: new Uint8Array(2) }] as const;
    const anchor = bound();
    expect(said(anchor, flow(4, 10, { selector: TCP, bids: [2], more }))).toEqual(['4 0']);
    expect(held(anchor)).toEqual(['4/10>2']);
  });
});

describe('[RFC 6089 §4.2] an option', () => {
  it('with a status in the update is taken all the same', () => {
    const option = { ...flow(4, 10, { selector: TCP, bids: [2] }), status: 133 } as MobilityOption;
    expect(said(bound(), option)).toEqual(['4 0']);
  });
});

describe('[RFC 6089 §4.3] flow bindings', () => {
  it('of two nodes with the same FIDs are apart', () => {
    const other = address('2001:db8:200::1');
    const anchor = new Anchor(
      {},
      { peers: [PEER, { ...PEER, name: 'other', homeAddress: other, prefixes: [] }] },
    );
    anchor.update({ options: [ONE, TWO, flow(4, 10, { selector: TCP, bids: [2] })] });
    anchor.update({
      homeAddress: other,
      mobileRouter: false,
      source: CARE_OF_3,
      options: [bid(1, CARE_OF_3), flow(4, 20, { selector: UDP, bids: [1] })],
    });
    expect(held(anchor)).toEqual(['4/10>2']);
    expect(anchor.agent.cache.find(other)!.flows?.bindings).toMatchObject([
      { fid: 4, priority: 20, bids: [1] },
    ]);
    anchor.update({ options: [ONE] });
    expect(anchor.agent.cache.find(other)!.flows?.bindings.length).toBe(1);
  });

  it('what no flow binding matches stays with the active binding', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    expect(steering(anchor)!.rules.length).toBe(1);
    expect(anchor.agent.view().nodes[0]!.active).toBe(1);
  });

  it('[RFC 6089 §5.2.1] a binding without a BID-PRI is the last of the others', () => {
    const anchor = new Anchor();
    anchor.update({
      options: [bid(1, CARE_OF), TWO, THREE, flow(4, 10, { selector: TCP, bids: [2] })],
    });
    expect(steering(anchor)!.lanes[0]!.bids).toEqual([2, 3, 1]);
  });

  it('[RFC 6089 §5.2.2.2] another care-of address of its BID moves it without a word', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    const moved = address('2001:db8:bb::2');
    anchor.update({ source: moved, options: [bid(2, moved, { priority: 2 }), summary(4)] });
    expect(anchor.bindings).toContain('2 2001:db8:bb::2');
    expect(steering(anchor)!.lanes[0]).toMatchObject({ bids: [2, 1, 3], active: 2 });
  });

  it('[RFC 6089 §5.2.5] a binding for the home link is one as any other', () => {
    const link = new HomeLinkAnchor();
    link.update({
      source: HOME,
      homeAddress: undefined,
      options: [
        bid(1, HOME, { home: true, priority: 1 }),
        TWO,
        atNodeLinkLayer,
        flow(4, 10, { selector: TCP, bids: [1] }),
      ],
    });
    expect(held(link)).toEqual(['4/10>1']);
    expect(steering(link)!.lanes[0]).toMatchObject({ bids: [1, 2], active: 1 });
  });

  it('[RFC 6089 §5.3.5] the acknowledgement has the BID-PRI of the update', () => {
    const anchor = new Anchor();
    const answer = anchor.update({ options: [TWO, flow(4, 10, { selector: TCP, bids: [2] })] });
    expect(identifiers(answer)).toEqual([{ bid: 2, status: 0, priority: 2 }]);
  });
});

describe('[RFC 6089 §5.3.2] a message', () => {
  it('that names a FID twice has all its Flow Identification options rejected', () => {
    const anchor = bound();
    expect(
      said(
        anchor,
        flow(4, 10, { selector: TCP, bids: [2] }),
        flow(4, 11, { selector: TCP, bids: [3] }),
        flow(5, 12, { selector: UDP, bids: [3] }),
      ),
    ).toEqual(['4 130', '4 130', '5 130']);
    expect(held(anchor)).toEqual([]);
  });

  it('that is refused changes no flow binding and says nothing about any', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    const answer = anchor.update({
      clock: -60_000,
      options: [ONE, flow(5, 11, { selector: UDP, bids: [1] })],
    });
    expect(answer?.message.status).toBe(144);
    expect(flowStatuses(answer?.message.options)).toEqual([]);
    expect(held(anchor)).toEqual(['4/10>2']);
  });

  it('that nobody has signed, or somebody else, changes no flow binding', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    const options = [ONE, flow(4, 10, { bids: [3] })];
    expect(anchor.update({ options, auth: undefined })).toBeUndefined();
    anchor.update({
      options,
      auth: { kind: 'rfc4285', spi: 256, key: new Uint8Array(16), replay: 'timestamp' },
    });
    expect(held(anchor)).toEqual(['4/10>2']);
  });
});

describe('[RFC 6089 §5.3.2.2] a known flow binding', () => {
  const anchorWith = () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    return anchor;
  };

  it('is moved by a binding reference alone: the selector stays', () => {
    const anchor = anchorWith();
    expect(said(anchor, flow(4, 10, { bids: [3] }))).toEqual(['4 0']);
    expect(held(anchor)).toEqual(['4/10>3']);
    expect(steering(anchor)?.rules[0]?.selectors).toEqual([TCP]);
  });

  it('gets another selector: the BIDs stay', () => {
    const anchor = anchorWith();
    said(anchor, flow(4, 10, { selector: UDP }));
    expect(held(anchor)).toEqual(['4/10>2']);
    expect(steering(anchor)?.rules[0]?.selectors).toEqual([UDP]);
  });

  it('gets another priority with neither', () => {
    const anchor = anchorWith();
    expect(said(anchor, flow(4, 99))).toEqual(['4 0']);
    expect(held(anchor)).toEqual(['4/99>2']);
  });

  it('stays as it was when what is asked for is refused', () => {
    const anchor = anchorWith();
    expect(said(anchor, flow(4, 20, { bids: [9] }))).toEqual(['4 131']);
    expect(held(anchor)).toEqual(['4/10>2']);
  });
});

describe('[RFC 6089 §4.2] priorities', () => {
  it('are unique: who takes the one of another flow binding is refused with 129', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    expect(said(anchor, summary(4), flow(5, 10, { selector: UDP, bids: [1] }))).toEqual(['5 129']);
    expect(
      said(
        anchor,
        summary(4),
        flow(6, 11, { selector: UDP, bids: [1] }),
        flow(7, 11, { selector: TCP, bids: [1] }),
      ),
    ).toEqual(['6 0', '7 129']);
    expect(held(anchor)).toEqual(['4/10>2', '6/11>1']);
  });

  it('may be exchanged in one message, and taken over from what goes', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }), flow(5, 11, { selector: UDP, bids: [1] }));
    expect(said(anchor, flow(4, 11), flow(5, 10))).toEqual(['4 0', '5 0']);
    expect(held(anchor)).toEqual(['5/10>1', '4/11>2']);
    expect(said(anchor, summary(4), flow(6, 10, { selector: UDP, bids: [3] }))).toEqual(['6 0']);
    expect(held(anchor)).toEqual(['6/10>3', '4/11>2']);
  });

  it('of what is refused are kept: nobody else gets them by the same message', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    expect(said(anchor, flow(4, 20, { bids: [9] }), flow(5, 10, { selector: UDP, bids: [1] }))).toEqual([
      '4 131',
      '5 129',
    ]);
    expect(held(anchor)).toEqual(['4/10>2']);
  });
});

describe('[RFC 6089 §5.3.3-5.3.4] what a message leaves out goes', () => {
  const anchorWith = () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }), flow(5, 11, { selector: UDP, bids: [1] }));
    return anchor;
  };

  it('unless a flow summary names it, which changes nothing', () => {
    const anchor = anchorWith();
    const before = steering(anchor);
    expect(said(anchor, summary(5, 4))).toEqual([]);
    expect(held(anchor)).toEqual(['4/10>2', '5/11>1']);
    expect(steering(anchor)).toBe(before);
    expect(anchor.output.some(({ kind }) => kind === 'forwarding')).toBe(false);
    said(anchor, summary(5));
    expect(held(anchor)).toEqual(['5/11>1']);
    said(anchor);
    expect(held(anchor)).toEqual([]);
    expect(steering(anchor)).toBeUndefined();
  });

  it('several summaries count together, and twice is as good as once', () => {
    const anchor = anchorWith();
    expect(said(anchor, summary(5, 5), summary(4, 5))).toEqual([]);
    expect(held(anchor).length).toBe(2);
  });

  it('a FID in a summary that is not there is answered 132, once', () => {
    const anchor = anchorWith();
    const answer = anchor.update({ options: [ONE, summary(4, 5, 9, 9)] });
    expect(answer?.message.status).toBe(0);
    expect(flowStatuses(answer?.message.options)).toEqual(['9 132']);
    expect(held(anchor).length).toBe(2);
  });

  it('a FID that the same message adds is not missing in its summary', () => {
    const anchor = anchorWith();
    expect(said(anchor, summary(4, 5, 6), flow(6, 20, { selector: TCP, bids: [1] }))).toEqual(['6 0']);
  });

  it('the end of single bindings ends flow bindings that no summary keeps', () => {
    const anchor = anchorWith();
    anchor.update({ lifetime: 0, options: [TWO, summary(4)] });
    expect(held(anchor)).toEqual(['4/10>2']);
    anchor.update({ lifetime: 0, options: [THREE] });
    expect(held(anchor)).toEqual([]);
  });

  it('a de-registration of everything ends all of them, whatever a summary says', () => {
    const anchor = anchorWith();
    anchor.update({ lifetime: 0, options: [summary(4, 5)] });
    expect(held(anchor)).toEqual([]);
    expect(anchor.bindings).toEqual([]);
  });

  it('so does the end of the last binding', () => {
    const anchor = anchorWith();
    anchor.wait(601_000);
    expect(anchor.bindings).toEqual([]);
    expect(held(anchor)).toEqual([]);
  });
});

describe('[RFC 6089 §4.3] a flow binding without a bound BID', () => {
  it('is kept and inactive, and active again when one of its BIDs is bound', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    anchor.update({ lifetime: 0, options: [TWO, summary(4)] });
    expect(held(anchor)).toEqual(['4/10>2']);
    expect(steering(anchor)).toBeUndefined();
    anchor.update({ options: [TWO, summary(4)] });
    expect(steering(anchor)?.rules.length).toBe(1);
  });

  it('ignores those that are not bound while another one is', () => {
    const anchor = bound({ symmetric: false });
    said(anchor, flow(4, 10, { selector: TCP, bids: [2, 3] }));
    anchor.update({ lifetime: 0, options: [TWO, summary(4)] });
    const { rules, lanes } = steering(anchor)!;
    expect(rules[0]!.action).toMatchObject({ kind: 'lanes' });
    expect(lanes).toMatchObject([{ bids: [3, 1], active: 3, only: false }]);
  });
});

describe('[RFC 6089 §5.3.6] what flow bindings come to', () => {
  it('rules in the order of priority; a lane begins with its BID, the others follow by BID-PRI', () => {
    const anchor = new Anchor({ symmetric: false });
    anchor.update({
      options: [
        bid(1, CARE_OF, { priority: 20 }),
        bid(2, CARE_OF_2, { priority: 30 }),
        bid(3, CARE_OF_3, { priority: 10 }),
        flow(7, 5, { selector: UDP, bids: [1] }),
        flow(8, 4, { selector: TCP, bids: [2] }),
        flow(9, 6, { selector: {}, bids: [1] }),
      ],
    });
    const { rules, lanes } = steering(anchor)!;
    expect(rules.map(({ id, selectors }) => [id, selectors])).toEqual([
      [8, [TCP]],
      [7, [UDP]],
      [9, []],
    ]);
    expect(lanes.map(({ bids }) => bids)).toEqual([
      [2, 3, 1],
      [1, 3, 2],
    ]);
    expect(rules.map(({ action }) => action)).toEqual(
      [lanes[0]!, lanes[1]!, lanes[1]!].map(({ number }) => ({
        kind: 'lanes',
        shares: [{ lane: number, weight: 1 }],
        per: 'flow',
      })),
    );
  });

  it('several BIDs: a copy for each, and two copies never on one path', () => {
    const anchor = bound({ symmetric: false });
    said(anchor, flow(4, 10, { selector: TCP, bids: [2, 3, 2] }));
    const { rules, lanes } = steering(anchor)!;
    expect(lanes.map(({ bids, only, active }) => ({ bids, only, active }))).toEqual([
      { bids: [2, 1], only: true, active: 2 },
      { bids: [3, 1], only: true, active: 3 },
      { bids: [2, 3], only: false, active: 2 },
    ]);
    const [first, second, through] = lanes.map(({ number }) => number);
    expect(rules[0]!.action).toEqual({ kind: 'replicate', lanes: [first, second], through });
  });

  it('an IPv4 selector is accepted and kept, and matches nothing: there is no IPv4 home address', () => {
    const anchor = bound();
    const selector = { format: 'ipv4', source: { start: Uint8Array.of(192, 0, 2, 1) } } as const;
    expect(said(anchor, flow(4, 10, { selector, bids: [2] }))).toEqual(['4 0']);
    expect(held(anchor)).toEqual(['4/10>2']);
    expect(steering(anchor)).toBeUndefined();
  });

  it('connections without a rule come back by the path that they go by, where there are rules or the peer wants it', () => {
    const returns = (anchor: Anchor) => {
      const { lanes = [], returns = [] } = steering(anchor) ?? {};
      return returns.map(({ bid, lane }) => {
        const { bids, only, active } = lanes.find(({ number }) => number === lane)!;
        return [bid, bids.join(), only, active];
      });
    };
    const all = [1, 2, 3].map(each => [each, `${each}`, false, each]);
    expect(returns(bound())).toEqual([]);
    expect(returns(bound({ symmetric: true }))).toEqual(all);
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }));
    expect(returns(anchor)).toEqual(all);
    // A path that the node itself has demoted carries nothing by choice.
    anchor.update({ options: [bid(3, CARE_OF_3, { priority: 127 }), summary(4)] });
    expect(returns(anchor)).toEqual([all[0], all[1], [3, '3', false, undefined]]);
  });

  it('the lane number stays while its BID comes and goes, and over a restart', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [3] }), flow(5, 11, { selector: UDP, bids: [2] }));
    const lane = (name: string) => {
      const action = steering(anchor)?.rules.find(rule => rule.name === name)?.action;
      return action?.kind === 'lanes' ? action.shares[0]!.lane : undefined;
    };
    const before = lane('fid-5');
    expect(before).toBeDefined();
    anchor.update({ lifetime: 0, options: [THREE, summary(4, 5)] });
    expect(lane('fid-4')).toBeUndefined();
    expect(lane('fid-5')).toBe(before);
    anchor.restart();
    expect(lane('fid-5')).toBe(before);
  });

  it('the same after a restart from records', () => {
    const anchor = bound();
    const outside = { start: address('2001:db8:77::'), end: address('2001:db8:77::ffff') };
    said(
      anchor,
      flow(4, 10, { selector: { outside, outsidePort: { start: 443 }, dscp: { start: 46 } }, bids: [2, 1] }),
    );
    const before = steering(anchor);
    for (const [key, value] of anchor.records) anchor.records.set(key, JSON.parse(JSON.stringify(value)));
    anchor.restart();
    expect(steering(anchor)).toEqual(before);
    expect(held(anchor)).toEqual(['4/10>2,1']);
  });

  it('a path that dies hands the lane on at once, though the node stays on its active path', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [3] }));
    const node = anchor.agent.cache.find(HOME)!;
    const third = node.bindings.get(3)!;
    Object.assign(third.prober, { state: 'dead' });
    anchor.agent.cache.rechoose(node);
    anchor.input({ kind: 'timer' });
    expect(node.active?.bid).toBe(1);
    expect(steering(anchor)?.lanes[0]).toMatchObject({ bids: [3, 1, 2], active: 1 });
    expect(anchor.output).toContainEqual({ kind: 'forwarding', homeAddress: HOME });
  });
});

describe('limits of flow bindings', () => {
  it('beyond max_flows new ones are refused with 129, known ones still change', () => {
    const anchor = bound({ maxFlows: 2 });
    const selector = TCP;
    expect(said(anchor, ...[1, 2, 3].map(fid => flow(fid, fid, { selector, bids: [1] })))).toEqual([
      '1 0',
      '2 0',
      '3 129',
    ]);
    expect(said(anchor, summary(1), flow(2, 2, { bids: [3] }), flow(4, 4, { selector, bids: [1] }))).toEqual([
      '2 0',
      '4 129',
    ]);
    expect(held(anchor)).toEqual(['1/1>1', '2/2>3']);
    expect(anchor.counter('flow-refused-129')).toBe(2);
  });

  it('[RFC 6089 §5.3.5] where the configuration allows none, each is refused with 128', () => {
    const anchor = bound({ maxFlows: 0 });
    expect(said(anchor, flow(1, 1, { selector: TCP, bids: [1] }), summary(7))).toEqual(['1 128']);
    expect(held(anchor)).toEqual([]);
    expect(steering(anchor)).toBeUndefined();
  });

  it('a node in a restart with a smaller limit keeps as many as that', () => {
    const anchor = bound();
    said(anchor, ...[1, 2, 3].map(fid => flow(fid, fid, { selector: TCP, bids: [1] })));
    const other = new Anchor({ maxFlows: 2 });
    other.now = anchor.now;
    for (const [key, value] of anchor.records) other.records.set(key, value);
    other.restart();
    expect(held(other)).toEqual(['1/1>1', '2/2>1']);
  });
});

describe('[mmi-02 §7.2] load balancing of a peer that speaks it', () => {
  const dialect = { options: { 'load-balancing': 201 } } as const;
  const balance = (careOfAddress: Uint8Array, destination: number, careOfAddressId = 1): MobilityOption => ({
    kind: 'load-balancing',
    source: 1,
    destination,
    careOfAddressId,
    careOfAddress,
  });
  const shares = (anchor: Anchor) => {
    const { rules, lanes } = steering(anchor) ?? { rules: [], lanes: [] };
    const action = rules.at(-1)?.action;
    if (action?.kind !== 'lanes') return [];
    return action.shares.map(({ lane, weight }) => [
      lanes.find(({ number }) => number === lane)!.bids[0],
      weight,
    ]);
  };

  it('divides what no flow binding matches by the D fields', () => {
    const anchor = bound({ dialect });
    said(anchor, flow(4, 10, { selector: TCP, bids: [3] }), balance(CARE_OF, 7), balance(CARE_OF_2, 3, 2));
    expect(shares(anchor)).toEqual([
      [1, 7],
      [2, 3],
    ]);
    const { rules } = steering(anchor)!;
    expect(rules.map(({ selectors }) => selectors)).toEqual([[TCP], []]);
    expect(rules[1]!.action).toMatchObject({ per: 'flow' });
  });

  it('D of 0 sends nothing there, and a care-of address without a binding counts for nothing', () => {
    const anchor = bound({ dialect });
    said(anchor, balance(CARE_OF, 0), balance(CARE_OF_2, 3, 2), balance(address('2001:db8:99::1'), 5, 3));
    expect(shares(anchor)).toEqual([[2, 3]]);
  });

  it('D of 0 everywhere leaves the active binding in charge', () => {
    const anchor = bound({ dialect });
    said(anchor, balance(CARE_OF, 0), balance(CARE_OF_2, 0, 2));
    expect(steering(anchor)).toBeUndefined();
    expect(anchor.agent.view().nodes[0]!.active).toBe(1);
  });

  it('holds until a message says otherwise, and over a restart', () => {
    const anchor = bound({ dialect });
    said(anchor, balance(CARE_OF, 7), balance(CARE_OF_2, 3, 2));
    anchor.restart();
    expect(shares(anchor).length).toBe(2);
    said(anchor, balance(CARE_OF, 1));
    expect(shares(anchor)).toEqual([[1, 1]]);
    said(anchor);
    expect(steering(anchor)).toBeUndefined();
  });

  it('means nothing to a home agent that is not configured for it', () => {
    const anchor = bound();
    const { codec } = new Anchor({ dialect });
    anchor.codec = codec;
    said(anchor, balance(CARE_OF, 7), balance(CARE_OF_2, 3, 2));
    expect(steering(anchor)).toBeUndefined();
  });
});

describe('report of flow bindings', () => {
  it('names each with what it matches and whether it counts', () => {
    const anchor = bound();
    said(anchor, flow(4, 10, { selector: TCP, bids: [2] }), flow(5, 11, { selector: UDP, bids: [1] }));
    anchor.update({ lifetime: 0, options: [TWO, summary(4, 5)] });
    expect(reportHomeAgent(anchor.agent, anchor.now, () => '').nodes[0]!.flowBindings).toEqual([
      { fid: 4, priority: 10, selector: 'tcp', bids: [2], active: false },
      { fid: 5, priority: 11, selector: 'udp', bids: [1], active: true },
    ]);
  });
});
