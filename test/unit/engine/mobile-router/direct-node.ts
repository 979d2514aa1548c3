/** The mobile node's side of route optimisation, and a correspondent that answers exactly what a test wants. */

import { dialectOf } from '../../../../src/engine/identifiers/dialect.ts';
import * as flows from '../../../../src/engine/mobile-router/flows.ts';
import type {
  HomePath,
  HomeRegistration,
} from '../../../../src/engine/mobile-router/route-optimization/registration.ts';
import { RouteOptimization } from '../../../../src/engine/mobile-router/route-optimization/route-optimization.ts';
import { Outbox } from '../../../../src/engine/outbox.ts';
import type { Steering } from '../../../../src/engine/steering.ts';
import type { EngineEvent, Output } from '../../../../src/engine/types.ts';
import type { RouteOptimizationConfig } from '../../../../src/uci/types.ts';
import { type Address, equalAddress } from '../../../../src/wire/address.ts';
import { authorizedPart, withAuthenticator } from '../../../../src/wire/authentication.ts';
import { decapsulate } from '../../../../src/wire/encapsulation.ts';
import { parseIpv6Header } from '../../../../src/wire/ipv6.ts';
import type { DraftNumbers, MobilityCodec } from '../../../../src/wire/mobility-header.ts';
import type { BindingUpdate, MobilityMessage } from '../../../../src/wire/mobility-message.ts';
import { findOption, type MobilityOption } from '../../../../src/wire/mobility-option.ts';
import {
  emitMobilityPacket,
  parseMobilityPacket,
  type ReceivedMobility,
} from '../../../../src/wire/mobility-packet.ts';
import { address, CARE_OF, CARE_OF_2, HOME, HOME_AGENT } from '../anchor.ts';
import { CORRESPONDENT, hmacSha1, octetSource, sha1 } from '../correspondent/mobile-node.ts';
import { Router } from '../router.ts';

export const HOME_TOKEN = new Uint8Array(8).fill(0x11);
export const CARE_OF_TOKEN = new Uint8Array(8).fill(0x22);
export const INDICES = { home: 7, careOf: 9 };

export interface Sent {
  readonly at: number;
  readonly packet: Uint8Array;
  /** Of the outer header of what is tunneled. */
  readonly tunnel: { readonly source: Address; readonly destination: Address } | undefined;
  readonly device: string | undefined;
  readonly received: ReceivedMobility;
  readonly message: MobilityMessage;
}

/** What a test says differently about an acknowledgement that would otherwise be right. */
export interface Reply {
  readonly status?: number;
  readonly lifetime?: number;
  readonly sequence?: number;
  readonly options?: readonly MobilityOption[];
  readonly routingHome?: Address | undefined;
  readonly source?: Address;
  /** `none`: no Binding Authorization Data; `wrong`: of another key. */
  readonly authorization?: 'none' | 'wrong';
  /** Behind the option. */
  readonly identified?: false;
  readonly change?: (packet: Uint8Array) => Uint8Array;
}

export const PATHS = {
  lte: { bid: 1, device: 'lte0', careOfAddress: CARE_OF, priority: 2, expiresAt: 1_000_000 + 600_000 },
  wifi: { bid: 2, device: 'wifi0', careOfAddress: CARE_OF_2, priority: 3, expiresAt: 1_000_000 + 600_000 },
} as const satisfies Record<string, HomePath>;

const ECHO_TIME = 40;
const DESTINATION_OPTIONS = 60;
const ICMPV6 = 58;

const same = (packet: Uint8Array) => packet;

export class DirectNode {
  now = 1_000_000;
  readonly sent: Sent[] = [];
  /** Echo Requests with a Home Address option, whole. */
  readonly probes: {
    readonly at: number;
    readonly packet: Uint8Array;
    readonly device: string | undefined;
  }[] = [];
  readonly events: EngineEvent[] = [];
  readonly outbox = new Outbox();
  readonly optimization: RouteOptimization;
  /** Registered with the home agent; away, the first one carries the traffic. */
  paths: HomePath[] = [PATHS.lte];
  /** Devices over which the correspondent is not reached; over the others probes are answered after 40 ms. */
  readonly deaf = new Set<string>();
  homeLink: string | undefined;
  steering: Steering | undefined;
  homeAddressUntil = Number.POSITIVE_INFINITY;
  /** The home agent renews its bindings all the time. */
  renewing = true;

  readonly codec: MobilityCodec;

  constructor(
    correspondents: readonly Address[] = [CORRESPONDENT],
    dialect?: DraftNumbers,
    unlisted: Omit<RouteOptimizationConfig, 'correspondents'> = { after: 1 },
  ) {
    this.codec = dialectOf(dialect).codec;
    this.optimization = new RouteOptimization(
      { ...new Router().config, routeOptimization: { correspondents, ...unlisted }, dialect },
      octetSource(5),
      this.outbox,
      undefined,
      flows,
    );
    this.optimization.setObstacle(undefined, this.now);
  }

  get home(): HomeRegistration {
    const paths = this.renewing
      ? this.paths.map(path => ({ ...path, expiresAt: this.now + 600_000 }))
      : this.paths;
    const devices = new Router().config.uplinks.map(({ device }) => device);
    const { homeLink, homeAddressUntil, steering } = this;
    const where = { homeAddress: HOME, homeAgent: HOME_AGENT, homeAddressUntil };
    const active = homeLink === undefined ? paths[0] : undefined;
    return { ...where, paths, active, devices, homeLink, steering };
  }

  step(): Sent[] {
    this.optimization.step(() => this.home, this.now);
    return this.#drain();
  }

  wait(milliseconds: number): Sent[] {
    const all: Sent[] = [];
    const end = this.now + milliseconds;
    for (let spins = 0; ; spins++) {
      if (spins > 1000) throw new Error('it spins');
      const { at = 0, device = '' } = this.probes.at(-1) ?? {};
      const isLate = this.deaf.has(device) || at + ECHO_TIME <= this.now;
      const echoAt = isLate ? Number.POSITIVE_INFINITY : at + ECHO_TIME;
      const wake = Math.min(this.optimization.nextWake(), echoAt);
      if (wake > end) break;
      this.now = Math.max(this.now, wake);
      if (wake === echoAt) this.answerProbe();
      all.push(...this.step());
    }
    this.now = end;
    return all;
  }

  #drain(): Sent[] {
    const fresh: Sent[] = [];
    for (const output of this.outbox.drain()) {
      if (output.kind === 'event') this.events.push(output.event);
      if (output.kind !== 'send') continue;
      const { packet, device } = output;
      if (packet[6] === DESTINATION_OPTIONS && packet[40] === ICMPV6)
        this.probes.push({ at: this.now, packet, device });
      else fresh.push(this.#open(output));
    }
    this.sent.push(...fresh);
    return fresh;
  }

  #open({ packet, device }: Extract<Output, { kind: 'send' }>): Sent {
    const opened = packet[6] === 41 ? decapsulate(packet) : undefined;
    const inner = opened?.ok ? opened.value : undefined;
    const parsed = parseMobilityPacket(inner?.inner ?? packet, this.codec);
    if (!parsed.ok) throw new Error(parsed.error.rule);
    const tunnel = inner && { source: inner.source, destination: inner.destination };
    return { at: this.now, packet, device, tunnel, received: parsed.value, message: parsed.value.message };
  }

  /** Hands a packet over as a raw socket would, and lets it act. */
  receive(packet: Uint8Array, device = 'lte0'): string | undefined {
    const parsed = parseMobilityPacket(packet, this.codec);
    if (!parsed.ok) throw new Error(parsed.error.rule);
    const reason = this.optimization.receive(parsed.value, device, this.now);
    this.step();
    return reason;
  }

  receiveIcmpv6(packet: Uint8Array): void {
    const header = parseIpv6Header(packet);
    if (!header.ok) throw new Error('no IPv6 packet');
    const bytes = packet.slice(40);
    this.optimization.receiveIcmpv6({ ...header.value, bytes, device: 'lte0' }, this.now);
    this.step();
  }

  /** The correspondent's kernel answers the latest probe; ours has taken the headers off. */
  answerProbe(): boolean {
    const bytes = this.probes.at(-1)!.packet.slice(40 + 24);
    bytes[0] = 129;
    const packet = { source: CORRESPONDENT, destination: HOME, nextHeader: 58, bytes, hopLimit: 60 };
    const taken = this.optimization.receiveIcmpv6({ ...packet, device: 'lte0' }, this.now);
    this.step();
    return taken;
  }

  /** What the kernel has counted in a second. */
  look(sent: boolean, came: boolean, peer = CORRESPONDENT): void {
    this.wait(1000);
    this.optimization.used(sent || came ? [peer] : [], came ? [peer] : [], this.now);
    this.step();
  }

  /** So many packets have come out of the tunnel in a minute. */
  talk(peer: Address, packets = 1, homeAddress = HOME): void {
    this.optimization.tunneled([{ peer, homeAddress, packets }], this.now);
  }

  /** The latest message of a kind to a correspondent. */
  last(kind: MobilityMessage['kind'], to = CORRESPONDENT): Sent {
    const found = this.sent.findLast(
      ({ message, received }) => message.kind === kind && equalAddress(received.destination, to),
    );
    if (found === undefined) throw new Error(`no ${kind}`);
    return found;
  }

  count(kind: MobilityMessage['kind']): number {
    return this.sent.filter(({ message }) => message.kind === kind).length;
  }

  /** Answers the latest Home Test Init. */
  homeTest(
    more: {
      cookie?: Uint8Array;
      source?: Address;
      destination?: Address;
      device?: string;
      change?: (packet: Uint8Array) => Uint8Array;
    } = {},
  ): string | undefined {
    const { source = CORRESPONDENT, destination = HOME, device = 'kdg-lte', change = same } = more;
    const asked = this.last('home-test-init', source === CORRESPONDENT ? source : CORRESPONDENT).message;
    const cookie = more.cookie ?? (asked.kind === 'home-test-init' ? asked.cookie : new Uint8Array(8));
    const message = {
      kind: 'home-test' as const,
      nonceIndex: INDICES.home,
      cookie,
      keygenToken: HOME_TOKEN,
      options: [],
    };
    return this.receive(change(emitMobilityPacket({ source, destination, message })), device);
  }

  /** Answers the latest question of this kind to this correspondent. */
  answerTest(kind: 'home-test-init' | 'care-of-test-init', peer: Address): string | undefined {
    const { message, received } = this.last(kind, peer);
    if (message.kind !== kind) throw new Error(`no ${kind}`);
    const more = { cookie: message.cookie, source: peer };
    return kind === 'home-test-init' ? this.homeTest(more) : this.careOfTest(received.source, more);
  }

  /** Answers the latest Care-of Test Init from an address. */
  careOfTest(
    careOf: Address = CARE_OF,
    more: {
      cookie?: Uint8Array;
      source?: Address;
      destination?: Address;
      options?: MobilityOption[];
      change?: (packet: Uint8Array) => Uint8Array;
    } = {},
  ): string | undefined {
    const { source = CORRESPONDENT, destination = careOf, options = [], change = same } = more;
    const asked = this.sent.findLast(
      ({ message, received }) =>
        message.kind === 'care-of-test-init' && equalAddress(received.source, careOf),
    )?.message;
    const cookie = more.cookie ?? (asked?.kind === 'care-of-test-init' ? asked.cookie : new Uint8Array(8));
    const message = {
      kind: 'care-of-test' as const,
      nonceIndex: INDICES.careOf,
      cookie,
      keygenToken: CARE_OF_TOKEN,
      options,
    };
    return this.receive(change(emitMobilityPacket({ source, destination, message })));
  }

  get update(): Sent & { readonly message: BindingUpdate } {
    return this.last('binding-update') as Sent & { readonly message: BindingUpdate };
  }

  /** Kbm of an update: of the home token alone when it deletes. */
  kbm({ lifetime }: BindingUpdate): Uint8Array {
    return lifetime === 0 ? sha1(HOME_TOKEN) : sha1(HOME_TOKEN, CARE_OF_TOKEN);
  }

  /** Acknowledges an update, the latest one unless told. */
  acknowledge(reply: Reply = {}, { received, message } = this.update): string | undefined {
    const { status = 0, authorization, change = same } = reply;
    const identifier = findOption(message.options, 'binding-identifier');
    const draft = findOption(message.options, 'monami6-binding-identifier');
    const options: MobilityOption[] = [...(reply.options ?? [])];
    if (draft !== undefined && reply.identified !== false) options.push({ ...draft, priorityOrStatus: 0 });
    if (identifier !== undefined && reply.identified !== false) {
      options.push({ ...identifier, status: 0, careOfAddress: undefined });
    }
    const packet = {
      source: reply.source ?? CORRESPONDENT,
      destination: received.source,
      routingHome: 'routingHome' in reply ? reply.routingHome : received.homeAddress,
      message: {
        kind: 'binding-acknowledgement' as const,
        status,
        keyManagement: false,
        sequence: reply.sequence ?? message.sequence,
        lifetime: reply.lifetime ?? (status < 128 ? message.lifetime : 0),
        options,
      },
    };
    if (authorization === 'none') return this.receive(change(emitMobilityPacket(packet, this.codec)));
    const careOf = identifier?.careOfAddress ?? received.source;
    const bound = message.lifetime === 0 ? HOME : careOf;
    const key = authorization === 'wrong' ? new Uint8Array(20) : this.kbm(message);
    const signed = withAuthenticator(
      {
        ...packet,
        message: {
          ...packet.message,
          options: [...options, { kind: 'binding-authorization-data', authenticator: new Uint8Array(12) }],
        },
      },
      covered => hmacSha1(key, bound, packet.source, covered).slice(0, 12),
      authorizedPart,
      this.codec,
    );
    return this.receive(change(signed));
  }

  /** Both tests and the registration of every path. */
  register(): this {
    this.step();
    for (let i = 0; i < 4; i++) {
      if (this.sent.some(({ message }) => message.kind === 'home-test-init')) this.homeTest();
      for (const { careOfAddress } of this.paths) this.careOfTest(careOfAddress);
      this.wait(400);
      const updates = this.sent.filter(({ message }) => message.kind === 'binding-update');
      for (const update of updates) this.acknowledge({}, update as Sent & { message: BindingUpdate });
    }
    return this;
  }

  /** `bid careOfAddress lifetime`, of every acknowledged binding. */
  get bindings(): string[] {
    return [...this.optimization.entries.values()].flatMap(entry =>
      [...entry.paths.values()].flatMap(({ bid, binding }) =>
        binding === undefined
          ? []
          : [`${bid} ${[...binding.careOfAddress].slice(4, 6).join('.')} ${binding.lifetime}`],
      ),
    );
  }
}

export const OTHER = address('2001:db8:cc::77');
