/** A mobile router without a prefix of its own, and an anchor that delegates one: over hours, losses and changes. */
import { describe, expect, it } from 'vitest';
import { formatPrefix, parsePrefix } from '../../src/wire/address.ts';
import { type Dhcpv6Message, parseDhcpv6 } from '../../src/wire/dhcpv6/message.ts';
import { findOption } from '../../src/wire/dhcpv6/options.ts';
import { type Network, twoUplinks } from './network.ts';

const FIRST = '2001:db8:100:1::/64';
const SECOND = '2001:db8:100:2::/64';
const HOUR = 3_600_000;
const DELEGATED = { prefixes: [], mode: 'implicit', delegation: { mode: 'explicit', leases: [] } } as const;

type Changes = Parameters<typeof twoUplinks>[1] & object;

const delegating = (seed: number, changes: Changes = {}): Network =>
  twoUplinks(seed, {
    ...changes,
    router: { ...DELEGATED, probe: 'saver', ...changes.router },
    peer: { delegation: true, ...changes.peer },
    anchor: { delegationLifetime: 3600, probe: 'saver', ...changes.anchor },
  });

/** The anchor reads a configuration in which the peer is another one. */
function restartAnchor(network: Network, peer: object): void {
  const [before] = network.anchorConfig.peers;
  network.startAnchor({ ...network.anchorConfig, peers: [{ ...before!, ...peer }] });
}

const leases = (network: Network): string[] =>
  network.router!.delegation!.leases.map(({ prefix }) => formatPrefix(prefix));

/** At both ends, which must agree. */
function network64(network: Network): string[] {
  const [node] = network.anchor!.cache.nodes();
  const texts = network.router!.config.prefixes.map(formatPrefix);
  expect(node!.prefixes.map(formatPrefix)).toEqual(texts);
  return texts;
}

function inner(packet: Uint8Array): Dhcpv6Message {
  const outer = parseDhcpv6(packet.subarray(48));
  if (!outer.ok) throw new Error(outer.error.rule);
  const message = parseDhcpv6(findOption(outer.value.options, 'relay-message')!.message);
  if (!message.ok) throw new Error(message.error.rule);
  return message.value;
}

const said = (network: Network, from = 0): string[] =>
  network.datagrams.filter(({ at }) => at >= from).map(({ packet }) => inner(packet).kind);

const told = (network: Network): string[] =>
  network.events
    .filter(({ name }) => /prefix-|delegation-/.test(name))
    .map(({ role, text }) => `${role}: ${text}`);

describe('[RFC 6276 §3] a delegated prefix', () => {
  it('is asked for through the tunnel, and named in the registrations that follow', () => {
    const network = delegating(1);
    network.run(45);
    // Registered as a router whose network the home agent knows.
    expect(network.router!.active.entry).toBeDefined();
    expect(network.router!.registrar.terms.mode).toBe('implicit');
    network.run(3000);
    expect(said(network)).toEqual(['solicit', 'reply']);
    expect(network64(network)).toEqual([FIRST]);
    expect(network.router!.registrar.terms.namedPrefixes.map(formatPrefix)).toEqual([FIRST]);
    expect(told(network)).toEqual([
      `anchor: vessel: ${FIRST} delegated for 3600 s`,
      `router: mobile network prefix ${FIRST} delegated by 2001:db8:ffff::1`,
    ]);
    expect(network.router!.delegation!.report(network.now)).toMatchObject({
      state: 'bound',
      prefixes: [{ prefix: FIRST, preferred: expect.any(Number), valid: expect.any(Number) }],
      complaint: null,
    });
  });

  it('is not named where the configuration wants implicit mode', () => {
    const network = delegating(2, { router: { delegation: { mode: 'implicit', leases: [] } } });
    network.run(3000);
    expect(network64(network)).toEqual([FIRST]);
    expect(network.router!.registrar.terms.namedPrefixes).toEqual([]);
  });

  it('comes although a third of all packets is lost', () => {
    for (const seed of [3, 4, 5, 6]) {
      const loss = { lossUp: 0.33, lossDown: 0.33 };
      const network = delegating(seed, { lte: loss, wifi: loss });
      network.run(60_000);
      expect(network64(network)).toEqual([FIRST]);
    }
  });

  it('[RFC 8415 §18.2.4] is renewed in time, and nothing else happens', () => {
    const network = delegating(7);
    network.run(3000);
    const from = network.now;
    network.run(2 * HOUR);
    // T1 is a quarter of the hour.
    const messages = said(network, from);
    expect(messages.length).toBeGreaterThanOrEqual(14);
    expect(messages.length).toBeLessThanOrEqual(16);
    expect(new Set(messages)).toEqual(new Set(['renew', 'reply']));
    expect(told(network)).toHaveLength(2);
    expect(network64(network)).toEqual([FIRST]);
  });

  it('stays through moves without a word', () => {
    const network = delegating(8);
    network.run(3000);
    const from = network.now;
    network.setCarrier('lte', false);
    network.run(5000);
    network.setSilent('wifi', true);
    network.setCarrier('lte', true);
    network.run(5000);
    network.setSilent('wifi', false);
    network.run(5000);
    expect(said(network, from)).toEqual([]);
    expect(network64(network)).toEqual([FIRST]);
  });

  it('outlives a restart of either end', () => {
    const network = delegating(9);
    network.run(3000);
    const from = network.now;
    network.startRouter();
    expect(leases(network)).toEqual([FIRST]);
    network.startAnchor();
    network.run(2000);
    expect(said(network, from)).toEqual([]);
    network.run(HOUR / 3);
    expect(said(network, from)).toEqual(['renew', 'reply']);
    expect(network64(network)).toEqual([FIRST]);
  });

  it('is the same for a router that has forgotten everything', () => {
    const network = delegating(10);
    network.run(3000);
    network.records.router.clear();
    network.startRouter();
    network.run(5000);
    expect(network64(network)).toEqual([FIRST]);
  });
});

describe('another prefix', () => {
  const other = { prefixes: [parsePrefix(SECOND)!] };

  it('[RFC 3963 §5.4.2] is asked for when the home agent refuses the one that it has delegated', () => {
    const network = delegating(11, { router: { lifetime: 60 } });
    network.run(3000);
    restartAnchor(network, other);
    const from = network.now;
    network.run(120_000);
    expect(said(network, from).slice(0, 4)).toEqual(['release', 'reply', 'solicit', 'reply']);
    expect(network64(network)).toEqual([SECOND]);
    expect(told(network).slice(2)).toEqual([
      `router: mobile network prefix ${FIRST} refused: given back`,
      `anchor: vessel: ${SECOND} delegated for 3600 s`,
      `router: mobile network prefix ${SECOND} delegated by 2001:db8:ffff::1`,
    ]);
  });

  it('[RFC 8415 §18.3.4] comes with the renewal, the old one ends', () => {
    const network = delegating(12, {
      router: { lifetime: 3600, delegation: { mode: 'implicit', leases: [] } },
    });
    network.run(3000);
    restartAnchor(network, other);
    network.run(HOUR / 3);
    expect(network64(network)).toEqual([SECOND]);
    expect(told(network).slice(2)).toEqual([
      `router: mobile network prefix ${FIRST} taken back by the home agent`,
      `router: mobile network prefix ${SECOND} delegated by 2001:db8:ffff::1`,
    ]);
  });

  it('a home agent that refuses whatever it delegates is not flooded, and not given up', () => {
    const network = delegating(13);
    network.run(3000);
    // What is delegated and what may be registered differ: nothing that an honest anchor does.
    const [node] = network.anchor!.cache.nodes();
    const wrong = { ...node!.peer, prefixes: [parsePrefix(SECOND)!], delegation: true };
    const honest = node!.peer;
    let asked = 0;
    Object.defineProperty(node!, 'peer', {
      get: () => (asked++ % 2 === 0 ? honest : wrong),
      configurable: true,
    });
    const from = network.now;
    network.run(6 * HOUR);
    expect(said(network, from).length).toBeLessThan(200);
    Object.defineProperty(node!, 'peer', { value: honest });
    network.run(2 * HOUR);
    expect(network64(network)).toEqual([FIRST]);
  });
});

describe('an anchor that delegates nothing', () => {
  it('[RFC 8415 §18.3.9] says so, is asked now and then, and heard when that changes', () => {
    const network = delegating(14, { peer: { delegation: false } });
    network.run(4 * HOUR);
    expect(leases(network)).toEqual([]);
    expect(network.router!.delegation!.report(network.now)).toMatchObject({
      state: 'asking',
      complaint: 'the home agent has no prefix for this router',
    });
    expect(told(network)).toEqual(['router: the home agent has no prefix for this router']);
    // SOL_MAX_RT of the anchor: ten minutes.
    expect(said(network).filter(kind => kind === 'solicit').length).toBeLessThan(40);
    restartAnchor(network, { delegation: true });
    network.run(700_000);
    expect(network64(network)).toEqual([FIRST]);
  });

  it('or knows nothing of it: at most an hour between two questions', () => {
    const network = delegating(15);
    const role = network.anchor!;
    const handle = role.handle.bind(role);
    role.handle = (input, now) =>
      input.kind === 'packet' && input.packet.nextHeader === 17 ? [] : handle(input, now);
    network.run(5 * HOUR);
    expect(leases(network)).toEqual([]);
    expect(network.datagrams.length).toBeLessThan(22);
    expect(network.datagrams.length).toBeGreaterThan(13);
    role.handle = handle;
    network.run(1.2 * HOUR);
    expect(network64(network)).toEqual([FIRST]);
  });
});

describe('when the home agent is away', () => {
  it('[RFC 8415 §18.2.5] the prefix is asked for until it ends, then asked for anew', () => {
    const network = delegating(16);
    network.run(3000);
    for (const uplink of ['lte', 'wifi']) network.setCarrier(uplink, false);
    const from = network.now;
    network.run(2 * HOUR);
    // Nothing leaves without a path.
    expect(said(network, from)).toEqual([]);
    expect(leases(network)).toEqual([]);
    expect(told(network).at(-1)).toBe(`router: mobile network prefix ${FIRST} has ended`);
    expect(network.router!.delegation!.report(network.now).state).toBe('waiting');
    for (const uplink of ['lte', 'wifi']) network.setCarrier(uplink, true);
    network.run(10_000);
    expect(network64(network)).toEqual([FIRST]);
  });

  it('one that does not answer is asked with growing pauses, at last whoever hears it', () => {
    const network = delegating(17);
    network.run(3000);
    const role = network.anchor!;
    const handle = role.handle.bind(role);
    role.handle = (input, now) =>
      input.kind === 'packet' && input.packet.nextHeader === 17 ? [] : handle(input, now);
    const from = network.now;
    network.run(0.7 * HOUR);
    const messages = said(network, from);
    expect(messages.filter(kind => kind === 'renew').length).toBeGreaterThan(3);
    expect(messages.filter(kind => kind === 'rebind').length).toBeGreaterThan(3);
    expect(messages.length).toBeLessThan(20);
    role.handle = handle;
    network.run(700_000);
    expect(network64(network)).toEqual([FIRST]);
    expect(told(network)).toHaveLength(2);
  });
});
