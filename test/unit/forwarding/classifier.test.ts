/** Classifiers as nftables text, and what a change of one writes. That kernels take it is for the lab. */
import { describe, expect, it } from 'vitest';
import type { FlowSelector, SteeringRule } from '../../../src/engine/steering.ts';
import { ClassifierLoader } from '../../../src/forwarding/classifier-loader.ts';
import { DEFAULT_MARKS, ruleNumbers } from '../../../src/forwarding/marks.ts';
import { selectorText } from '../../../src/forwarding/selector-text.ts';
import { chosenShares } from '../../../src/forwarding/shares.ts';
import type { Classifier } from '../../../src/forwarding/state.ts';
import { address, MOBILE_NETWORK } from './examples.ts';

const rule = (id: number, more: Partial<SteeringRule> = {}): SteeringRule => ({
  id,
  name: `flow${id}`,
  selectors: [{ outsidePort: { start: id } }],
  action: { kind: 'lanes', shares: [{ lane: id, weight: 1 }], per: 'flow' },
  ...more,
});
const classifier = (scope: string, rules: readonly SteeringRule[]): Classifier => ({
  scope,
  direction: 'outward',
  prefixes: [MOBILE_NETWORK],
  rules,
  returns: [],
  marks: DEFAULT_MARKS,
});

function load(loader: ClassifierLoader): string {
  const script = loader.script();
  script?.taken();
  return script?.text ?? '';
}

describe('a selector', () => {
  const all: FlowSelector = {
    inside: { start: address('2001:db8::1') },
    outside: { start: address('2001:db8::'), end: address('2001:db8::ff') },
    protocol: { start: 17 },
    insidePort: { start: 1, end: 9 },
    outsidePort: { start: 53 },
    dscp: { start: 46 },
    flowLabel: { start: 5 },
    linkLayerAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
    mark: { value: 16, mask: 240 },
  };
  it('looks at the end of the packet that is in the mobile network', () => {
    expect(selectorText(all, 'outward')).toBe(
      'ether saddr 02:00:00:00:00:01 ip6 saddr 2001:db8::1 ip6 daddr 2001:db8::-2001:db8::ff ip6 dscp 46 ' +
        'ip6 flowlabel 5 meta l4proto 17 th sport 1-9 th dport 53 meta mark & 240 == 16',
    );
    expect(selectorText({ inside: all.inside, outsidePort: all.outsidePort }, 'inward')).toBe(
      'ip6 daddr 2001:db8::1 meta l4proto { 6, 17, 33, 132, 136 } th sport 53',
    );
    expect(selectorText({ spi: { start: 7, end: 8 } }, 'inward')).toBe('meta l4proto 50 @th,0,32 7-8');
  });
});

describe('shares', () => {
  it('are exact where they can be, and mix well', () => {
    expect(chosenShares([70, 30])).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 1, 0]);
    expect(chosenShares([1, 1, 2])).toEqual([2, 0, 1, 2]);
    const many = chosenShares([300, 200, 214, 86, 125, 75]);
    expect(many).toHaveLength(100);
    expect(many.filter(share => share < 2)).toHaveLength(50);
  });
});

describe('numbers of rules', () => {
  it('are their ids, except for those that no slot can hold', () => {
    expect([...ruleNumbers([1, 65_536, 2039, 7], DEFAULT_MARKS)]).toEqual([
      [1, 1],
      [2039, 2039],
      [7, 7],
      [65_536, 2038],
    ]);
  });
});

describe('the loader', () => {
  it('writes one node alone when one changes, and asks the rules anew about its connections', () => {
    const loader = new ClassifierLoader();
    loader.want('a', classifier('na', [rule(1), rule(2)]));
    loader.want('b', classifier('nb', [rule(1)]));
    const first = load(loader);
    expect(first).toContain('chain classify {');
    // [RFC 6089 §4.3] own signalling is no flow.
    expect(first.slice(first.indexOf('chain classify_own'))).toContain('meta l4proto 135 return');
    expect(first).toContain('add element inet kedge na_slots { 0xc0000000 : return, 0xc0080000 : goto na_1');
    expect(load(loader)).toBe('');

    loader.want('a', classifier('na', [rule(2)]));
    const second = load(loader);
    expect(second).not.toMatch(/nb|chain classify/);
    expect(second).toContain(
      'add element inet kedge na_slots { 0x40000000 : return, 0x40100000 : goto na_2 }',
    );
    expect(second).toContain('delete chain inet kedge na_1\n');
    expect(second).toContain('delete counter inet kedge na_1\n');

    loader.want('a', undefined);
    const third = load(loader);
    expect(third).toContain('delete element inet kedge outward { 2001:db8:100::/48 : jump na }');
    expect(third).toContain('delete map inet kedge na_slots');
    expect(load(loader)).toBe('');
  });

  it('has nothing to do for the same rules, whatever carries the lanes', () => {
    const loader = new ClassifierLoader();
    const rules = [rule(1)];
    loader.want('a', classifier('na', rules));
    load(loader);
    loader.want('a', classifier('na', rules));
    expect(loader.script()).toBeUndefined();
  });

  it('writes all of it again when the table was emptied, and leaves connections what they have', () => {
    const loader = new ClassifierLoader();
    loader.want('a', classifier('na', [rule(1)]));
    const text = load(loader);
    loader.forget();
    expect(load(loader)).toBe(text);
  });

  it('tries again what was not taken', () => {
    const loader = new ClassifierLoader();
    loader.want('a', classifier('na', [rule(1)]));
    const text = loader.script()!.text;
    loader.want('a', classifier('na', [rule(1), rule(3)]));
    expect(loader.script()!.text).not.toBe(text);
    load(loader);
    expect(loader.script()).toBeUndefined();
  });
});
