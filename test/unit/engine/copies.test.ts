/** The agreement of two ends on copies (RFC 6089 §4.2.1.3) by the GRE Key option (RFC 5845 §6.1). */
import { describe, expect, it } from 'vitest';
import { findOption, type MobilityOption } from '../../../src/wire/mobility-option.ts';
import { flowConfig } from '../../simulation/policy.ts';
import { Anchor, bid, CARE_OF, CARE_OF_2, HOME } from './anchor.ts';
import { Router } from './router.ts';

/** The last four octets of the home address. */
const KEY = new DataView(HOME.buffer, HOME.byteOffset).getUint32(12);
const ASKING: MobilityOption = { kind: 'gre-key', key: KEY };
const BOTH = [bid(1, CARE_OF), bid(2, CARE_OF_2)];

const FLOW = flowConfig('calls', ['lte', 'wifi'], { protocols: [17] }, { action: 'replicate' });

describe('the home agent', () => {
  const keyOf = (anchor: Anchor) => anchor.agent.view().nodes[0]!.copyKey;

  it('agrees with the same option, and makes copies from then on', () => {
    const anchor = new Anchor();
    const answer = anchor.update({ options: [...BOTH, ASKING] });
    expect(answer?.message.options).toContainEqual(ASKING);
    expect(keyOf(anchor)).toBe(KEY);
    anchor.restart();
    expect(keyOf(anchor)).toBe(KEY);
  });

  it('is not asked by another key, by a refused update, or by none', () => {
    const anchor = new Anchor();
    const other = anchor.update({ options: [...BOTH, { kind: 'gre-key', key: KEY + 1 }] });
    expect(findOption(other!.message.options, 'gre-key')).toBeUndefined();
    expect(anchor.agent.cache.find(HOME)!.copies).toBe(false);
    expect(findOption(anchor.update({ options: BOTH })!.message.options, 'gre-key')).toBeUndefined();
    expect(keyOf(anchor)).toBeUndefined();
  });

  it('ends them with a registration that does not ask, and with the last binding', () => {
    const anchor = new Anchor();
    anchor.update({ options: [...BOTH, ASKING] });
    anchor.update({ options: BOTH });
    expect(keyOf(anchor)).toBeUndefined();
    anchor.update({ options: [...BOTH, ASKING] });
    anchor.update({ options: [], lifetime: 0 });
    expect(keyOf(anchor)).toBeUndefined();
  });
});

describe('an end whose kernel cannot copy', () => {
  it('does not agree as a home agent, and no longer with whom it did', () => {
    const anchor = new Anchor();
    anchor.update({ options: [...BOTH, ASKING] });
    const outputs = anchor.agent.handle({ kind: 'no-copies' }, anchor.clock);
    expect(outputs.map(({ kind }) => kind)).toEqual(['forwarding', 'record']);
    expect(anchor.agent.view().nodes[0]!.copyKey).toBeUndefined();
    const answer = anchor.update({ options: [...BOTH, ASKING] });
    expect(findOption(answer!.message.options, 'gre-key')).toBeUndefined();
  });

  it('does not ask as a mobile router, and tells at once whom it had asked', () => {
    const router = new Router({ flows: [FLOW] });
    router.responder = () => ({ more: [ASKING] });
    router.start();
    expect(router.router.view().copyKey).toBe(KEY);
    router.forgetUpdates();
    router.responder = () => ({});
    router.input({ kind: 'no-copies' });
    router.wait(5000);
    expect(router.updates.length).toBeGreaterThan(0);
    expect(router.updates.map(({ message }) => findOption(message.options, 'gre-key'))).not.toContainEqual(
      ASKING,
    );
    expect(router.router.view().copyKey).toBeUndefined();
  });
});

describe('the mobile router', () => {
  const asked = (router: Router) =>
    router.updates.map(({ message }) => findOption(message.options, 'gre-key'));
  const keyOf = (router: Router) => router.router.view().copyKey;

  it('asks in each registration when a flow is to be replicated', () => {
    const router = new Router({ flows: [FLOW] }).start();
    expect(asked(router).length).toBeGreaterThan(0);
    expect(asked(router).every(option => option?.key === KEY)).toBe(true);
    expect(asked(new Router({ flows: [{ ...FLOW, action: 'prefer' }] }).start())).not.toContainEqual(ASKING);
  });

  it('makes copies when the home agent agrees, after a restart too', () => {
    const router = new Router({ flows: [FLOW] });
    router.responder = () => ({ more: [ASKING] });
    router.start();
    expect(keyOf(router)).toBe(KEY);
    router.restart();
    expect(keyOf(router)).toBe(KEY);
  });

  it('makes none when it does not, as one that does not know the option', () => {
    const router = new Router({ flows: [FLOW] }).start();
    expect(keyOf(router)).toBeUndefined();
    router.responder = () => ({ more: [{ kind: 'gre-key', key: KEY + 1 }] });
    router.wait(600_000);
    expect(keyOf(router)).toBeUndefined();
  });
});
