/**
 * A mobile router and its home agent joined in memory under a virtual clock. The kernels are faked from what is
 * on the wire: raw sockets lose the IPv6 header, tunnels are opened where the receiver has one, and data follows
 * what each role says is its active path.
 */
import { HomeAgent } from '../../src/engine/home-agent/home-agent.ts';
import * as flows from '../../src/engine/mobile-router/flows.ts';
import { MobileRouter } from '../../src/engine/mobile-router/mobile-router.ts';
import { DelegatingRouter } from '../../src/engine/prefix-delegation/delegating-router.ts';
import { leasedConfig } from '../../src/engine/prefix-delegation/leased-config.ts';
import { RequestingRouter } from '../../src/engine/prefix-delegation/requesting-router.ts';
import type {
  EngineEvent,
  HomeLinkStatus,
  JsonObject,
  Now,
  Output,
  Role,
  UplinkStatus,
} from '../../src/engine/types.ts';
import type { FlowConfig, HomeAgentConfig, MobileRouterConfig, PeerConfig } from '../../src/uci/types.ts';
import { type Address, equalAddress, parseAddress, parsePrefix } from '../../src/wire/address.ts';
import { encapsulate } from '../../src/wire/encapsulation.ts';
import { parseIpv6Header } from '../../src/wire/ipv6.ts';

const UDP = 17;
const tunnelName = (peer: string, bid: number): string => `kdg-${peer}.${bid}`;

/** One access link: what happens to packets between this uplink and the home agent. */
export interface Link {
  readonly uplink: string;
  careOfAddress: Address;
  /** Milliseconds one way. */
  delay: number;
  /** 0..1 each way. */
  lossUp: number;
  lossDown: number;
  /** Extra random delay, milliseconds: more than the spacing of packets reorders them. */
  jitter: number;
  /** 0..1: delivered twice. */
  duplication: number;
  carrier: boolean;
  /** It is the home link now, if the home agent has one. */
  home?: boolean;
}

export interface LoggedEvent extends EngineEvent {
  readonly at: number;
  readonly role: 'router' | 'anchor';
}

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** ICMPv6 types. */
const ECHO_REQUEST = 128;
const ECHO_REPLY = 129;

/** More inputs than this at one instant mean that somebody spins. */
const MAX_STEPS_AT_ONCE = 10_000;

export const address = (text: string): Address => parseAddress(text)!;
export const prefix = (text: string) => parsePrefix(text)!;

/** xorshift32: small, seedable. */
export function randomSource(seed: number): () => number {
  let state = seed | 0 || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export class Network {
  now = 1_000_000;
  /** Of the two hosts: milliseconds since 1970 at `now` 0; a router without a clock starts somewhere else. */
  readonly wall = { router: 1_760_000_000_000, anchor: 1_760_000_000_000 };
  readonly events: LoggedEvent[] = [];
  readonly records = { router: new Map<string, JsonObject>(), anchor: new Map<string, JsonObject>() };
  /** Every packet as it was sent, for counting and for looking inside. */
  readonly sent: { at: number; from: 'router' | 'anchor'; uplink: string; packet: Uint8Array }[] = [];
  /** What was between the ends of the tunnel. */
  readonly datagrams: { at: number; from: 'router' | 'anchor'; packet: Uint8Array }[] = [];
  /** The policy of the router, from its next start on. */
  flows: readonly FlowConfig[] = [];
  router: MobileRouter | undefined;
  anchor: HomeAgent | undefined;

  readonly links: readonly Link[];
  readonly routerConfig: MobileRouterConfig;
  readonly anchorConfig: HomeAgentConfig;
  readonly #random: () => number;
  #queue: Scheduled[] = [];
  #order = 0;

  constructor(options: {
    readonly seed: number;
    readonly links: readonly Link[];
    readonly router: MobileRouterConfig;
    readonly anchor: HomeAgentConfig;
  }) {
    this.#random = randomSource(options.seed);
    this.links = options.links;
    this.routerConfig = options.router;
    this.anchorConfig = options.anchor;
    this.startAnchor();
    this.startRouter();
  }

  startRouter(config: MobileRouterConfig = { ...this.routerConfig, flows: this.flows }): void {
    const leased = leasedConfig(config, this.records.router.get('delegation'), this.now);
    this.router = new MobileRouter(leased, this.#random, this.clock('router'), this.records.router, {
      flows,
      delegation: RequestingRouter,
    });
    this.#input('router', this.router, { kind: 'uplinks', uplinks: this.#statuses() });
  }

  startAnchor(config = this.anchorConfig): void {
    this.anchor = new HomeAgent(
      config,
      this.clock('anchor'),
      this.records.anchor,
      undefined,
      undefined,
      (agent, outbox) => new DelegatingRouter(agent, outbox, tunnelName),
    );
    if (config.homeLink) {
      this.#input('anchor', this.anchor, { kind: 'home-link', status: HOME_LINK_STATUS });
    }
  }

  /** The router is told to read a configuration with another policy. */
  adopt(flows: readonly FlowConfig[]): void {
    this.flows = flows;
    this.startRouter();
  }

  clock(host: 'router' | 'anchor'): Now {
    return { monotonic: this.now, wall: this.wall[host] + this.now };
  }

  link(uplink: string): Link {
    return this.links.find(link => link.uplink === uplink)!;
  }

  /** The kernel tells the router about its uplinks, as it does when carrier or addresses change. */
  announceUplinks(): void {
    if (this.router) this.#input('router', this.router, { kind: 'uplinks', uplinks: this.#statuses() });
  }

  setCarrier(uplink: string, carrier: boolean): void {
    this.link(uplink).carrier = carrier;
    this.announceUplinks();
  }

  /** Both directions vanish, or work again. */
  setSilent(uplink: string, silent: boolean): void {
    const link = this.link(uplink);
    link.lossUp = silent ? 1 : 0;
    link.lossDown = silent ? 1 : 0;
  }

  prefer(uplink: string | undefined): void {
    this.#input('router', this.router!, { kind: 'prefer', uplink });
  }

  /** Delivers a packet to the home agent as if it came from the Internet. */
  injectAtAnchor(packet: Uint8Array): void {
    this.#arrive('anchor', packet);
  }

  injectAtRouter(packet: Uint8Array): void {
    this.#arrive('router', packet);
  }

  /** Runs the virtual clock for so many milliseconds. */
  run(milliseconds: number): void {
    const end = this.now + milliseconds;
    let steps = 0;
    let before = this.now;
    for (;;) {
      steps = this.now === before ? steps + 1 : 0;
      before = this.now;
      if (steps > MAX_STEPS_AT_ONCE)
        throw new Error('a role asks to be woken again and again at the same instant');
      const next = Math.min(
        this.#queue[0]?.at ?? Infinity,
        this.router?.nextWake() ?? Infinity,
        this.anchor?.nextWake() ?? Infinity,
      );
      if (next > end) break;
      this.now = Math.max(this.now, next);
      const scheduled = this.#queue[0];
      if (scheduled !== undefined && scheduled.at <= this.now) {
        this.#queue.shift();
        scheduled.run();
        continue;
      }
      if (this.router && this.router.nextWake() <= this.now)
        this.#input('router', this.router, { kind: 'timer' });
      if (this.anchor && this.anchor.nextWake() <= this.now)
        this.#input('anchor', this.anchor, { kind: 'timer' });
    }
    this.now = end;
  }

  /**
   * An echo every `interval` ms for `duration` ms between LAN host and correspondent over the active paths of
   * that moment; returns the number lost.
   */
  echo(duration: number, interval = 10, during?: { at: number; run: () => void }[]): number {
    let lost = 0;
    const start = this.now;
    const count = Math.floor(duration / interval);
    for (const step of during ?? []) this.at(start + step.at, step.run);
    for (let i = 0; i < count; i++) {
      lost += 1;
      this.at(start + i * interval, () => {
        this.#sendData('up', () =>
          this.#sendData('down', () => {
            lost -= 1;
          }),
        );
      });
    }
    this.run(duration + 1000);
    return lost;
  }

  at(time: number, run: () => void): void {
    this.#queue.push({ at: time, order: this.#order++, run });
    this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  #sendData(direction: 'up' | 'down', then: () => void): void {
    const node = this.anchor && [...this.anchor.cache.nodes()][0];
    const careOf =
      direction === 'up'
        ? this.router?.view().paths.find(path => path.uplink === this.router?.active.entry?.uplink.name)
            ?.careOfAddress
        : node?.active?.careOfAddress;
    const link = this.links.find(
      candidate => careOf !== undefined && equalAddress(candidate.careOfAddress, careOf),
    );
    if (link === undefined || careOf === undefined) return;
    this.#carry(link, direction, () => {
      if (this.#hasTunnel(direction === 'up' ? 'anchor' : 'router', careOf)) then();
    });
  }

  #carry(link: Link, direction: 'up' | 'down', deliver: () => void): void {
    const loss = direction === 'up' ? link.lossUp : link.lossDown;
    if (!link.carrier || this.#random() < loss) return;
    const copies = this.#random() < link.duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      this.at(this.now + link.delay + this.#random() * link.jitter, () => {
        // What was in flight when the carrier went is lost as well.
        if (link.carrier) deliver();
      });
    }
  }

  #hasTunnel(host: 'router' | 'anchor', careOf: Address): boolean {
    if (host === 'router') {
      const paths = this.router?.view().paths ?? [];
      return paths.some(path => path.registered && equalAddress(path.careOfAddress, careOf));
    }
    const nodes = this.anchor?.view().nodes ?? [];
    return nodes.some(node => node.bindings.some(binding => equalAddress(binding.careOfAddress, careOf)));
  }

  #input(host: 'router' | 'anchor', role: Role, input: Parameters<Role['handle']>[0]): void {
    for (const output of role.handle(input, this.clock(host))) this.#output(host, output);
  }

  #output(host: 'router' | 'anchor', output: Output): void {
    if (output.kind === 'event') this.events.push({ ...output.event, at: this.now, role: host });
    if (output.kind === 'record') {
      if (output.value === undefined) this.records[host].delete(output.key);
      else this.records[host].set(output.key, output.value);
    }
    // As the daemon does.
    if (output.kind === 'delegation' && output.changed) this.at(this.now, () => this.startRouter());
    if (output.kind !== 'send') return;
    if (output.packet[6] === UDP) {
      this.#tunnel(host, output.packet);
      return;
    }
    const source = output.packet.subarray(8, 24);
    const careOf = host === 'router' ? source : output.destination;
    const link = this.#linkFor(host, careOf, output.device);
    this.sent.push({ at: this.now, from: host, uplink: link?.uplink ?? '?', packet: output.packet });
    if (link === undefined) return;
    const { packet } = output;
    const peer = host === 'router' ? 'anchor' : 'router';
    const device = !link.home ? 'sim' : peer === 'anchor' ? HOME_LINK : this.#deviceOf(link.uplink);
    this.#carry(link, host === 'router' ? 'up' : 'down', () => this.#arrive(peer, packet, device));
  }

  /** What is between the ends of the tunnel takes the active path, and says at the other end which tunnel it came by. */
  #tunnel(host: 'router' | 'anchor', packet: Uint8Array): void {
    const [node] = this.anchor?.cache.nodes() ?? [];
    const active = this.router?.active.entry?.status?.careOfAddress;
    const careOf = host === 'router' ? active : node?.active?.careOfAddress;
    const link = this.links.find(found => careOf !== undefined && equalAddress(found.careOfAddress, careOf));
    this.datagrams.push({ at: this.now, from: host, packet });
    if (link === undefined || careOf === undefined) return;
    this.#carry(link, host === 'router' ? 'up' : 'down', () => {
      const peer = host === 'router' ? 'anchor' : 'router';
      if (!this.#hasTunnel(peer, careOf)) return;
      const bound = [...(node?.bindings.values() ?? [])].find(each =>
        equalAddress(each.careOfAddress, careOf),
      );
      this.#arrive(peer, packet, peer === 'anchor' ? tunnelName(node!.peer.name, bound!.bid) : 'sim');
    });
  }

  /** On the home link packets go by their device, whatever their addresses. */
  #linkFor(host: 'router' | 'anchor', careOf: Address, device: string | undefined): Link | undefined {
    const atHome = this.links.find(({ home, uplink }) =>
      host === 'router' ? home && this.#deviceOf(uplink) === device : home && device === HOME_LINK,
    );
    const abroad = this.links.find(({ home, careOfAddress }) => !home && equalAddress(careOfAddress, careOf));
    return atHome ?? abroad;
  }

  #deviceOf(uplink: string): string | undefined {
    return this.routerConfig.uplinks.find(({ name }) => name === uplink)?.device;
  }

  #arrive(host: 'router' | 'anchor', packet: Uint8Array, device = 'sim'): void {
    const role = host === 'router' ? this.router : this.anchor;
    const header = parseIpv6Header(packet);
    if (role === undefined || !header.ok) return;
    const { source, destination, nextHeader } = header.value;
    // A socket of UDP tells the payload only.
    const bytes = packet.subarray(nextHeader === UDP ? 48 : 40);
    if (nextHeader === 41) {
      const careOf = host === 'router' ? destination : source;
      if (this.#hasTunnel(host, careOf)) this.#arrive(host, bytes, device);
      return;
    }
    if (![43, 58, 60, 135, UDP].includes(nextHeader)) return;
    if (host === 'anchor' && nextHeader === 58 && bytes[0] === ECHO_REQUEST) this.#answerEcho(packet);
    if (nextHeader === 58 && device !== 'sim' && !role.icmpv6Types.includes(bytes[0]!)) return;
    this.#input(host, role, {
      kind: 'packet',
      packet: { source, destination, nextHeader, bytes, device, hopLimit: device === 'sim' ? 63 : 255 },
    });
  }

  /** As the home agent's kernel does (RFC 4443 §4.2), to the home address by the tunnel in use. */
  #answerEcho(request: Uint8Array): void {
    const [source, destination] = [request.slice(24, 40), request.slice(8, 24)];
    const reply = Uint8Array.from(request);
    reply.set(source, 8);
    reply.set(destination, 24);
    reply[40] = ECHO_REPLY;
    const careOf = equalAddress(destination, this.routerConfig.homeAddress)
      ? [...this.anchor!.cache.nodes()][0]?.active?.careOfAddress
      : undefined;
    const packet = careOf === undefined ? reply : encapsulate(source, careOf, reply);
    this.#output('anchor', { kind: 'send', packet, destination: careOf ?? destination });
  }

  #statuses(): UplinkStatus[] {
    return this.links.map((link, index) => ({
      name: link.uplink,
      ifindex: index + 2,
      carrier: link.carrier,
      careOfAddress: link.carrier ? link.careOfAddress : undefined,
      gateway: link.carrier ? address('fe80::1') : undefined,
      mtu: 1500,
      onLinkPrefixes: link.home ? [HOME_PREFIX] : [],
      linkLayerAddress: Uint8Array.of(2, 0, 0, 0, 0, index + 1),
    }));
  }
}

export const KEY = new Uint8Array(16).fill(7);

export const HOME_ADDRESS = address('2001:db8:100::1');
export const HOME_AGENT = address('2001:db8:ffff::1');
export const HOME_PREFIX = prefix('2001:db8:100::/64');
/** Device of the home agent's home link. */
export const HOME_LINK = 'br-lan';
const HOME_LINK_STATUS: HomeLinkStatus = {
  linkLayerAddress: Uint8Array.of(2, 0, 0, 0, 0, 0xff),
  linkLocalAddress: address('fe80::ff'),
  prefixes: [],
};

/** The two uplinks, their anchor and one mobile network: what most simulations start from. */
export function twoUplinks(
  seed: number,
  changes: {
    readonly router?: Partial<MobileRouterConfig>;
    readonly anchor?: Partial<HomeAgentConfig>;
    /** Of the router at its anchor; authentication and dialect are the router's own otherwise. */
    readonly peer?: Partial<PeerConfig>;
    readonly lte?: Partial<Link>;
    readonly wifi?: Partial<Link>;
  } = {},
): Network {
  const quiet = { lossUp: 0, lossDown: 0, jitter: 0, duplication: 0, carrier: true };
  const prefixes = [prefix('2001:db8:100:1::/64')];
  const auth = { kind: 'rfc4285', spi: 256, key: KEY, replay: 'timestamp' } as const;
  return new Network({
    seed,
    links: [
      { ...quiet, uplink: 'lte', careOfAddress: address('2001:db8:a::2'), delay: 20, ...changes.lte },
      { ...quiet, uplink: 'wifi', careOfAddress: address('2001:db8:b::2'), delay: 30, ...changes.wifi },
    ],
    router: {
      name: 'vessel',
      homeAddress: HOME_ADDRESS,
      homeAgents: [HOME_AGENT],
      failoverAfter: 6,
      prefixes,
      mode: 'explicit',
      lifetime: 600,
      registration: 'single',
      probe: 'fast',
      auth,
      identifier: undefined,
      uplinks: [
        { name: 'lte', device: 'lte0', priority: 1, bid: 1 },
        { name: 'wifi', device: 'wifi0', priority: 2, bid: 2 },
      ],
      ...changes.router,
    },
    anchor: {
      name: 'anchor',
      address: HOME_AGENT,
      maxLifetime: 3600,
      probe: 'fast',
      peers: [
        {
          name: 'vessel',
          homeAddress: HOME_ADDRESS,
          prefixes,
          auth: changes.router?.auth ?? auth,
          dialect: changes.router?.dialect,
          identifier: undefined,
          maxBindings: 8,
          ...changes.peer,
        },
      ],
      ...changes.anchor,
    },
  });
}
