/** Paths to a home agent that knows no Heartbeats are probed by ICMPv6 Echo. */
import { describe, expect, it } from 'vitest';
import { UNSPECIFIED } from '../../../../src/wire/address.ts';
import { emitMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { HOME, HOME_AGENT } from '../anchor.ts';
import { Router } from '../router.ts';

const UNKNOWN_TYPE = { kind: 'binding-error', status: 2, homeAddress: UNSPECIFIED, options: [] } as const;

/** It takes one care-of address, answers echoes, and no Heartbeat. */
function foreign(answersEcho = ['lte0', 'wifi0']): Router {
  const router = new Router({ registration: 'regular', probe: 'fast', auth: { kind: 'none' } });
  router.answersEcho = answersEcho;
  router.start();
  return router;
}

const states = (router: Router) => router.router.entries.map(({ prober }) => prober.state);

describe('a home agent that answers no Heartbeat', () => {
  it('[RFC 4443 §4.1] is asked by Echo when they have found no answer, and then by nothing else', () => {
    const router = foreign();
    router.wait(10_000);
    expect(states(router)[0]).toBe('alive');
    const { probes, echoes } = router;
    router.wait(60_000);
    expect(router.probes).toBe(probes);
    expect(router.echoes).toBeGreaterThan(echoes + 30);
  });

  it('is asked so at once when it says by a Binding Error that it knows none', () => {
    const router = foreign();
    router.say(UNKNOWN_TYPE);
    const { probes } = router;
    router.wait(300);
    expect(states(router)[0]).toBe('alive');
    expect(router.probes).toBe(probes);
  });

  it('loses its traffic from a silent uplink within half a second', () => {
    const router = foreign();
    router.wait(10_000);
    expect(router.active).toBe('lte');
    router.answersEcho = ['wifi0'];
    router.wait(1500);
    expect(router.active).toBe('wifi');
    expect(states(router)).toEqual(['dead', 'alive']);
  });

  it('answers no echo either: probes are seldom, and silence is not held against it', () => {
    const router = foreign([]);
    router.wait(10_000);
    const { probes, echoes } = router;
    router.wait(60_000);
    expect(router.probes - probes).toBeLessThanOrEqual(2);
    expect(router.echoes - echoes).toBeLessThanOrEqual(2);
    expect(router.active).toBe('lte');
    expect(states(router)[0]).toBe('unknown');
  });

  it('is known as such after a restart', () => {
    const router = foreign();
    router.wait(10_000);
    const { probes } = router;
    router.restart();
    router.wait(5000);
    expect(states(router)[0]).toBe('alive');
    expect(router.probes).toBe(probes);
  });

  it('is asked over an uplink that was left, from its care-of address, and the uplink is used once it answers', () => {
    const router = foreign();
    router.wait(10_000);
    router.answersEcho = ['wifi0'];
    router.wait(60_000);
    expect(router.active).toBe('wifi');
    router.answersEcho = ['lte0', 'wifi0'];
    router.wait(2000);
    expect(router.active).toBe('lte');
    expect(router.router.watch.byEcho).toBe(true);
  });

  it('gets Heartbeats again once it sends one', () => {
    const router = foreign();
    router.wait(10_000);
    const heartbeat = {
      kind: 'heartbeat',
      response: false,
      unsolicited: false,
      sequence: 7,
      options: [],
    } as const;
    router.receive(emitMobilityPacket({ source: HOME_AGENT, destination: HOME, message: heartbeat }));
    const { probes, echoes } = router;
    router.wait(300);
    expect(router.probes).toBeGreaterThan(probes);
    expect(router.echoes).toBe(echoes);
  });
});

it('a home agent of several care-of addresses is asked from each of them, and answers there', () => {
  const router = new Router({ probe: 'fast', auth: { kind: 'none' } });
  router.answersEcho = ['lte0', 'wifi0'];
  router.start();
  router.wait(10_000);
  expect(states(router)).toEqual(['alive', 'alive']);
  router.answersEcho = ['wifi0'];
  router.wait(1000);
  expect(states(router)).toEqual(['dead', 'alive']);
  expect(router.active).toBe('wifi');
});

describe('an Echo Reply', () => {
  it('with another secret, or of somebody else, proves nothing', () => {
    const router = foreign([]);
    router.say(UNKNOWN_TYPE);
    const octets = new Uint8Array(20);
    octets[0] = 129;
    for (const source of [HOME_AGENT, HOME]) {
      router.input({
        kind: 'packet',
        packet: { source, destination: HOME, nextHeader: 58, bytes: octets, device: 'lte0', hopLimit: 64 },
      });
    }
    expect(states(router)[0]).toBe('unknown');
  });
});
