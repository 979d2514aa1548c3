/** For how long the mobile router asks to be registered, and when it asks again. */
import { describe, expect, it } from 'vitest';
import type { MobilityMessage } from '../../../../src/wire/mobility-message.ts';
import { CARE_OF, CARE_OF_2, HOME } from '../anchor.ts';
import { CORRESPONDENT } from '../correspondent/mobile-node.ts';
import { Router } from '../router.ts';
import { DirectNode, OTHER, PATHS } from './direct-node.ts';

const ALONE = { uplinks: [{ name: 'lte', device: 'lte0', priority: 1, bid: 1 }] };
const lifetimes = ({ updates }: Router) => updates.map(({ message }) => message.lifetime);

describe('the lifetime that is asked for', () => {
  it('[RFC 6275 §11.7.1] is no greater than that of the care-of address', () => {
    const router = new Router(ALONE);
    router.status.lte.ends = [{ address: CARE_OF, validUntil: router.now + 303_000 }];
    router.start();
    expect(lifetimes(router)).toEqual([300]);
  });

  it.each([
    ['home address', 200_000, 300_000, 200],
    ['care-of address', 300_000, 200_000, 200],
  ])('[RFC 6275 §11.7.1] is that of the one that ends first: the %s', (_, home, careOf, asked) => {
    const router = new Router(ALONE);
    router.router.registrar.writer.homeAddressUntil = router.now + home;
    router.status.lte.ends = [{ address: CARE_OF, validUntil: router.now + careOf }];
    router.announce();
    expect(lifetimes(router)).toEqual([asked]);
  });

  it('[RFC 6275 §11.7.1] is not shortened by other addresses, each care-of address has its own', () => {
    const router = new Router({ registration: 'single' });
    router.status.lte.ends = [
      { address: CARE_OF_2, validUntil: router.now + 8000 },
      { address: CARE_OF, validUntil: router.now + 100_000 },
    ];
    router.start();
    expect(lifetimes(router)).toEqual([100, 600]);
  });

  it('[RFC 5648 §5.3] in one message for several it is that of the first that ends', () => {
    const router = new Router({ registration: 'bulk' });
    router.status.wifi.ends = [{ address: CARE_OF_2, validUntil: router.now + 100_000 }];
    router.start();
    expect(lifetimes(router)).toEqual([100]);
  });

  it('grows when the address lasts longer, with the next refresh', () => {
    const router = new Router(ALONE);
    router.status.lte.ends = [{ address: CARE_OF, validUntil: router.now + 100_000 }];
    router.start();
    router.status.lte.ends = [];
    router.announce();
    router.wait(74_000);
    expect(lifetimes(router)).toEqual([100, 600]);
  });
});

describe('status 1: the home prefixes are to be learnt first', () => {
  const answering = (status: number) => {
    const router = new Router(ALONE);
    router.responder = () => ({ status, lifetime: 100 });
    router.start();
    return router;
  };

  it('[RFC 6275 §11.7.1] holds the refresh until half of what remains of the binding has passed', () => {
    const held = answering(1);
    const [first] = held.updates;
    held.wait(100_000);
    expect(held.updates[1]!.at - first!.at).toBe(87_500);
    const usual = answering(0);
    usual.wait(100_000);
    expect(usual.updates[1]!.at - usual.updates[0]!.at).toBe(75_000);
  });

  it('[RFC 6275 §11.7.1] or until the answer has come', () => {
    const router = answering(1);
    router.wait(80_000);
    expect(router.updates).toHaveLength(1);
    router.router.prefixDiscovery!.forget();
    router.input({ kind: 'timer' });
    expect(router.updates).toHaveLength(2);
  });
});

describe('correspondents and the life of the home address', () => {
  const updates = (node: DirectNode) => node.sent.filter(({ message }) => message.kind === 'binding-update');
  const lifetimeOf = (message: MobilityMessage) =>
    message.kind === 'binding-update' ? message.lifetime : -1;

  it('[RFC 6275 §11.4.2] are asked for no more than the home prefix lasts', () => {
    const node = new DirectNode();
    node.homeAddressUntil = node.now + 100_000;
    node.step();
    node.homeTest();
    node.careOfTest();
    expect(node.update.message.lifetime).toBe(100);
  });

  it('[RFC 6275 §11.4.2] whose bindings would outlive it are told at once when its life is shortened, others are not', () => {
    const node = new DirectNode([CORRESPONDENT]).register();
    const before = updates(node).length;
    node.homeAddressUntil = node.now + 500_000;
    node.step();
    expect(updates(node)).toHaveLength(before);
    node.homeAddressUntil = node.now + 100_000;
    node.step();
    expect(updates(node)).toHaveLength(before + 1);
    expect(node.update.message.lifetime).toBe(100);
    node.acknowledge();
    node.wait(30_000);
    expect(updates(node)).toHaveLength(before + 1);
  });

  it('[RFC 6275 §11.4.2] with old tokens each is asked for new ones first', () => {
    const node = new DirectNode([CORRESPONDENT, OTHER]);
    node.step();
    for (const peer of [CORRESPONDENT, OTHER]) {
      expect(node.last('home-test-init', peer).at).toBe(node.now);
      expect(node.last('care-of-test-init', peer).at).toBe(node.now);
    }
    const aged = new DirectNode().register();
    aged.wait(250_000);
    const before = aged.sent.length;
    aged.homeAddressUntil = aged.now + 100_000;
    aged.step();
    expect(aged.sent.slice(before).map(({ message }) => message.kind)).toEqual([
      'home-test-init',
      'care-of-test-init',
    ]);
  });

  it('[RFC 6275 §11.4.2] have their bindings deleted when it has ended', () => {
    const node = new DirectNode().register();
    node.homeAddressUntil = node.now;
    node.step();
    expect(node.update.message.lifetime).toBe(0);
    expect(node.update.received).toMatchObject({ source: CARE_OF, homeAddress: HOME });
    node.acknowledge();
    expect(node.bindings).toEqual([]);
    const count = updates(node).length;
    node.wait(100_000);
    expect(updates(node)).toHaveLength(count);
  });

  it('[RFC 6275 §11.7.2] after each new registration at the home agent every correspondent is proven the address and told', () => {
    const node = new DirectNode([CORRESPONDENT, OTHER]);
    node.step();
    const peers = [CORRESPONDENT, OTHER];
    const answerAll = () => {
      for (const kind of ['home-test-init', 'care-of-test-init'] as const) {
        for (const peer of peers) node.answerTest(kind, peer);
      }
    };
    answerAll();
    expect(updates(node).map(({ received }) => received.destination)).toEqual(peers);
    for (const update of updates(node)) {
      node.acknowledge({ source: update.received.destination }, update as typeof node.update);
    }
    node.wait(220_000);
    const before = node.sent.length;
    node.paths = [{ ...PATHS.lte, careOfAddress: CARE_OF_2 }];
    node.step();
    const asked = node.sent.slice(before);
    for (const kind of ['home-test-init', 'care-of-test-init']) {
      const those = asked.filter(({ message }) => message.kind === kind);
      expect(those.map(({ received }) => received.destination)).toEqual(peers);
    }
    answerAll();
    const told = node.sent.slice(before).filter(({ message }) => lifetimeOf(message) > 0);
    expect(told.map(({ received }) => [received.source, received.destination])).toEqual(
      peers.map(peer => [CARE_OF_2, peer]),
    );
  });
});
