/** The home agent as a DHCPv6 server: who is answered, and what. */
import { describe, expect, it } from 'vitest';
import { HomeAgent } from '../../../../src/engine/home-agent/home-agent.ts';
import { DelegatingRouter } from '../../../../src/engine/prefix-delegation/delegating-router.ts';
import { duidOf } from '../../../../src/engine/prefix-delegation/duid.ts';
import type { HomeAgentConfig, PeerConfig } from '../../../../src/uci/types.ts';
import { formatAddress, formatPrefix } from '../../../../src/wire/address.ts';
import {
  type ClientServerMessage,
  type Dhcpv6Message,
  emitDhcpv6,
  parseDhcpv6,
} from '../../../../src/wire/dhcpv6/message.ts';
import { type Dhcpv6Option, findOption } from '../../../../src/wire/dhcpv6/options.ts';
import { parseUdpPacket } from '../../../../src/wire/udp.ts';
import { Anchor, address, CARE_OF, HOME, HOME_AGENT, PREFIX_1, PREFIX_2, prefix } from '../anchor.ts';

const TUNNEL = 'kdg-vessel.0';
const CLIENT = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1);
const OTHER = prefix('2001:db8:100:9::/64');
const SERVER = duidOf(HOME_AGENT);

const clientId: Dhcpv6Option = { kind: 'client-id', duid: CLIENT };
const serverId: Dhcpv6Option = { kind: 'server-id', duid: SERVER };
const association = (iaid = 1, prefixes = [] as (typeof PREFIX_1)[]): Dhcpv6Option => ({
  kind: 'ia-pd',
  iaid,
  t1: 0,
  t2: 0,
  options: prefixes.map(each => ({
    kind: 'ia-prefix',
    preferredLifetime: 0,
    validLifetime: 0,
    prefix: each,
    options: [],
  })),
});

class Delegating extends Anchor {
  constructor(peer: Partial<PeerConfig> = {}, config: Partial<HomeAgentConfig> = {}) {
    super({ delegation: true, ...peer }, { delegationLifetime: 3600, ...config });
    this.agent = new HomeAgent(
      this.config,
      this.clock,
      this.records,
      undefined,
      undefined,
      (agent, outbox) => new DelegatingRouter(agent, outbox, (name, bid) => `kdg-${name}.${bid}`),
    );
  }

  /** A datagram with this payload; the payload of the answer to it, if any, and its port. */
  datagram(
    bytes: Uint8Array,
    device = TUNNEL,
    source = HOME,
  ): { port: number; message: Dhcpv6Message } | undefined {
    this.input({
      kind: 'packet',
      packet: { source, destination: HOME_AGENT, nextHeader: 17, bytes, device, hopLimit: 64 },
    });
    const packet = this.sent.find(each => each[6] === 17);
    if (packet === undefined) return undefined;
    const udp = parseUdpPacket(packet);
    if (!udp.ok) throw new Error(udp.error.rule);
    expect(formatAddress(udp.value.destination)).toBe(formatAddress(source));
    const message = parseDhcpv6(udp.value.payload);
    if (!message.ok) throw new Error(message.error.rule);
    return { port: udp.value.destinationPort, message: message.value };
  }

  /** By a relay agent at the node. */
  relayed(message: Dhcpv6Message, hopCount = 0): Dhcpv6Message | undefined {
    return this.datagram(
      emitDhcpv6({
        kind: 'relay-forward',
        hopCount,
        linkAddress: HOME,
        peerAddress: HOME,
        options: [
          { kind: 'interface-id', interfaceId: CLIENT },
          { kind: 'relay-message', message: emitDhcpv6(message) },
        ],
      }),
    )?.message;
  }

  /** What the client gets. */
  ask(kind: ClientServerMessage['kind'], options: readonly Dhcpv6Option[]): ClientServerMessage | undefined {
    const answer = this.relayed({ kind, transaction: 0x123456, options });
    if (answer === undefined) return undefined;
    expect(answer.kind).toBe('relay-reply');
    expect(findOption(answer.options, 'interface-id')?.interfaceId).toEqual(CLIENT);
    const inner = parseDhcpv6(findOption(answer.options, 'relay-message')!.message);
    if (!inner.ok || !('transaction' in inner.value)) throw new Error('no message within');
    expect(inner.value.transaction).toBe(0x123456);
    expect(findOption(inner.value.options, 'server-id')?.duid).toEqual(SERVER);
    return inner.value;
  }

  dropped(reason: string): number {
    return this.agent.counters.get(reason);
  }
}

/** Bound, so that it has a tunnel. */
function bound(peer: Partial<PeerConfig> = {}): Delegating {
  const anchor = new Delegating(peer);
  expect(anchor.status()).toBe(0);
  return anchor;
}

/** `iaid: prefix preferred/valid, ... status`. */
function associations(message: ClientServerMessage | undefined): string[] {
  return (message?.options ?? []).flatMap(option => {
    if (option.kind !== 'ia-pd') return [];
    const parts = option.options.map(one =>
      one.kind === 'ia-prefix'
        ? `${formatPrefix(one.prefix)} ${one.preferredLifetime}/${one.validLifetime}`
        : one.kind === 'status-code'
          ? `status ${one.status}`
          : one.kind,
    );
    return [`${option.iaid} ${option.t1}/${option.t2}: ${parts.join(', ')}`];
  });
}

const GRANTED = `1 900/1440: ${formatPrefix(PREFIX_1)} 1800/3600, ${formatPrefix(PREFIX_2)} 1800/3600`;

describe('what is delegated', () => {
  it('[RFC 8415 §18.3.1] a Solicit is answered by an Advertise, or at once where it says so', () => {
    const anchor = bound();
    const advertise = anchor.ask('solicit', [clientId, association()]);
    expect(advertise?.kind).toBe('advertise');
    expect(findOption(advertise!.options, 'preference')?.preference).toBe(255);
    expect(associations(advertise)).toEqual([GRANTED]);
    const events = anchor.output.filter(({ kind }) => kind === 'event');
    expect(events).toEqual([]);
    const reply = anchor.ask('solicit', [clientId, { kind: 'rapid-commit' }, association()]);
    expect([reply?.kind, findOption(reply!.options, 'rapid-commit')?.kind]).toEqual([
      'reply',
      'rapid-commit',
    ]);
    expect(associations(reply)).toEqual([GRANTED]);
    expect(anchor.output).toContainEqual(
      expect.objectContaining({
        kind: 'event',
        event: expect.objectContaining({ name: 'prefix-delegated' }),
      }),
    );
  });

  it('[RFC 8415 §18.3.2] a Request gets what the configuration gives to the node, in one association', () => {
    const anchor = bound();
    expect(associations(anchor.ask('request', [clientId, serverId, association()]))).toEqual([GRANTED]);
    const two = anchor.ask('request', [clientId, serverId, association(1, [OTHER]), association(2)]);
    expect(associations(two)).toEqual([GRANTED, '2 0/0: status 6']);
  });

  it('[RFC 8415 §18.3.4] [RFC 8415 §18.3.5] Renew and Rebind: what is its own lasts longer, what is not has ended', () => {
    const anchor = bound();
    for (const [kind, own] of [
      ['renew', [clientId, serverId]],
      ['rebind', [clientId]],
    ] as const) {
      expect(associations(anchor.ask(kind, [...own, association(1, [PREFIX_1, OTHER])]))).toEqual([
        `${GRANTED}, ${formatPrefix(OTHER)} 0/0`,
      ]);
      expect(associations(anchor.ask(kind, [...own, association(1), association(2)]))[1]).toBe(
        '2 0/0: status 3',
      );
    }
  });

  it('[RFC 8415 §18.3.7] a Release is thanked for; what nobody has is said to be none', () => {
    const anchor = bound();
    const release = anchor.ask('release', [clientId, serverId, association(1, [PREFIX_1])]);
    expect([findOption(release!.options, 'status-code')?.status, associations(release)]).toEqual([0, []]);
    const other = anchor.ask('release', [clientId, serverId, association(1, [OTHER])]);
    expect(associations(other)).toEqual(['1 0/0: status 3']);
    // It is there for the next one who asks.
    expect(associations(anchor.ask('request', [clientId, serverId, association()]))).toEqual([GRANTED]);
  });

  it('nothing to a peer that is not to have it, which is told so', () => {
    const anchor = bound({ delegation: false });
    const advertise = anchor.ask('solicit', [clientId, { kind: 'rapid-commit' }, association()]);
    expect([advertise?.kind, ...associations(advertise)]).toEqual(['advertise', '1 0/0: status 6']);
    expect(associations(anchor.ask('request', [clientId, serverId, association()]))).toEqual([
      '1 0/0: status 6',
    ]);
    expect(associations(anchor.ask('renew', [clientId, serverId, association()]))).toEqual([
      '1 0/0: status 3',
    ]);
    expect(associations(anchor.ask('renew', [clientId, serverId, association(1, [PREFIX_1])]))).toEqual([
      `1 0/0: ${formatPrefix(PREFIX_1)} 0/0`,
    ]);
  });

  it('[RFC 8415 §21.24] who asks for it hears how long to wait at most', () => {
    const anchor = bound();
    const wants: Dhcpv6Option = { kind: 'option-request', codes: [82] };
    expect(
      findOption(anchor.ask('solicit', [clientId, wants, association()])!.options, 'sol-max-rt'),
    ).toEqual({
      kind: 'sol-max-rt',
      solMaxRt: 600,
    });
    expect(
      findOption(anchor.ask('solicit', [clientId, association()])!.options, 'sol-max-rt'),
    ).toBeUndefined();
  });

  it('the same after a restart, to the same identifier', () => {
    expect(duidOf(HOME_AGENT)).toEqual(SERVER);
    expect(duidOf(HOME)).not.toEqual(SERVER);
    const anchor = bound();
    const before = associations(anchor.ask('request', [clientId, serverId, association()]));
    expect(associations(bound().ask('request', [clientId, serverId, association()]))).toEqual(before);
  });
});

describe('who is answered', () => {
  const solicit = emitDhcpv6({ kind: 'solicit', transaction: 1, options: [clientId, association()] });
  const forward = emitDhcpv6({
    kind: 'relay-forward',
    hopCount: 0,
    linkAddress: HOME,
    peerAddress: HOME,
    options: [{ kind: 'relay-message', message: solicit }],
  });

  it('[RFC 6276 §3] a node by its own tunnel, and nobody else', () => {
    const anchor = bound();
    expect(anchor.datagram(forward)?.port).toBe(547);
    for (const device of ['wan', 'kdg-other.0', 'kdg-vessel.1', 'br-lan']) {
      expect(anchor.datagram(forward, device)).toBeUndefined();
    }
    expect(anchor.datagram(forward, TUNNEL, address('2001:db8:100::2'))).toBeUndefined();
    expect(anchor.dropped('dhcpv6-stranger')).toBe(5);
  });

  it('nobody without a binding', () => {
    const anchor = new Delegating();
    expect(anchor.datagram(forward)).toBeUndefined();
    anchor.update();
    expect(anchor.datagram(forward)).toBeDefined();
    anchor.update({ lifetime: 0, source: CARE_OF });
    expect(anchor.datagram(forward)).toBeUndefined();
  });

  it('[RFC 8415 §18.4] a client itself is told to use multicast, or not answered', () => {
    const anchor = bound();
    const direct = (kind: ClientServerMessage['kind'], options: readonly Dhcpv6Option[]) =>
      anchor.datagram(emitDhcpv6({ kind, transaction: 9, options }));
    for (const kind of ['request', 'renew', 'release', 'decline'] as const) {
      const answer = direct(kind, [clientId, serverId, association()]);
      expect([answer?.port, answer?.message.kind]).toEqual([546, 'reply']);
      expect(findOption(answer!.message.options, 'status-code')?.status).toBe(5);
    }
    expect(direct('solicit', [clientId, association()])).toBeUndefined();
    expect(direct('rebind', [clientId, association()])).toBeUndefined();
    expect(direct('request', [clientId, association()])).toBeUndefined();
  });

  it.each([
    ['a Solicit without a client', 'solicit', [association()]],
    ['a Solicit that names a server', 'solicit', [clientId, serverId, association()]],
    ['a Request that names none', 'request', [clientId, association()]],
    ['a Request to another one', 'request', [clientId, { kind: 'server-id', duid: CLIENT }, association()]],
    ['a Renew to another one', 'renew', [clientId, { kind: 'server-id', duid: CLIENT }, association()]],
    ['a Rebind that names a server', 'rebind', [clientId, serverId, association()]],
    ['a Release that names none', 'release', [clientId, association()]],
    ['a Confirm', 'confirm', [clientId]],
    ['a Decline', 'decline', [clientId, serverId, association(1, [PREFIX_1])]],
    ['a Reply', 'reply', [clientId, serverId]],
    ['an Information-request about prefixes', 'information-request', [clientId, association()]],
  ] as [string, ClientServerMessage['kind'], Dhcpv6Option[]][])(
    '[RFC 8415 §16] %s is discarded',
    (_, kind, options) => {
      const anchor = bound();
      expect(anchor.ask(kind, options)).toBeUndefined();
      expect(anchor.dropped('dhcpv6-unexpected')).toBe(1);
    },
  );

  it('[RFC 8415 §18.3.6] who asks for nothing but information learns the server', () => {
    expect(bound().ask('information-request', [])?.kind).toBe('reply');
  });

  it('[RFC 8415 §19.1.2] what has passed too many relay agents, or is nested, is discarded', () => {
    const anchor = bound();
    const message: Dhcpv6Message = { kind: 'solicit', transaction: 1, options: [clientId, association()] };
    expect(anchor.relayed(message, 7)?.kind).toBe('relay-reply');
    expect(anchor.relayed(message, 8)).toBeUndefined();
    expect(
      anchor.relayed({
        kind: 'relay-forward',
        hopCount: 0,
        linkAddress: HOME,
        peerAddress: HOME,
        options: [],
      }),
    ).toBeUndefined();
  });

  it('nonsense is counted, and a flood is answered now and then', () => {
    const anchor = bound();
    for (const bytes of [new Uint8Array(), Uint8Array.of(12, 0), forward.subarray(0, 50)]) {
      expect(anchor.datagram(bytes)).toBeUndefined();
    }
    anchor.now += 10_000;
    let answers = 0;
    for (let i = 0; i < 200; i++) if (anchor.datagram(forward) !== undefined) answers += 1;
    expect(answers).toBe(20);
    expect(anchor.dropped('dhcpv6-too-often')).toBe(180);
  });
});
