/** The mobile router as a DHCPv6 client, with a delegating router that answers exactly what a test wants. */
import { describe, expect, it } from 'vitest';
import { leasedConfig } from '../../../../src/engine/prefix-delegation/leased-config.ts';
import type { Output } from '../../../../src/engine/types.ts';
import { type Address, formatPrefix } from '../../../../src/wire/address.ts';
import {
  type ClientServerMessage,
  emitDhcpv6,
  parseDhcpv6,
  type RelayMessage,
} from '../../../../src/wire/dhcpv6/message.ts';
import { type Dhcpv6Option, findOption } from '../../../../src/wire/dhcpv6/options.ts';
import { parseUdpPacket } from '../../../../src/wire/udp.ts';
import { address, HOME, HOME_AGENT, PREFIX_1, PREFIX_2, prefix } from '../anchor.ts';
import { Router } from '../router.ts';

const SERVER = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 9);
const OTHER_SERVER = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 8);

interface Question {
  readonly at: number;
  readonly relay: RelayMessage;
  readonly message: ClientServerMessage;
}

const DELEGATED = { prefixes: [], mode: 'implicit', delegation: { mode: 'explicit', leases: [] } } as const;

class Requesting extends Router {
  readonly questions: Question[] = [];

  constructor(changes: ConstructorParameters<typeof Router>[0] = {}) {
    super({ ...DELEGATED, ...changes });
  }

  override input(input: Parameters<Router['input']>[0]): Output[] {
    const output = super.input(input);
    for (const one of output) {
      if (one.kind === 'send' && one.packet[6] === 17) this.#note(one.packet);
    }
    // As the daemon does.
    if (output.some(one => one.kind === 'delegation' && one.changed)) {
      this.restart(leasedConfig(this.config, this.records.get('delegation'), this.now));
    }
    return output;
  }

  #note(packet: Uint8Array): void {
    const udp = parseUdpPacket(packet);
    if (!udp.ok) throw new Error(udp.error.rule);
    expect([udp.value.source, udp.value.destination]).toEqual([HOME, HOME_AGENT]);
    const relay = parseDhcpv6(udp.value.payload);
    if (!relay.ok || relay.value.kind !== 'relay-forward') throw new Error('no Relay-forward');
    const message = parseDhcpv6(findOption(relay.value.options, 'relay-message')!.message);
    if (!message.ok || !('transaction' in message.value)) throw new Error('no message');
    this.questions.push({ at: this.now, relay: relay.value, message: message.value });
  }

  get latest(): Question {
    return this.questions.at(-1)!;
  }

  get kinds(): string[] {
    return this.questions.map(({ message }) => message.kind);
  }

  get leases(): string[] {
    return this.router.delegation!.leases.map(each => formatPrefix(each.prefix));
  }

  /** An answer to the latest question. */
  answer(
    kind: ClientServerMessage['kind'],
    options: readonly Dhcpv6Option[],
    said: {
      readonly transaction?: number;
      readonly source?: Address;
      readonly secret?: Uint8Array;
      readonly server?: Uint8Array;
      readonly client?: Uint8Array;
    } = {},
  ): Output[] {
    const { relay, message } = this.latest;
    const {
      transaction = message.transaction,
      source = HOME_AGENT,
      secret = findOption(relay.options, 'interface-id')!.interfaceId,
      server = SERVER,
      client = findOption(message.options, 'client-id')!.duid,
    } = said;
    const inner = emitDhcpv6({
      kind,
      transaction,
      options: [{ kind: 'client-id', duid: client }, { kind: 'server-id', duid: server }, ...options],
    });
    const bytes = emitDhcpv6({
      ...relay,
      kind: 'relay-reply',
      options: [
        { kind: 'interface-id', interfaceId: secret },
        { kind: 'relay-message', message: inner },
      ],
    });
    return this.input({
      kind: 'packet',
      packet: { source, destination: HOME, nextHeader: 17, bytes, device: 'kdg-lte', hopLimit: 64 },
    });
  }

  /** Asks, and has asked once. */
  override start(): this {
    super.start();
    expect(this.kinds[0]).toBe('solicit');
    return this;
  }
}

const RAPID: Dhcpv6Option = { kind: 'rapid-commit' };
const status = (code: number) => ({ kind: 'status-code' as const, status: code, message: new Uint8Array() });

interface Times {
  readonly preferred?: number;
  readonly valid?: number;
  readonly t1?: number;
  readonly t2?: number;
}

const granted = (
  prefixes = [PREFIX_1],
  { preferred = 1800, valid = 3600, t1 = 900, t2 = 1440 }: Times = {},
): Dhcpv6Option => ({
  kind: 'ia-pd',
  iaid: 1,
  t1,
  t2,
  options: prefixes.map(each => ({
    kind: 'ia-prefix',
    preferredLifetime: preferred,
    validLifetime: valid,
    prefix: each,
    options: [],
  })),
});

const nothing = (code: number): Dhcpv6Option => ({
  kind: 'ia-pd',
  iaid: 1,
  t1: 0,
  t2: 0,
  options: [status(code)],
});

function bound(times?: Times): Requesting {
  const router = new Requesting().start();
  router.answer('reply', [RAPID, granted([PREFIX_1], times)]);
  expect(router.leases).toEqual([formatPrefix(PREFIX_1)]);
  router.wait(2000);
  return router;
}

describe('[RFC 8415 §18.2.1] a Solicit', () => {
  it('asks for prefixes, from the home address by the relay agent of the same router', () => {
    const router = new Requesting().start();
    const { relay, message } = router.latest;
    expect([relay.hopCount, relay.linkAddress]).toEqual([0, HOME]);
    expect(message.options.map(({ kind }) => kind)).toEqual([
      'client-id',
      'elapsed-time',
      'option-request',
      'rapid-commit',
      'ia-pd',
    ]);
    expect(findOption(message.options, 'elapsed-time')?.elapsed).toBe(0);
  });

  it('is not sent before the home agent has accepted a binding', () => {
    const router = new Requesting();
    router.responder = () => undefined;
    router.announce();
    router.wait(60_000);
    expect(router.questions).toEqual([]);
  });

  it('[RFC 8415 §15] is repeated with growing pauses, the same transaction and the time that went by', () => {
    const router = new Requesting().start();
    router.wait(40_000);
    const at = router.questions.map(question => question.at);
    const gaps = at.slice(1).map((time, index) => time - at[index]!);
    expect(gaps.slice(0, 4).map(gap => Math.round(gap / 100))).toEqual([11, 21, 42, 84]);
    const [first, second] = router.questions;
    expect(second!.message.transaction).toBe(first!.message.transaction);
    expect(findOption(second!.message.options, 'elapsed-time')?.elapsed).toBe(Math.floor(gaps[0]! / 10));
  });

  it('[RFC 8415 §18.2.9] an Advertise of the greatest preference is taken at once', () => {
    const router = new Requesting().start();
    router.answer('advertise', [{ kind: 'preference', preference: 255 }, granted()]);
    expect(router.kinds).toEqual(['solicit', 'request']);
    expect(findOption(router.latest.message.options, 'server-id')?.duid).toEqual(SERVER);
    router.answer('reply', [granted()]);
    expect(router.leases).toEqual([formatPrefix(PREFIX_1)]);
  });

  it('others are gathered for a second, and the best one is taken', () => {
    const router = new Requesting().start();
    router.answer('advertise', [granted()], { server: OTHER_SERVER });
    router.answer('advertise', [{ kind: 'preference', preference: 5 }, granted()]);
    router.answer('advertise', [{ kind: 'preference', preference: 4 }, granted()], { server: OTHER_SERVER });
    expect(router.kinds).toEqual(['solicit']);
    router.wait(1200);
    expect(router.kinds).toEqual(['solicit', 'request']);
    expect(findOption(router.latest.message.options, 'server-id')?.duid).toEqual(SERVER);
  });

  it('[RFC 8415 §18.2.2] a server that does not keep its offer is asked ten times, then anybody', () => {
    const router = new Requesting().start();
    router.answer('advertise', [{ kind: 'preference', preference: 255 }, granted()]);
    router.wait(400_000);
    expect(router.kinds.filter(kind => kind === 'request')).toHaveLength(10);
    expect(router.kinds.at(-1)).toBe('solicit');
  });

  it('[RFC 8415 §21.24] the longest pause is what the server says', () => {
    const router = new Requesting().start();
    router.answer('advertise', [{ kind: 'sol-max-rt', solMaxRt: 30 }, nothing(6)]);
    router.answer('advertise', [{ kind: 'sol-max-rt', solMaxRt: 60 }, nothing(6)]);
    router.wait(600_000);
    const at = router.questions.map(question => question.at);
    expect(at.at(-1)! - at.at(-2)!).toBeLessThan(66_000);
    expect(at.at(-1)! - at.at(-2)!).toBeGreaterThan(54_000);
    expect(router.events.filter(({ name }) => name === 'delegation-refused')).toHaveLength(1);
  });
});

describe('what is no answer', () => {
  it.each([
    ['a transaction of another one', { transaction: 1 }],
    ['without the secret of the relay agent', { secret: new Uint8Array(8) }],
    ['from elsewhere', { source: address('2001:db8:ffff::2') }],
    ['to another client', { client: OTHER_SERVER }],
  ])('%s', (_, said) => {
    const router = new Requesting().start();
    router.answer('reply', [RAPID, granted()], said);
    expect(router.leases).toEqual([]);
  });

  it('[RFC 8415 §18.2.10] a Reply to a Solicit that does not say that it is one', () => {
    const router = new Requesting().start();
    router.answer('reply', [granted()]);
    expect(router.leases).toEqual([]);
  });

  it.each([
    ['T1 beyond T2', [PREFIX_1], { t1: 2000, t2: 1000 }],
    ['a preferred lifetime beyond the valid one', [PREFIX_1], { preferred: 4000 }],
    ['a lifetime that would have it renewed all the time', [PREFIX_1], { preferred: 10, valid: 20 }],
    ['a prefix too long for a link', [prefix('2001:db8:100:1::/65')], {}],
    ['all addresses', [prefix('::/0')], {}],
    ['no unicast', [prefix('ff00::/8')], {}],
    ['the network of the home agent', [prefix('2001:db8:ffff::/48')], {}],
    ['the network of an uplink', [prefix('2001:db8:a::/48')], {}],
  ] as [string, (typeof PREFIX_1)[], Times][])('%s', (_, prefixes, times) => {
    const router = new Requesting().start();
    router.answer('reply', [RAPID, granted(prefixes, times)]);
    router.wait(100);
    expect(router.leases).toEqual([]);
    expect(router.config.prefixes).toEqual([]);
  });
});

describe('renewal', () => {
  it('[RFC 8415 §18.2.4] [RFC 8415 §18.2.5] asks the same server from T1 on, anybody from T2 on', () => {
    const router = bound();
    const from = router.questions.length;
    router.wait(895_000);
    expect(router.questions.length).toBe(from);
    router.wait(5000);
    expect(router.latest.message.kind).toBe('renew');
    expect(findOption(router.latest.message.options, 'server-id')?.duid).toEqual(SERVER);
    router.wait(560_000);
    expect(router.latest.message.kind).toBe('rebind');
    expect(findOption(router.latest.message.options, 'server-id')).toBeUndefined();
    router.answer('reply', [granted()], { server: OTHER_SERVER });
    router.wait(901_000);
    expect(router.latest.message.kind).toBe('renew');
    expect(findOption(router.latest.message.options, 'server-id')?.duid).toEqual(OTHER_SERVER);
  });

  it('[RFC 8415 §14.2] when the server says nothing of it: at half of the preferred lifetime', () => {
    const router = bound({ t1: 0, t2: 0 });
    router.wait(880_000);
    expect(router.latest.message.kind).toBe('solicit');
    router.wait(20_000);
    expect(router.latest.message.kind).toBe('renew');
  });

  it('never, of a prefix for ever', () => {
    const router = bound({ preferred: 0xffffffff, valid: 0xffffffff, t1: 0, t2: 0 });
    router.wait(10_000_000);
    expect(router.kinds).toEqual(['solicit']);
    expect(router.router.delegation!.report(router.now)).toMatchObject({
      renewIn: null,
      prefixes: [{ valid: null }],
    });
  });

  it('tells of the new lifetimes, and nothing else', () => {
    const router = bound();
    router.wait(900_000);
    const { router: before, events } = router;
    const count = events.length;
    const output = router.answer('reply', [granted()]);
    expect(output.filter(({ kind }) => kind === 'delegation')).toEqual([
      { kind: 'delegation', changed: false },
    ]);
    expect(router.router).toBe(before);
    expect(events.length).toBe(count);
  });

  it('[RFC 8415 §18.2.10.1] a server that has forgotten it is asked for it again', () => {
    const router = bound();
    router.wait(900_000);
    router.answer('reply', [nothing(3)]);
    expect(router.latest.message.kind).toBe('request');
    router.answer('reply', [granted()]);
    expect(router.leases).toEqual([formatPrefix(PREFIX_1)]);
    // And one that gives it no more is left alone for a while: the prefix lasts until it ends.
    router.wait(900_000);
    router.answer('reply', [nothing(3)]);
    const from = router.questions.length;
    router.answer('reply', [nothing(6)]);
    router.wait(590_000);
    expect(router.questions.length).toBe(from);
    expect(router.leases).toEqual([formatPrefix(PREFIX_1)]);
  });

  it('a failure of the server is waited for', () => {
    const router = bound();
    router.wait(900_000);
    const from = router.questions.length;
    router.answer('reply', [status(1), granted()]);
    expect(router.questions.length).toBe(from);
    router.wait(15_000);
    expect(router.latest.message.kind).toBe('renew');
    expect(router.questions.length).toBe(from + 1);
  });

  it('what is not mentioned stays until it ends, what has no time left goes, what is new comes', () => {
    const router = new Requesting().start();
    const [third] = [prefix('2001:db8:100:3::/64')];
    router.answer('reply', [RAPID, granted([PREFIX_1, PREFIX_2])]);
    router.wait(902_000);
    const ended = { ...granted([PREFIX_1], { preferred: 0, valid: 0 }) } as Extract<
      Dhcpv6Option,
      { kind: 'ia-pd' }
    >;
    const fresh = granted([third]) as typeof ended;
    router.answer('reply', [{ ...fresh, options: [...fresh.options, ...ended.options] }]);
    expect(router.leases).toEqual([formatPrefix(third), formatPrefix(PREFIX_2)]);
    router.wait(100);
    expect(router.config.prefixes.map(formatPrefix)).toEqual([formatPrefix(third), formatPrefix(PREFIX_2)]);
  });
});

describe('another life', () => {
  it('has the prefix without asking, and renews it when it is due', () => {
    const router = bound();
    router.restart();
    router.wait(2000);
    expect(router.kinds).toEqual(['solicit']);
    router.wait(900_000);
    expect(router.latest.message.kind).toBe('renew');
  });

  it('does not take one that has ended, or that is of another home address', () => {
    const router = bound();
    const record = router.records.get('delegation')!;
    const { homeAddress: _, ...rest } = record;
    expect(leasedConfig(router.config, record, router.now).prefixes).toHaveLength(1);
    expect(leasedConfig(router.config, record, router.now + 3_600_000).prefixes).toEqual([]);
    expect(leasedConfig(router.config, { ...rest, homeAddress: '2001:db8::1' }, router.now).prefixes).toEqual(
      [],
    );
    expect(leasedConfig(router.config, undefined, router.now)).toMatchObject({
      prefixes: [],
      mode: 'implicit',
    });
    for (const leases of [null, 7, [null], [['nonsense', 1, 2]], [[formatPrefix(PREFIX_1)]]]) {
      expect(() => leasedConfig(router.config, { ...record, leases }, router.now)).not.toThrow();
    }
  });

  it('another home agent is asked at once whether it knows the prefix', () => {
    const other = address('2001:db8:ffff::2');
    const router = new Requesting({ homeAgents: [HOME_AGENT] }).start();
    router.answer('reply', [RAPID, granted()]);
    router.wait(1000);
    const record = { ...router.records.get('delegation')!, homeAgent: '2001:db8:ffff::2' };
    router.records.set('delegation', record);
    router.restart({ ...router.config, homeAgents: [HOME_AGENT, other] });
    router.wait(1000);
    expect(router.latest.message.kind).toBe('rebind');
  });
});
