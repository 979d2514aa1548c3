/**
 * A router whose home network is renumbered, and its home agent, in memory under a virtual clock: the roles as the daemon puts
 * them together from two configurations, and made anew when there are to be other home addresses, as the daemon does.
 */
import { loadParts, type Parts } from '../../src/daemon/parts.ts';
import { Roles } from '../../src/daemon/roles.ts';
import { createHmac } from '../../src/engine/hmac.ts';
import { isRegistered } from '../../src/engine/mobile-router/binding-update-list.ts';
import type { MobileRouter } from '../../src/engine/mobile-router/mobile-router.ts';
import type { EngineEvent, JsonObject, OnLinkPrefix, Output } from '../../src/engine/types.ts';
import { loadConfig } from '../../src/uci/config.ts';
import type { Config } from '../../src/uci/types.ts';
import { equalAddress, formatAddress, formatPrefix } from '../../src/wire/address.ts';
import { parseIpv6Header } from '../../src/wire/ipv6.ts';
import { address, prefix, randomSource } from './network.ts';

const DELAY = 20;
const CARE_OF = address('2001:db8:a::2');
const HOME_AGENT = address('2001:db8:ffff::1');
const TUNNEL = 41;

/** A daemon without a kernel. */
class Host {
  roles: Roles;
  readonly records = new Map<string, JsonObject>();
  readonly events: EngineEvent[] = [];

  private constructor(
    readonly config: Config,
    readonly parts: Parts,
    readonly make: (host: Pick<Host, 'config' | 'parts' | 'records'>) => Roles,
  ) {
    this.roles = make(this);
  }

  static async of(text: string, clock: () => { monotonic: number; wall: number }): Promise<Host> {
    const { config, faults } = loadConfig({ file: 'kedge', text }, () => undefined);
    if (config === undefined) throw new Error(JSON.stringify(faults));
    const random = randomSource(1);
    const octets = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
    const make = ({ config, parts, records }: Pick<Host, 'config' | 'parts' | 'records'>) =>
      new Roles(config, parts, clock(), records, createHmac, octets);
    return new Host(config, await loadParts(config, console.warn), make);
  }

  begin(): void {
    this.roles = this.make(this);
  }
}

export class Renumbered {
  now = 1_000_000;
  readonly router: Host;
  readonly anchor: Host;
  /** While false nothing reaches the home agent. */
  reachable = true;
  #queue: { readonly at: number; readonly packet: Uint8Array }[] = [];

  private constructor(router: Host, anchor: Host) {
    this.router = router;
    this.anchor = anchor;
  }

  static async of(router: string, anchor: string): Promise<Renumbered> {
    const clock = () => network.clock;
    let network = { clock: { monotonic: 1_000_000, wall: 1_760_000_000_000 } } as Renumbered;
    network = new Renumbered(await Host.of(router, clock), await Host.of(anchor, clock));
    network.announce();
    return network;
  }

  get clock() {
    return { monotonic: this.now, wall: 1_760_000_000_000 + this.now };
  }

  /** The uplink, to the present roles. */
  announce(): void {
    const gateway = address('fe80::1');
    const lte = { name: 'lte', ifindex: 2, carrier: true, careOfAddress: CARE_OF, gateway, mtu: 1500 };
    this.#act(this.router, this.router.roles.handle({ kind: 'uplinks', uplinks: [lte] }, this.clock));
  }

  /** The process of the router dies, and begins again with its records. */
  restart(): void {
    this.router.begin();
    this.announce();
  }

  /** Prefixes of the home link with the seconds that they are preferred and valid; Infinity: for ever. */
  homeLink(...prefixes: readonly (readonly [prefix: string, preferred: number, valid: number])[]): void {
    const list = prefixes.map(
      ([text, preferred, valid]): OnLinkPrefix => ({
        prefix: prefix(text),
        preferredUntil: this.now + preferred * 1000,
        validUntil: this.now + valid * 1000,
      }),
    );
    const status = { linkLayerAddress: undefined, linkLocalAddress: undefined, prefixes: list };
    this.#act(this.anchor, this.anchor.roles.handle({ kind: 'home-link', status }, this.clock));
  }

  /** The home addresses that the router has: `ADDRESS`, with ` registered`, ` deprecated` and its prefixes where they are so. */
  get homeAddresses(): string[] {
    return this.router.roles.mobileRouters.map(({ config, entries, prefixes }: MobileRouter) =>
      [
        formatAddress(config.homeAddress),
        ...(entries.some(isRegistered) ? ['registered'] : []),
        ...(config.deprecated ? ['deprecated'] : []),
        ...prefixes.map(formatPrefix),
      ].join(' '),
    );
  }

  /** What the home agent forwards: home addresses that are bound, with their prefixes. */
  get bound(): string[] {
    const { nodes } = this.anchor.roles.homeAgent!.view();
    return nodes
      .filter(({ bindings }) => bindings.length > 0)
      .map(({ homeAddress, prefixes }) =>
        [formatAddress(homeAddress), ...prefixes.map(formatPrefix)].join(' '),
      );
  }

  changes(): string[] {
    const events = this.router.events.filter(({ name }) => name === 'home-address');
    return events.map(({ data }) => `${data.homeAddress} ${data.state}`);
  }

  run(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (let steps = 0; steps < 1_000_000; steps++) {
      const hosts = [this.router, this.anchor];
      const next = Math.min(this.#queue[0]?.at ?? Infinity, ...hosts.map(({ roles }) => roles.nextWake()));
      if (next > end) {
        this.now = end;
        return;
      }
      this.now = Math.max(this.now, next);
      if (this.#queue[0] !== undefined && this.#queue[0].at <= this.now)
        this.#arrive(this.#queue.shift()!.packet);
      for (const host of hosts) {
        if (host.roles.nextWake() <= this.now)
          this.#act(host, host.roles.handle({ kind: 'timer' }, this.clock));
      }
    }
    throw new Error('somebody spins');
  }

  /** A packet that somebody sends to the router. */
  arrive(packet: Uint8Array): void {
    this.#arrive(packet);
  }

  #act(host: Host, outputs: readonly Output[]): void {
    let isRenumbered = false;
    for (const output of outputs) {
      if (output.kind === 'event') {
        host.events.push(output.event);
        isRenumbered ||= output.event.name === 'home-address';
      }
      if (output.kind === 'record') {
        if (output.value === undefined) host.records.delete(output.key);
        else host.records.set(output.key, output.value);
      }
      if (output.kind === 'send') this.#queue.push({ at: this.now + DELAY, packet: output.packet });
    }
    if (isRenumbered) this.restart();
  }

  #arrive(packet: Uint8Array): void {
    const header = parseIpv6Header(packet);
    if (!header.ok) return;
    const { source, destination, nextHeader, hopLimit } = header.value;
    const bytes = packet.subarray(40);
    const isAnchors = equalAddress(destination, HOME_AGENT);
    if (isAnchors && !this.reachable) return;
    if (nextHeader === TUNNEL) {
      this.#arrive(bytes);
      return;
    }
    const host = isAnchors ? this.anchor : this.router;
    const received = { source, destination, nextHeader, bytes, device: 'sim', hopLimit };
    this.#act(host, host.roles.handle({ kind: 'packet', packet: received }, this.clock));
  }
}
