/** The mobile router (RFC 6275 §11, RFC 3963 §5, RFC 5648 §5) with several uplinks. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { type Address, equalAddress, type Prefix } from '../../wire/address.ts';
import { NextHeader } from '../../wire/ipv6.ts';
import { SecurityAssociation } from '../authentication.ts';
import { copyKey } from '../copies.ts';
import { ECHO_REPLY, SECRET_LENGTH } from '../echo.ts';
import { type CreateHmac, createHmac } from '../hmac.ts';
import { type Dialect, dialectOf } from '../identifiers/dialect.ts';
import { Outbox } from '../outbox.ts';
import type { RequestingRouter } from '../prefix-delegation/requesting-router.ts';
import type { Steering } from '../steering.ts';
import type { Input, JsonObject, Level, Now, Output, PathOctets, ReceivedPacket, Role } from '../types.ts';
import type { MobileRouterView } from '../view.ts';
import { ActiveUplink } from './active-uplink.ts';
import {
  createEntry,
  createProber,
  type Entry,
  isRegistered,
  pathMtu,
  usableCareOfAddress,
} from './binding-update-list.ts';
import { Failover } from './failover.ts';
import type { FlowBindingList } from './flow-bindings/flow-binding-list.ts';
import type * as Flows from './flows.ts';
import { HomeLink } from './home/home-link.ts';
import { HomeAgents } from './home-agents.ts';
import { PathWatch } from './path-watch.ts';
import type { Policy } from './policy.ts';
import { Reception } from './reception.ts';
import {
  formerBindings,
  RecordKeeper,
  type Records,
  restoreEntry,
  restoreFarewells,
  restoreHomeAgents,
  restoreRouter,
  staleKeys,
} from './records.ts';
import { type OutgoingUpdate, Registrar } from './registrar.ts';
import type { PrefixDiscovery } from './renumbering/prefix-discovery.ts';
import { homeRegistrationOf } from './route-optimization/home-registration.ts';
import type { RandomOctets } from './route-optimization/keygen-test.ts';
import type { RouteOptimization } from './route-optimization/route-optimization.ts';
import { Uplinks } from './uplinks.ts';

const POLICY_KEY = 'policy';

/** What a mobile router works with. */
export interface Means {
  readonly hmac?: CreateHmac;
  readonly randomOctets?: RandomOctets;
  /** Absent: not installed. */
  readonly directPaths?: typeof RouteOptimization | undefined;
  /** The same. */
  readonly prefixDiscovery?: typeof PrefixDiscovery | undefined;
  /** The same; then the configuration may want no delegation. */
  readonly delegation?: typeof RequestingRouter | undefined;
  /** The same; then the configuration may have no flows. */
  readonly flows?: typeof Flows | undefined;
}

export class MobileRouter implements Role {
  readonly config: MobileRouterConfig;
  readonly dialect: Dialect;
  readonly entries: readonly Entry[];
  /** The entries, and what else the home agent may hold: bindings that an earlier configuration has left. */
  readonly bound: Entry[] = [];
  readonly homeAgents: HomeAgents;
  /** Undefined: not installed. */
  readonly prefixDiscovery: PrefixDiscovery | undefined;
  /** Undefined: not installed. */
  readonly flows: typeof Flows | undefined;
  /** The same. */
  readonly flowBindings: FlowBindingList | undefined;
  /** What the policy comes to with the present paths; undefined: the active uplink carries everything. */
  steering: Steering | undefined;
  readonly registrar: Registrar;
  readonly watch: PathWatch;
  readonly home: HomeLink;
  /** Undefined: switched off, or not installed. */
  readonly routeOptimization: RouteOptimization | undefined;
  /** Undefined: the prefixes are configured. */
  readonly delegation: RequestingRouter | undefined;
  readonly failover: Failover;
  readonly uplinks: Uplinks;
  readonly active: ActiveUplink;

  readonly #reception: Reception;
  readonly #outbox = new Outbox();
  readonly #records = new RecordKeeper(this.#outbox);
  #leaving = false;
  readonly #policy: Policy | undefined;
  /** Something happened that a record may have to say. */
  #eventful = true;

  /** @param random uniform in [0, 1), unpredictable to others */
  constructor(
    config: MobileRouterConfig,
    random: () => number,
    now: Now,
    records: Records = new Map(),
    means: Means = {},
  ) {
    const {
      hmac = createHmac,
      directPaths: Direct,
      delegation: Delegation,
      flows,
      randomOctets = octetsFrom(random),
    } = means;
    this.config = config;
    this.dialect = dialectOf(config.dialect);
    const { auth } = config;
    const association = auth.kind === 'rfc4285' ? new SecurityAssociation(auth, hmac) : undefined;
    this.entries = config.uplinks.map(uplink => createEntry(config, uplink, now.monotonic));
    this.bound.push(...this.entries);
    this.homeAgents = new HomeAgents(config, now.monotonic);
    this.prefixDiscovery = means.prefixDiscovery && new means.prefixDiscovery(config, random);
    this.flows = flows;
    this.flowBindings =
      flows && new flows.FlowBindingList(config.dialect?.options?.['load-balancing'] !== undefined);
    this.registrar = new Registrar(
      config,
      this.bound,
      this.homeAgents,
      association,
      this.dialect,
      Math.floor(random() * 2 ** 16),
      this.flowBindings,
    );
    this.watch = new PathWatch(
      config,
      this.entries,
      this.homeAgents,
      this.registrar,
      association,
      this.dialect,
      this.#outbox,
      () => randomOctets(SECRET_LENGTH),
    );
    this.failover = new Failover(this, random);
    this.uplinks = new Uplinks(this);
    this.active = new ActiveUplink(this, now.monotonic);
    this.#reception = new Reception(this, association, this.#outbox);
    this.home = new HomeLink(this);
    this.routeOptimization =
      config.routeOptimization && Direct && new Direct(config, randomOctets, this.#outbox, hmac, flows);
    restoreHomeAgents(this, records, now.monotonic);
    this.delegation =
      config.delegation &&
      new Delegation!(this, this.#outbox, random, randomOctets, records.get('delegation'), now.monotonic);
    restoreRouter(this, records);
    restoreFarewells(this, records, now.monotonic);
    for (const entry of this.entries) {
      const path = restoreEntry(entry, this, records, now.monotonic);
      if (path === undefined) continue;
      entry.prober = createProber(config, entry.uplink, now.monotonic, path.state);
      entry.prober.quality?.adopt(path.grade);
    }
    for (const { uplink, binding } of formerBindings(this, records, now.monotonic)) {
      this.bound.push({ ...createEntry(config, uplink, now.monotonic), binding, maybeBound: true });
    }
    for (const key of staleKeys(this, records)) this.#outbox.record(key, undefined);
    this.#policy = this.#restorePolicy(records);
  }

  get icmpv6Types() {
    return [
      ECHO_REPLY,
      ...this.failover.icmpv6Types,
      ...this.home.icmpv6Types,
      ...(this.routeOptimization?.icmpv6Types ?? []),
    ];
  }

  /** Those that mobility messages for it come to. */
  get addresses(): readonly Address[] {
    const careOf = this.entries.flatMap(entry => usableCareOfAddress(entry) ?? []);
    return [this.config.homeAddress, ...careOf];
  }

  /** Prefixes that hosts of the mobile network may have addresses of. */
  get advertised(): readonly Prefix[] {
    return this.homeAgents.prefixesRefused ? [] : this.prefixes;
  }

  /** Those of the mobile network whose packets take its paths. */
  get prefixes(): readonly Prefix[] {
    return this.config.standby ? [] : this.config.prefixes;
  }

  get counters() {
    return this.#outbox.counters;
  }

  handle(input: Input, now: Now): Output[] {
    switch (input.kind) {
      case 'packet':
        this.#receive(input.packet, now);
        break;
      case 'uplinks':
        this.uplinks.update(input.uplinks, now);
        break;
      case 'gateway-failed':
        this.entries.find(({ uplink }) => uplink.name === input.uplink)?.prober.suspect(now.monotonic);
        break;
      case 'prefer':
        this.registrar.choice.preferred = input.uplink;
        this.event('notice', 'preference-changed', preferenceText(input.uplink), {
          uplink: input.uplink ?? null,
        });
        break;
      case 'home-agent':
        this.failover.want(input.address, now.monotonic);
        break;
      case 'direct-path':
        this.routeOptimization?.setObstacle(input.obstacle, now.monotonic, input.renewed);
        break;
      case 'used':
        this.routeOptimization?.used(input.peers, input.heard, now.monotonic);
        break;
      case 'tunneled':
        this.routeOptimization?.tunneled(input.traffic, now.monotonic);
        break;
      case 'traffic':
        this.#count(input.paths, now.monotonic);
        break;
      case 'budgets':
        this.uplinks.setBudgets(input.budgets, now);
        break;
      case 'no-copies':
        this.registrar.disagreeOnCopies(now.monotonic);
        this.requestForwarding();
        break;
      case 'timer':
        break;
      case 'shutdown':
        this.#leave(now);
        break;
    }
    this.#settle(now);
    return this.#outbox.drain();
  }

  nextWake(): number {
    if (this.#leaving) return Number.POSITIVE_INFINITY;
    const expiries = this.bound.map(entry => entry.binding?.expiresAt ?? Number.POSITIVE_INFINITY);
    const registrar = this.home.holdsBindings ? Number.POSITIVE_INFINITY : this.registrar.nextWake();
    return Math.min(
      this.failover.nextWake(),
      this.prefixDiscovery?.nextWake() ?? Number.POSITIVE_INFINITY,
      this.home.nextWake(),
      registrar,
      this.watch.nextWake(),
      this.uplinks.nextWake(),
      this.delegation?.nextWake() ?? Number.POSITIVE_INFINITY,
      this.routeOptimization?.nextWake() ?? Number.POSITIVE_INFINITY,
      ...expiries,
    );
  }

  /** What the forwarding state is computed from. */
  view(): MobileRouterView {
    const paths = this.entries.flatMap(entry => {
      const careOfAddress = usableCareOfAddress(entry);
      if (careOfAddress === undefined || entry.status === undefined || entry.place !== 'foreign') return [];
      const { ifindex, gateway } = entry.status;
      const mtu = pathMtu(entry);
      const { name, device, bid } = entry.uplink;
      return [
        { uplink: name, device, ifindex, bid, gateway, careOfAddress, mtu, registered: isRegistered(entry) },
      ];
    });
    const { slot = 0, homeAddress, deprecated } = this.config;
    const { current: homeAgent, candidates: homeAgents } = this.homeAgents;
    const active = this.active.entry?.uplink.name;
    const home = this.home.view();
    const { steering } = this;
    const key = this.registrar.terms.copies ? copyKey(homeAddress) : undefined;
    return {
      slot,
      homeAddress,
      deprecated,
      homeAgent,
      homeAgents,
      prefixes: this.prefixes,
      paths,
      active,
      home,
      steering,
      copyKey: key,
    };
  }

  /**
   * The paths changed: the forwarding state must be computed again. Before the messages that follow: without the rule of
   * its care-of address, a message would leave by another uplink, where ingress filtering drops it.
   */
  requestForwarding(): void {
    this.#eventful = true;
    this.#outbox.forwarding(this.config.homeAddress);
  }

  send(updates: readonly OutgoingUpdate[]): void {
    for (const { packet, homeAgent, device } of updates) this.sendPacket(packet, homeAgent, device);
  }

  sendPacket(packet: Uint8Array, destination: Address, device: string): void {
    this.#eventful = true;
    this.#outbox.send(packet, destination, device);
  }

  event(level: Level, name: string, text: string, data: JsonObject): void {
    this.#eventful = true;
    this.#outbox.event(level, name, text, data);
  }

  /** Something changed that a record may have to say. */
  noteForRecords(): void {
    this.#eventful = true;
  }

  /** All that is bound now belongs to this configuration. */
  forgetFormer(): void {
    for (const entry of this.bound) if (!this.entries.includes(entry)) this.forget(entry);
  }

  /** The binding of this uplink exists no longer, or not any more for the address the uplink has. */
  forget(entry: Entry): void {
    this.#eventful = true;
    entry.binding = undefined;
    entry.maybeBound = false;
  }

  /** Another home agent: nothing of the one before is of use. */
  beginAnew(now: number): void {
    for (const entry of this.entries) {
      this.forget(entry);
      entry.pending = undefined;
      entry.refusal = undefined;
      entry.corrections = 0;
      entry.timeout = 0;
      entry.retransmitAt = now;
      this.uplinks.resetPath(entry, now);
    }
    this.registrar.startAnew();
    this.prefixDiscovery?.forget();
    this.watch.startAnew();
    this.requestForwarding();
  }

  #receive(packet: ReceivedPacket, now: Now): void {
    if (packet.nextHeader !== NextHeader.udp) {
      this.#reception.receive(packet, now);
      return;
    }
    const reason = this.delegation?.receive(packet, now.monotonic);
    if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
  }

  /** The home agent is told, nothing is waited for, and the next life begins from nothing. */
  #leave(now: Now): void {
    this.routeOptimization?.leave(now.monotonic);
    this.send(this.registrar.deregisterAll(now));
    this.failover.leave(now);
    for (const entry of this.bound) this.forget(entry);
    const { terms } = this.registrar;
    terms.bootstrapping = true;
    terms.multiple = terms.wantsSeveral;
    this.#records.save(this);
    this.#leaving = true;
  }

  /** Everything that follows from the present state: messages, probes, the choice of the path, records. */
  #settle(now: Now): void {
    if (this.#leaving) return;
    this.#expire(now.monotonic);
    this.watch.step(now.monotonic);
    this.failover.step(now);
    this.prefixDiscovery?.holdRefreshes(this, now.monotonic);
    this.uplinks.step(now);
    this.home.step(now);
    this.#steer();
    const bid = this.active.choose()?.uplink.bid;
    this.flowBindings?.want(this.steering, bid, this.#boundAddresses(), now.monotonic);
    if (!this.home.holdsBindings) this.send(this.registrar.step(now));
    this.active.step(now.monotonic);
    this.delegation?.step(now.monotonic);
    this.prefixDiscovery?.step(this, now.monotonic);
    this.routeOptimization?.step(() => homeRegistrationOf(this), now.monotonic);
    this.uplinks.noteStates(now.monotonic);
    if (this.#eventful) this.#records.save(this);
    this.#eventful = false;
    this.#dropFormer();
  }

  #count(paths: readonly PathOctets[], now: number): void {
    for (const { homeAddress, bid, tunnel, access } of paths) {
      if (!equalAddress(homeAddress, this.config.homeAddress)) continue;
      const traffic = this.entries.find(({ uplink }) => uplink.bid === bid)?.traffic;
      if (tunnel !== undefined) traffic?.tunnel.note(tunnel, now);
      if (access !== undefined) traffic?.access.note(access, now);
    }
  }

  #boundAddresses(): Map<number, Address> {
    const bound = this.entries.filter(isRegistered);
    return new Map(bound.map(({ binding }) => [binding!.bid, binding!.careOfAddress]));
  }

  #restorePolicy(records: Records): Policy | undefined {
    const { flows = [], uplinks, mostLanes } = this.config;
    const policy =
      flows.length === 0
        ? undefined
        : new this.flows!.Policy(flows, uplinks, mostLanes, records.get(POLICY_KEY));
    if (policy !== undefined || records.has(POLICY_KEY)) this.#outbox.record(POLICY_KEY, policy?.record());
    return policy;
  }

  #steer(): void {
    if (this.#policy === undefined) return;
    const { carrier } = this.home;
    const entries = carrier === undefined ? this.entries.filter(isRegistered) : [carrier];
    const steering = this.#policy.steering(
      entries.map(entry => ({
        ...this.registrar.choice.candidate(entry),
        ...(entry.place === 'home' && { state: 'alive' }),
        bid: entry.uplink.bid,
        impaired: this.registrar.choice.candidate(entry, true).poor === true,
      })),
    );
    if (steering === this.steering) return;
    this.steering = steering;
    this.requestForwarding();
  }

  #expire(now: number): void {
    for (const entry of this.bound) {
      if (entry.binding === undefined || entry.binding.expiresAt > now) continue;
      this.forget(entry);
      const { name } = entry.uplink;
      this.event('warning', 'binding-expired', `the binding of ${name} has expired`, { uplink: name });
      this.requestForwarding();
    }
  }

  #dropFormer(): void {
    for (let at = this.bound.length - 1; at >= this.entries.length; at--) {
      if (!this.bound[at]!.maybeBound) this.bound.splice(at, 1);
    }
  }
}

const octetsFrom =
  (random: () => number): RandomOctets =>
  length =>
    Uint8Array.from({ length }, () => Math.floor(random() * 256));

function preferenceText(uplink: string | undefined): string {
  return uplink === undefined ? 'uplinks are used by priority' : `${uplink} is preferred`;
}
