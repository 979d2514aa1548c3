/**
 * A mobile router, its home agent and a correspondent in memory under a virtual clock. The kernels are faked: they deliver
 * by destination, the home agent sends on what comes out of a tunnel and takes what is for the home address into one.
 */
import { Correspondent } from '../../src/engine/correspondent/correspondent.ts';
import { HomeAgent } from '../../src/engine/home-agent/home-agent.ts';
import * as flows from '../../src/engine/mobile-router/flows.ts';
import { MobileRouter } from '../../src/engine/mobile-router/mobile-router.ts';
import { RouteOptimization } from '../../src/engine/mobile-router/route-optimization/route-optimization.ts';
import type { Now, Output, Role, UplinkStatus } from '../../src/engine/types.ts';
import type { CorrespondentConfig, HomeAgentConfig, MobileRouterConfig } from '../../src/uci/types.ts';
import { type Address, equalAddress, formatAddress } from '../../src/wire/address.ts';
import { encapsulate } from '../../src/wire/encapsulation.ts';
import { enclose } from '../../src/wire/envelope.ts';
import { emitIcmpv6Error } from '../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIpv6, NextHeader, parseIpv6Header, sourceOf } from '../../src/wire/ipv6.ts';
import { parseMobilityPacket } from '../../src/wire/mobility-packet.ts';
import { address, HOME_ADDRESS, HOME_AGENT, randomSource } from './network.ts';

export const CORRESPONDENT = address('2001:db8:cc::5');

export interface AccessLink {
  readonly uplink: string;
  careOfAddress: Address;
  /** Milliseconds one way, and how much more at random: enough of it reorders packets. */
  delay: number;
  jitter: number;
  /** 0..1, each way. */
  loss: number;
  carrier: boolean;
}

type HostName = 'router' | 'anchor' | 'correspondent';

export interface TriangleOptions {
  readonly seed: number;
  readonly links: readonly AccessLink[];
  readonly router: MobileRouterConfig;
  readonly anchor: HomeAgentConfig;
  readonly correspondent: CorrespondentConfig;
  /** The correspondent is a host with nothing but basic IPv6 (RFC 6275 §8.1). */
  readonly plain?: boolean;
}

/** Milliseconds one way, between hosts that are no mobile nodes. */
const BACKBONE = 10;

export class Triangle {
  now = 1_000_000;
  router: MobileRouter;
  anchor: HomeAgent;
  correspondent: Correspondent;
  /** Whole packets that carry mobility messages, as they were sent. */
  readonly sent: { readonly at: number; readonly from: HostName; readonly kind: string }[] = [];
  /** Devices that UDP datagrams have come to the router by. */
  readonly data: string[] = [];
  /** Between these nothing passes, beyond the access. */
  readonly #holes: (readonly [Address, Address])[] = [];
  readonly #options: TriangleOptions;
  readonly #random: () => number;
  #queue: { at: number; order: number; run: () => void }[] = [];
  #order = 0;

  constructor(options: TriangleOptions) {
    this.#options = options;
    this.#random = randomSource(options.seed);
    this.anchor = new HomeAgent(options.anchor, this.clock);
    this.router = this.#newRouter();
    this.correspondent = this.#newCorrespondent();
    this.#input('router', { kind: 'direct-path', obstacle: undefined });
    this.#input('correspondent', { kind: 'direct-path', obstacle: undefined });
    this.announce();
  }

  get clock(): Now {
    return { monotonic: this.now, wall: 1_760_000_000_000 + this.now };
  }

  /** It has forgotten keys, nonces and bindings. */
  restartCorrespondent(): void {
    this.correspondent = this.#newCorrespondent();
    this.#input('correspondent', { kind: 'direct-path', obstacle: undefined });
  }

  restartRouter(): void {
    this.router = this.#newRouter();
    this.#input('router', { kind: 'direct-path', obstacle: undefined });
    this.announce();
  }

  link(uplink: string): AccessLink {
    return this.#options.links.find(link => link.uplink === uplink)!;
  }

  set(uplink: string, change: Partial<AccessLink>): void {
    Object.assign(this.link(uplink), change);
    this.announce();
  }

  /** No packet passes between these addresses any more, in either direction; or again. */
  setHole(careOfAddress: Address, isThere: boolean): void {
    if (isThere) this.#holes.push([careOfAddress, CORRESPONDENT]);
    else this.#holes.length = 0;
  }

  /**
   * A second of traffic: a request of the router and the answer, each by the direct way if there is one, else through the
   * tunnel. The kernel's counters are read afterwards.
   * @returns whether the answer came
   */
  converse(): boolean {
    const peers = [CORRESPONDENT];
    const [way] = this.router.routeOptimization?.direct() ?? [];
    const back = this.correspondent.view().peers[0]?.active;
    const there = way === undefined || !this.#isHole(way.careOfAddress, CORRESPONDENT);
    const answered = there && (back === undefined || !this.#isHole(back, CORRESPONDENT));
    this.run(1000);
    const heard = answered && back !== undefined ? peers : [];
    const used = way !== undefined || heard.length > 0 ? peers : [];
    this.#input('router', { kind: 'used', peers: used, heard });
    return answered;
  }

  #isHole(a: Address, b: Address): boolean {
    const joins = (hole: readonly [Address, Address]) =>
      [a, b].every(end => hole.some(other => equalAddress(other, end)));
    return this.#holes.some(joins);
  }

  shutdown(): void {
    this.#input('router', { kind: 'shutdown' });
  }

  /** The kernel tells the router about its uplinks. */
  announce(): void {
    const uplinks = this.#options.links.map(
      ({ uplink, carrier, careOfAddress }, index): UplinkStatus => ({
        name: uplink,
        ifindex: index + 2,
        carrier,
        careOfAddress: carrier ? careOfAddress : undefined,
        gateway: carrier ? address('fe80::1') : undefined,
        mtu: 1500,
      }),
    );
    this.#input('router', { kind: 'uplinks', uplinks });
  }

  /** `bid careOfAddress` of the bindings of the home address, in order. */
  get heldByCorrespondent(): string[] {
    const peer = this.correspondent.cache.find(CORRESPONDENT, HOME_ADDRESS);
    const bindings = [...(peer?.bindings.values() ?? [])];
    return bindings.map(({ bid, careOfAddress }) => `${bid} ${formatAddress(careOfAddress)}`).sort();
  }

  get heldByRouter(): string[] {
    const entries = [...(this.router.routeOptimization?.entries.values() ?? [])];
    return entries
      .flatMap(({ paths }) => [...paths.values()])
      .flatMap(({ bid, binding }) =>
        binding === undefined ? [] : [`${bid} ${formatAddress(binding.careOfAddress)}`],
      )
      .sort();
  }

  /** A datagram from the correspondent to the home address. */
  talk(): void {
    this.#forward(emitIpv6(CORRESPONDENT, HOME_ADDRESS, NextHeader.udp, new Uint8Array(8)));
  }

  run(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const next = Math.min(
        this.#queue[0]?.at ?? Number.POSITIVE_INFINITY,
        ...HOSTS.map(host => this[host].nextWake()),
      );
      if (next > end) break;
      this.now = Math.max(this.now, next);
      while (this.#queue[0] !== undefined && this.#queue[0].at <= this.now) this.#queue.shift()!.run();
      for (const host of HOSTS) if (this[host].nextWake() <= this.now) this.#input(host, { kind: 'timer' });
    }
    this.now = end;
  }

  #newRouter(): MobileRouter {
    const means = { directPaths: RouteOptimization, flows };
    return new MobileRouter(this.#options.router, this.#random, this.clock, new Map(), means);
  }

  #newCorrespondent(): Correspondent {
    const random = (length: number) => Uint8Array.from({ length }, () => Math.floor(this.#random() * 256));
    return new Correspondent(this.#options.correspondent, { random });
  }

  #input(host: HostName, input: Parameters<Role['handle']>[0]): void {
    for (const output of this[host].handle(input, this.clock)) this.#output(host, output);
  }

  #output(host: HostName, output: Output): void {
    if (output.kind !== 'send') return;
    const inner = output.packet[6] === 41 ? output.packet.subarray(40) : output.packet;
    const parsed = parseMobilityPacket(inner);
    if (parsed.ok) this.sent.push({ at: this.now, from: host, kind: parsed.value.message.kind });
    this.#forward(output.packet);
  }

  /** Carries a packet over the access links of its source and destination, if it has any. */
  #forward(packet: Uint8Array): void {
    const header = parseIpv6Header(packet);
    if (!header.ok) return;
    const { source, destination } = header.value;
    if (this.#isHole(source, destination)) return;
    const links = [this.#linkOf(source), this.#linkOf(destination)].filter(link => link !== undefined);
    let delay = BACKBONE;
    for (const link of links) {
      if (!link.carrier || this.#random() < link.loss) return;
      delay += link.delay + this.#random() * link.jitter;
    }
    this.#queue.push({ at: this.now + delay, order: this.#order++, run: () => this.#arrive(packet) });
    this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /**
   * The kernel of the correspondent: an Echo Request behind a Home Address option (RFC 6275 §6.3), 24 octets after the IPv6
   * header, is answered with a routing header of type 2 (§6.4) by the binding in use.
   */
  #answerEcho(packet: Uint8Array): void {
    const peer = this.correspondent.view().peers[0];
    if (peer === undefined || packet[64] !== 128) return;
    const octets = packet.slice(64);
    octets[0] = 129;
    octets.fill(0, 2, 4);
    const { active: destination, homeAddress: routingHome } = peer;
    this.#forward(enclose(octets, NextHeader.icmpv6, 2, { source: CORRESPONDENT, destination, routingHome }));
  }

  #linkOf(careOf: Address): AccessLink | undefined {
    return this.#options.links.find(({ careOfAddress }) => equalAddress(careOfAddress, careOf));
  }

  #arrive(packet: Uint8Array): void {
    const header = parseIpv6Header(packet);
    if (!header.ok) return;
    const { source, destination, nextHeader } = header.value;
    const link = this.#linkOf(destination);
    if (link !== undefined) {
      if (!link.carrier) return;
      if (nextHeader === 41) this.#deliver('router', packet.subarray(40), `kdg-${link.uplink}`);
      else this.#deliver('router', packet, `${link.uplink}0`);
    } else if (equalAddress(destination, CORRESPONDENT)) {
      this.#deliver('correspondent', packet, 'lan');
    } else if (equalAddress(destination, HOME_ADDRESS)) {
      this.#intercept(packet);
    } else if (equalAddress(destination, HOME_AGENT)) {
      if (nextHeader !== 41) this.#deliver('anchor', packet, 'wan');
      else if (this.#hasTunnel(source)) this.#decapsulated(packet.slice(40));
    }
  }

  #decapsulated(inner: Uint8Array): void {
    const header = parseIpv6Header(inner);
    if (!header.ok) return;
    if (equalAddress(header.value.destination, HOME_AGENT)) this.#deliver('anchor', inner, 'kdg');
    else if (equalAddress(sourceOf(inner), HOME_ADDRESS)) this.#forward(inner);
  }

  /** What is for the home address goes into the tunnel of the active binding. */
  #intercept(packet: Uint8Array): void {
    const [node] = this.anchor.view().nodes;
    const active = node?.bindings.find(({ bid }) => bid === node.active);
    if (active !== undefined) this.#forward(encapsulate(HOME_AGENT, active.careOfAddress, packet));
  }

  #hasTunnel(careOf: Address): boolean {
    const { nodes } = this.anchor.view();
    return nodes.some(({ bindings }) =>
      bindings.some(binding => equalAddress(binding.careOfAddress, careOf)),
    );
  }

  #deliver(host: HostName, packet: Uint8Array, device: string): void {
    const header = parseIpv6Header(packet);
    if (!header.ok) return;
    const { source, destination, nextHeader } = header.value;
    if (host === 'router' && nextHeader === NextHeader.udp) this.data.push(device);
    if (host === 'correspondent' && this.#options.plain) {
      const error = { kind: 'parameter-problem', code: 1, pointer: 6, invoking: packet } as const;
      this.#forward(emitIcmpv6Error(destination, source, error));
      return;
    }
    if (host === 'correspondent' && nextHeader === 60 && packet[40] === NextHeader.icmpv6) {
      this.#answerEcho(packet);
      return;
    }
    if (![43, 58, 60, 135].includes(nextHeader)) return;
    // The kernel of the router takes the routing header off: an answer to an Echo is for the home address.
    const isRouted = host === 'router' && nextHeader === 43 && packet[40] === NextHeader.icmpv6;
    const bytes = packet.slice(isRouted ? 64 : 40);
    const ends = isRouted
      ? { source, destination: HOME_ADDRESS, nextHeader: NextHeader.icmpv6 }
      : header.value;
    this.#input(host, { kind: 'packet', packet: { ...ends, bytes, device, hopLimit: 60 } });
  }
}

const HOSTS = ['router', 'anchor', 'correspondent'] as const;
