/** A home agent with many nodes, of which one at a time changes. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnchorNode } from '../../../src/engine/view.ts';
import { AnchorForwarding } from '../../../src/forwarding/anchor-forwarding.ts';
import { diffForwarding } from '../../../src/forwarding/diff.ts';
import { ownedState } from '../../../src/forwarding/owned.ts';
import type { ForwardingParts, ForwardingState } from '../../../src/forwarding/state.ts';
import { emitLink, LinkType } from '../../../src/netlink/link.ts';
import { RouteType } from '../../../src/netlink/route.ts';
import { formatPrefix } from '../../../src/wire/address.ts';
import { seed } from '../wire/seed.ts';
import { address, anchorView, prefix, whole } from './examples.ts';
import { setUp } from './faked-host.ts';

const NODES = 6;
const EBUSY = 16;

function node(number: number, bindings: AnchorNode['bindings'], active?: number): AnchorNode {
  const own = prefix(`2001:db8:${(0x1000 + number).toString(16)}::/48`);
  return {
    name: `n${number}`,
    homeAddress: address(`2001:db8:100::${number + 1}`),
    prefixes: [own],
    authorisedPrefixes: [own],
    bindings,
    active,
  };
}
const unbound = Array.from({ length: NODES }, (_, number) => node(number, []));

/** One of few care-of addresses, so that nodes take each other's. */
const anyBindings = fc.uniqueArray(
  fc.record({
    bid: fc.integer({ min: 1, max: 3 }),
    careOfAddress: fc.integer({ min: 1, max: 8 }).map(last => address(`2001:db8:a::${last}`)),
  }),
  { selector: binding => binding.bid, maxLength: 3 },
);
const anyNode = fc
  .tuple(fc.integer({ min: 0, max: NODES - 1 }), anyBindings)
  .map(([number, bindings]) => ({ number, changed: node(number, bindings, bindings[0]?.bid) }));

/** Without what the filter remembers of combinations of nodes that no tunnel is of at present. */
function inForce(parts: ForwardingParts) {
  const groups = new Set([...parts.values()].flatMap(part => part.tunnels.map(({ group }) => group)));
  const { filter, ...common } = parts.get('common')!;
  const sources = filter!.sources.filter(({ group }) => groups.has(group));
  const texts = sources.map(({ group, prefix }) => `${group} ${formatPrefix(prefix)}`).sort();
  return [...parts].map(([name, part]) => (name === 'common' ? { ...common, texts } : [name, part]));
}

it('parts made one after the other are those made at once', () => {
  fc.assert(
    fc.property(fc.array(anyNode, { minLength: 1, maxLength: 30 }), moves => {
      const anchor = new AnchorForwarding(anchorView(...unbound));
      const parts = anchor.parts();
      const nodes = [...unbound];
      for (const { number, changed } of moves) {
        nodes[number] = changed;
        for (const [name, part] of anchor.change(changed)) parts.set(name, part);
        expect(inForce(parts)).toEqual(inForce(new AnchorForwarding(anchorView(...nodes)).parts()));
      }
    }),
    { seed, numRuns: 200 },
  );
});

/** What a comparison of everything, from nothing, finds in the kernel. */
function differences(nodes: readonly AnchorNode[], { reconciler }: ReturnType<typeof setUp>) {
  const state: ForwardingState = whole(new AnchorForwarding(anchorView(...nodes)).parts());
  return diffForwarding(state, ownedState(reconciler.view, { states: new Map(), policies: new Map() }, []));
}

it('the kernel follows every move, and repairs what others break, by comparing only what changed', async () => {
  const breaks = fc.oneof({ arbitrary: fc.constant(false), weight: 12 }, fc.boolean());
  const anyMoves = fc.array(fc.record({ move: anyNode, breaks, wait: fc.nat({ max: 700 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(anyMoves, async moves => {
      const all = setUp();
      const anchor = new AnchorForwarding(anchorView(...unbound));
      const nodes = [...unbound];
      all.reconciler.start();
      all.reconciler.apply(anchor.parts());
      for (const { move, breaks, wait } of moves) {
        nodes[move.number] = move.changed;
        all.reconciler.change(anchor.change(move.changed));
        await all.pass(wait);
        const tunnel = [...all.reconciler.view.links].find(link => link.name.startsWith('kdg-'));
        if (breaks && tunnel) {
          all.kernel.meddle('link', 'delete', emitLink({ index: tunnel.index, name: tunnel.name }));
        }
      }
      await all.pass(60_000);
      expect(differences(nodes, all)).toEqual([]);
      expect(all.reconciler.pending()).toEqual([]);
      expect(all.reconciler.refusals).toEqual([]);
      // Without others' doing nothing is refused on the way: whoever holds the ends of another's tunnel makes way first.
      const warnings = all.reports.filter(report => report.startsWith('warning'));
      if (!moves.some(move => move.breaks)) expect(warnings).toEqual([]);
    }),
    { seed, numRuns: 60 },
  );
});

it('a change of one node among a thousand is a handful of requests, and the filter is loaded once', async () => {
  const nodes = Array.from({ length: 1000 }, (_, number) =>
    node(number, [{ bid: 1, careOfAddress: address(`2001:db8:a::${number.toString(16)}`) }], 1),
  );
  const all = setUp();
  const anchor = new AnchorForwarding(anchorView(...nodes));
  all.reconciler.start();
  all.reconciler.apply(anchor.parts());
  await all.pass(1000);
  expect(all.kernel.objects.link.size).toBe(3 + nodes.length);
  const before = all.kernel.requests.length;
  const moved = node(500, [{ bid: 1, careOfAddress: address('2001:db8:b::1') }], 1);
  all.reconciler.change(anchor.change(moved));
  await all.pass(1000);
  expect(all.kernel.requests.length - before).toBe(1);
  expect(all.kernel.link('kdg-n500.1')?.tunnel?.remote).toEqual(address('2001:db8:b::1'));
  all.reconciler.change(anchor.change(node(500, [])));
  await all.pass(1000);
  expect(all.kernel.link('kdg-n500.1')).toBeUndefined();
  expect(all.reconciler.pending()).toEqual([]);
  expect(all.filters).toHaveLength(1);
});

it('what was refused is tried again, whatever else is wanted meanwhile', async () => {
  const bound = (number: number, careOfAddress: string) =>
    node(number, [{ bid: 1, careOfAddress: address(careOfAddress) }], 1);
  const all = setUp();
  const anchor = new AnchorForwarding(anchorView(...unbound));
  all.reconciler.start();
  all.reconciler.apply(anchor.parts());
  all.reconciler.change(anchor.change(bound(0, '2001:db8:a::1')));
  await all.pass(1000);
  let wanted = false;
  const moved = address('2001:db8:b::1');
  all.kernel.refuse = ({ type, body }) => {
    // While the routes of the second node come, a third one registers.
    if (type === RouteType.new && !wanted) {
      wanted = true;
      all.reconciler.change(anchor.change(bound(2, '2001:db8:a::3')));
    }
    return type === LinkType.new && String(body).includes(String(moved)) ? EBUSY : undefined;
  };
  all.reconciler.change(anchor.change(bound(0, '2001:db8:b::1')));
  all.reconciler.change(anchor.change(bound(1, '2001:db8:a::2')));
  await all.pass(20);
  expect(wanted).toBe(true);
  expect(all.reconciler.refusals).toHaveLength(1);
  all.kernel.refuse = () => undefined;
  await all.pass(20_000);
  expect(all.reconciler.refusals).toEqual([]);
  expect(all.kernel.link('kdg-n0.1')?.tunnel?.remote).toEqual(moved);
});
