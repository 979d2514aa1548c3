/**
 * A mobile router with two uplinks and several home agents in memory, under a virtual clock. Whoever asks the anycast
 * address of the home network reaches the first home agent that runs.
 */
import { HomeAgent } from '../../src/engine/home-agent/home-agent.ts';
import { MobileRouter } from '../../src/engine/mobile-router/mobile-router.ts';
import { PrefixDiscovery } from '../../src/engine/mobile-router/renumbering/prefix-discovery.ts';
import type { EngineEvent, JsonObject, Output, Role } from '../../src/engine/types.ts';
import type { HomeAgentConfig, MobileRouterConfig } from '../../src/uci/types.ts';
import { addressKey, equalAddress } from '../../src/wire/address.ts';
import { homeAgentsAnycast } from '../../src/wire/home-agents-anycast.ts';
import { parseIpv6Header } from '../../src/wire/ipv6.ts';
import { address, prefix, randomSource, twoUplinks } from './network.ts';

export const NET = prefix('2001:db8:100::/64');
export const ADDRESSES = ['2001:db8:ffff::1', '2001:db8:eeee::1', '2001:db8:dddd::1'].map(address);
const DELAY = 20;
const MEANS = { prefixDiscovery: PrefixDiscovery };

/** A home agent's host: its process may be dead, and it may be cut off while it runs. */
interface Host {
  readonly config: HomeAgentConfig;
  agent: HomeAgent | undefined;
  reachable: boolean;
  readonly records: Map<string, JsonObject>;
}

export class HomeNetwork {
  now = 1_000_000;
  readonly hosts: readonly Host[];
  router: MobileRouter;
  readonly #records = new Map<string, JsonObject>();
  readonly events: EngineEvent[] = [];
  /** Packets of the router that were no probes, by time. */
  readonly sent: number[] = [];
  readonly #careOfAddresses = ['2001:db8:a::2', '2001:db8:b::2'].map(address);
  #queue: { readonly at: number; readonly run: () => void }[] = [];

  constructor(count: number, changes: Partial<MobileRouterConfig> = {}, peers = true) {
    const { routerConfig, anchorConfig } = twoUplinks(1);
    const random = randomSource(1);
    const used = ADDRESSES.slice(0, count);
    this.hosts = used.map((one, index) => {
      const config = {
        ...anchorConfig,
        address: one,
        homePrefixes: [NET],
        preference: count - index,
        peerHomeAgents: peers
          ? used.flatMap((other, at) => (at === index ? [] : [{ address: other, preference: count - at }]))
          : [],
      };
      return { config, agent: undefined, reachable: true, records: new Map() };
    });
    for (const index of this.hosts.keys()) this.start(index);
    this.router = new MobileRouter(
      { ...routerConfig, homeAgents: used, ...changes },
      random,
      this.clock,
      new Map(),
      MEANS,
    );
    this.#announce();
  }

  /** The router's process ends without a word and begins again with what it has written down. */
  restartRouter(): void {
    this.router = new MobileRouter(this.router.config, randomSource(2), this.clock, this.#records, MEANS);
    this.#announce();
  }

  #announce(): void {
    const uplinks = this.#careOfAddresses.map((careOfAddress, index) => ({
      name: ['lte', 'wifi'][index]!,
      ifindex: index + 2,
      carrier: true,
      careOfAddress,
      gateway: address('fe80::1'),
      mtu: 1500,
    }));
    this.#act(this.router, this.router.handle({ kind: 'uplinks', uplinks }, this.clock));
  }

  get clock() {
    return { monotonic: this.now, wall: 1_760_000_000_000 + this.now };
  }

  /** Which of the home agents the router uses, -1: none. */
  get inUse(): number {
    const { current } = this.router.homeAgents;
    return ADDRESSES.findIndex(one => current !== undefined && equalAddress(one, current));
  }

  /** Uplinks that are registered at home agent `index`. */
  bindings(index: number): number {
    const node = this.hosts[index]!.agent?.view().nodes[0];
    return node?.bindings.length ?? 0;
  }

  get registered(): string[] {
    return this.router.view().paths.flatMap(path => (path.registered ? [path.uplink] : []));
  }

  start(index: number): void {
    const host = this.hosts[index]!;
    host.agent = new HomeAgent(host.config, this.clock, host.records);
  }

  kill(index: number): void {
    this.hosts[index]!.agent = undefined;
  }

  wish(index: number | undefined): void {
    const wanted = index === undefined ? undefined : ADDRESSES[index];
    this.#act(this.router, this.router.handle({ kind: 'home-agent', address: wanted }, this.clock));
  }

  run(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let steps = 0; steps < 1_000_000; steps++) {
      const roles: Role[] = [this.router, ...this.hosts.flatMap(({ agent }) => agent ?? [])];
      const next = Math.min(this.#queue[0]?.at ?? Infinity, ...roles.map(role => role.nextWake()));
      if (next > end) {
        this.now = end;
        return;
      }
      this.now = Math.max(this.now, next);
      if (this.#queue[0] !== undefined && this.#queue[0].at <= this.now) this.#queue.shift()!.run();
      for (const role of roles) {
        if (role.nextWake() <= this.now) this.#act(role, role.handle({ kind: 'timer' }, this.clock));
      }
    }
    throw new Error('somebody spins');
  }

  #act(role: Role, outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind === 'event' && role === this.router) this.events.push(output.event);
      if (output.kind === 'record') {
        const records = this.hosts.find(({ agent }) => agent === role)?.records ?? this.#records;
        if (output.value === undefined) records.delete(output.key);
        else records.set(output.key, output.value);
      }
      if (output.kind !== 'send') continue;
      const { packet } = output;
      if (role === this.router && packet[6] !== 41) this.sent.push(this.now);
      const host = this.hosts.find(({ agent }) => agent === role);
      if (host?.reachable === false) continue;
      this.#queue.push({ at: this.now + DELAY, run: () => this.#arrive(packet) });
      this.#queue.sort((a, b) => a.at - b.at);
    }
  }

  #arrive(packet: Uint8Array): void {
    const header = parseIpv6Header(packet);
    if (!header.ok) return;
    const { source, destination, nextHeader, hopLimit } = header.value;
    const bytes = packet.subarray(40);
    const role = this.#at(destination);
    if (role === undefined) return;
    if (nextHeader === 41) {
      this.#arrive(bytes);
      return;
    }
    const received = { source, destination, nextHeader, bytes, device: 'sim', hopLimit };
    this.#act(role, role.handle({ kind: 'packet', packet: received }, this.clock));
  }

  #at(destination: Uint8Array): Role | undefined {
    const running = this.hosts.filter(({ agent, reachable }) => agent !== undefined && reachable);
    if (equalAddress(destination, homeAgentsAnycast(NET))) return running[0]?.agent;
    const host = this.hosts.find(({ config }) => equalAddress(config.address, destination));
    if (host !== undefined) return host.reachable ? host.agent : undefined;
    const own = [...this.#careOfAddresses, this.router.config.homeAddress];
    return own.some(one => addressKey(one) === addressKey(destination)) ? this.router : undefined;
  }
}
