/**
 * A home agent delegates their prefixes to mobile routers (RFC 6276): a DHCPv6 server (RFC 8415 §18.3) for nodes that have a
 * binding, which ask through their tunnel or on the home link. What a node may have stands in the configuration, so there is
 * nothing to remember: whoever asks again, after whatever restart, gets the same.
 */
import { equalAddress, equalPrefix, formatPrefix, type Prefix } from '../../wire/address.ts';
import { emitDatagram } from '../../wire/dhcpv6/datagram.ts';
import {
  CLIENT_PORT,
  type ClientServerMessage,
  emitDhcpv6,
  parseDhcpv6,
  type RelayMessage,
  SERVER_PORT,
} from '../../wire/dhcpv6/message.ts';
import {
  type Dhcpv6Option,
  type Dhcpv6OptionOfKind,
  findOption,
  OptionCode,
  Status,
} from '../../wire/dhcpv6/options.ts';
import { equalConstantTime } from '../authentication.ts';
import type { HomeAgent } from '../home-agent/home-agent.ts';
import type { MobileNode } from '../home-agent/mobile-node.ts';
import type { Outbox } from '../outbox.ts';
import type { ReceivedPacket } from '../types.ts';
import { duidOf } from './duid.ts';

/** Shares of the valid lifetime, and of the preferred one (RFC 8415 §14.2). */
const PREFERRED_SHARE = 0.5;
const T1_SHARE = 0.5;
const T2_SHARE = 0.8;
/** Seconds: who has no prefix yet need not wait for an hour until somebody has seen to it. */
const SOL_MAX_RT = 600;
/** RFC 8415 §19.1.2. */
const HOP_COUNT_LIMIT = 8;
const LARGEST_PREFERENCE = 255;
/** Identity associations in a message that are answered. */
const MOST_ASSOCIATIONS = 4;

type Association = Dhcpv6OptionOfKind<'ia-pd'>;
type Answer = Omit<ClientServerMessage, 'transaction'>;

/** What the tunnel of a binding is called. */
export type TunnelName = (peer: string, bid: number) => string;

export class DelegatingRouter {
  readonly #agent: HomeAgent;
  readonly #outbox: Outbox;
  readonly #tunnelName: TunnelName;
  readonly #duid: Uint8Array;

  constructor(agent: HomeAgent, outbox: Outbox, tunnelName: TunnelName) {
    this.#agent = agent;
    this.#outbox = outbox;
    this.#tunnelName = tunnelName;
    this.#duid = duidOf(agent.config.address);
  }

  /** Answers a datagram to the home agent's address. Returns why there is no answer. @param now monotonic, milliseconds */
  receive(packet: ReceivedPacket, now: number): string | undefined {
    const { source, destination, bytes } = packet;
    const { address } = this.#agent.config;
    if (!equalAddress(destination, address)) return 'dhcpv6-elsewhere';
    const node = this.#senderOf(packet);
    if (node === undefined) return 'dhcpv6-stranger';
    const parsed = parseDhcpv6(bytes);
    if (!parsed.ok) return parsed.error.counter;
    if (!node.rejections.allow(now)) return 'dhcpv6-too-often';
    if ('transaction' in parsed.value) {
      const refusal = this.#unicastRefusal(parsed.value);
      if (refusal === undefined) return 'dhcpv6-not-relayed';
      this.#outbox.send(emitDatagram(address, source, CLIENT_PORT, refusal), source);
      return undefined;
    }
    const answer = this.#answerRelay(parsed.value, node);
    if (typeof answer === 'string') return answer;
    this.#outbox.send(emitDatagram(address, source, SERVER_PORT, answer), source);
    return undefined;
  }

  /** A node is known by its home address, and by the tunnel that only it can send through. */
  #senderOf({ source, device }: ReceivedPacket): MobileNode | undefined {
    const { cache, config } = this.#agent;
    const node = cache.find(source);
    if (node === undefined) return undefined;
    const isAtHome = node.present && device === config.homeLink?.device;
    const { name } = node.peer;
    const isTunneled = [...node.bindings.keys()].some(bid => device === this.#tunnelName(name, bid));
    return isAtHome || isTunneled ? node : undefined;
  }

  /** RFC 8415 §18.4: what may not come by unicast from the client itself. Undefined: it is not answered. */
  #unicastRefusal({ kind, transaction, options }: ClientServerMessage): ClientServerMessage | undefined {
    if (!['request', 'renew', 'release', 'decline'].includes(kind) || !this.#isForUs(options))
      return undefined;
    return { ...this.#reply(options, [statusCode(Status.useMulticast)]), transaction };
  }

  #answerRelay({ kind, options, ...rest }: RelayMessage, node: MobileNode): RelayMessage | string {
    if (kind !== 'relay-forward' || rest.hopCount >= HOP_COUNT_LIMIT) return 'dhcpv6-unexpected';
    const parsed = parseDhcpv6(findOption(options, 'relay-message')?.message ?? new Uint8Array());
    if (!parsed.ok) return parsed.error.counter;
    if (!('transaction' in parsed.value)) return 'dhcpv6-unexpected';
    const { transaction } = parsed.value;
    const answer = this.#answer(parsed.value, node);
    if (answer === undefined) return 'dhcpv6-unexpected';
    const interfaceId = findOption(options, 'interface-id');
    return {
      kind: 'relay-reply',
      ...rest,
      options: [
        ...(interfaceId === undefined ? [] : [interfaceId]),
        { kind: 'relay-message', message: emitDhcpv6({ ...answer, transaction }) },
      ],
    };
  }

  /** RFC 8415 §16, §18.3. Undefined: it is discarded. */
  #answer({ kind, options }: ClientServerMessage, node: MobileNode): Answer | undefined {
    const isAddressed = findOption(options, 'server-id') !== undefined;
    const mustBe = kind === 'request' || kind === 'renew' || kind === 'release';
    if (findOption(options, 'client-id') === undefined && kind !== 'information-request') return undefined;
    if (mustBe ? !this.#isForUs(options) : isAddressed && !this.#isForUs(options)) return undefined;
    const prefixes = node.peer.delegation ? node.peer.prefixes : [];
    const associations = options.filter(option => option.kind === 'ia-pd').slice(0, MOST_ASSOCIATIONS);
    switch (kind) {
      case 'solicit':
        if (isAddressed) return undefined;
        return findOption(options, 'rapid-commit') !== undefined && prefixes.length > 0
          ? this.#reply(options, [{ kind: 'rapid-commit' }, ...this.#grants(associations, prefixes, node)])
          : {
              ...this.#reply(options, [
                { kind: 'preference', preference: LARGEST_PREFERENCE },
                ...this.#grants(associations, prefixes),
              ]),
              kind: 'advertise',
            };
      case 'request':
        return this.#reply(options, this.#grants(associations, prefixes, node));
      case 'rebind':
        if (isAddressed) return undefined;
        return this.#reply(options, this.#extensions(associations, prefixes));
      case 'renew':
        return this.#reply(options, this.#extensions(associations, prefixes));
      case 'release':
        return this.#reply(options, [
          statusCode(Status.success),
          ...this.#releases(associations, prefixes, node),
        ]);
      case 'information-request':
        return associations.length > 0 ? undefined : this.#reply(options, []);
      default:
        // Confirm and Decline are about addresses; the rest is for clients.
        return undefined;
    }
  }

  #isForUs(options: readonly Dhcpv6Option[]): boolean {
    const server = findOption(options, 'server-id')?.duid;
    return server !== undefined && equalConstantTime(server, this.#duid);
  }

  #reply(asked: readonly Dhcpv6Option[], more: readonly Dhcpv6Option[]): Answer {
    const client = findOption(asked, 'client-id');
    const wants = findOption(asked, 'option-request')?.codes.includes(OptionCode.solMaxRt);
    return {
      kind: 'reply',
      options: [
        ...(client === undefined ? [] : [client]),
        { kind: 'server-id', duid: this.#duid },
        ...more,
        ...(wants ? [{ kind: 'sol-max-rt' as const, solMaxRt: SOL_MAX_RT }] : []),
      ],
    };
  }

  /** The first association gets all. @param node whose prefixes are delegated by this; undefined: they are only offered */
  #grants(
    associations: readonly Association[],
    prefixes: readonly Prefix[],
    node?: MobileNode,
  ): Association[] {
    if (node !== undefined && prefixes.length > 0 && associations.length > 0) {
      const text = `${prefixes.map(formatPrefix).join(', ')} delegated for ${this.#lifetime} s`;
      this.#tell('prefix-delegated', node, prefixes, text);
    }
    return associations.map(({ iaid }, index) =>
      index === 0 && prefixes.length > 0
        ? this.#association(iaid, prefixes, [])
        : this.#association(iaid, [], [], statusCode(Status.noPrefixAvailable)),
    );
  }

  /** Prefixes that the node may have no longer are said to have no time left (§18.3.4). */
  #extensions(associations: readonly Association[], prefixes: readonly Prefix[]): Association[] {
    return associations.map(({ iaid, options }, index) => {
      const own = index === 0 ? prefixes : [];
      const held = prefixesIn(options);
      const ended = held.filter(prefix => !own.some(other => equalPrefix(prefix, other)));
      return own.length + ended.length > 0
        ? this.#association(iaid, own, ended)
        : this.#association(iaid, [], [], statusCode(Status.noBinding));
    });
  }

  /** Only what it does not have is worth a word (§18.3.7). */
  #releases(
    associations: readonly Association[],
    prefixes: readonly Prefix[],
    node: MobileNode,
  ): Association[] {
    const isOwn = (prefix: Prefix) => prefixes.some(own => equalPrefix(own, prefix));
    const given = associations.flatMap(({ options }) => prefixesIn(options)).filter(isOwn);
    if (given.length > 0) {
      this.#tell('prefix-released', node, given, `${given.map(formatPrefix).join(', ')} given back`);
    }
    return associations
      .filter(({ options }) => !prefixesIn(options).some(isOwn))
      .map(({ iaid }) => this.#association(iaid, [], [], statusCode(Status.noBinding)));
  }

  #association(
    iaid: number,
    prefixes: readonly Prefix[],
    ended: readonly Prefix[],
    ...more: Dhcpv6OptionOfKind<'status-code'>[]
  ): Association {
    const valid = this.#lifetime;
    const preferred = Math.floor(valid * PREFERRED_SHARE);
    const isGranted = prefixes.length > 0;
    const iaPrefix = (prefix: Prefix, preferredLifetime: number, validLifetime: number) => ({
      kind: 'ia-prefix' as const,
      preferredLifetime,
      validLifetime,
      prefix,
      options: [],
    });
    return {
      kind: 'ia-pd',
      iaid,
      t1: isGranted ? Math.floor(preferred * T1_SHARE) : 0,
      t2: isGranted ? Math.floor(preferred * T2_SHARE) : 0,
      options: [
        ...prefixes.map(prefix => iaPrefix(prefix, preferred, valid)),
        ...ended.map(prefix => iaPrefix(prefix, 0, 0)),
        ...more,
      ],
    };
  }

  /** Seconds. */
  get #lifetime(): number {
    return this.#agent.config.delegationLifetime!;
  }

  #tell(name: string, node: MobileNode, prefixes: readonly Prefix[], text: string): void {
    this.#agent.cache.tell('notice', name, node, text, { prefixes: prefixes.map(formatPrefix) });
  }
}

function prefixesIn(options: Association['options']): Prefix[] {
  return options.flatMap(option => (option.kind === 'ia-prefix' ? [option.prefix] : []));
}

const statusCode = (status: number): Dhcpv6OptionOfKind<'status-code'> => ({
  kind: 'status-code',
  status,
  message: new Uint8Array(),
});
