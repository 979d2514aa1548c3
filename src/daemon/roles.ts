/** The roles that a configuration asks for, taken together as one. */
import type { Correspondent } from '../engine/correspondent/correspondent.ts';
import type { RandomOctets } from '../engine/correspondent/nonces.ts';
import type { CreateHmac } from '../engine/hmac.ts';
import type { HomeAgent } from '../engine/home-agent/home-agent.ts';
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import type { RouteOptimization } from '../engine/mobile-router/route-optimization/route-optimization.ts';
import { type Reception, receive } from '../engine/receive.ts';
import type { Status } from '../engine/status.ts';
import type { Input, JsonObject, Now, Output, ReceivedPacket, Role } from '../engine/types.ts';
import type { AnchorForwarding } from '../forwarding/anchor-forwarding.ts';
import type { DirectForwarding, DirectView } from '../forwarding/direct-forwarding.ts';
import type { ForwardingChanges, ForwardingParts, ForwardingState } from '../forwarding/state.ts';
import { tunnelName } from '../forwarding/tunnel.ts';
import type { Config } from '../uci/types.ts';
import { type Address, equalAddress, isUnspecified } from '../wire/address.ts';
import { parseEnvelope } from '../wire/envelope.ts';
import { NextHeader, sourceOf } from '../wire/ipv6.ts';
import type { Parts } from './parts.ts';
import { recordsOf, scopeOf } from './record-scope.ts';
import type { Renumbering } from './renumbering.ts';
import { isOf } from './router-name.ts';
import type { ThroughUplinks } from './through-uplinks.ts';
import type { CountedPath } from './traffic-count.ts';

export class Roles implements Role {
  readonly mobileRouters: readonly MobileRouter[];
  readonly homeAgent: HomeAgent | undefined;
  readonly correspondent: Correspondent | undefined;
  readonly #parts: Parts;
  readonly #all: readonly Role[];
  readonly #marks: Config['marks'];
  #anchorForwarding: AnchorForwarding | undefined;
  readonly #direct: DirectForwarding | undefined;
  /** The mobile routers', as they were told last. */
  #directPeers: readonly Address[] = [];
  /** Undefined: none of the mobile routers goes through another one. */
  readonly #through: ThroughUplinks | undefined;
  /** Undefined: not installed. */
  readonly #renumbering: Renumbering | undefined;
  #renumberAt = Number.POSITIVE_INFINITY;

  constructor(
    config: Config,
    parts: Parts,
    now: Now,
    records: ReadonlyMap<string, JsonObject>,
    hmac: CreateHmac,
    randomOctets: RandomOctets,
  ) {
    const { homeAgent, correspondent } = config;
    this.#parts = parts;
    this.#renumbering = parts.renumbering && new parts.renumbering.Renumbering(config.mobileRouters, records);
    const mobileRouters = this.#renumbering?.routers() ?? config.mobileRouters;
    this.#marks = config.marks;
    this.mobileRouters = mobileRouters.map(router => {
      const own = recordsOf(records, scopeOf(router.name));
      return new parts.mobileRouter!.MobileRouter(router, Math.random, now, own, {
        hmac,
        randomOctets,
        directPaths: parts.directPaths?.RouteOptimization,
        prefixDiscovery: parts.renumbering?.PrefixDiscovery,
        delegation: parts.requestingRouter?.RequestingRouter,
        flows: parts.flows?.routerFlows,
      });
    });
    const nests = mobileRouters.some(({ uplinks }) => uplinks.some(uplink => uplink.through !== undefined));
    this.#through = nests ? new parts.mobileRouter!.ThroughUplinks(this.mobileRouters) : undefined;
    const { delegatingRouter } = parts;
    this.homeAgent =
      homeAgent &&
      new parts.homeAgent!.HomeAgent(
        homeAgent,
        now,
        records,
        hmac,
        Math.random,
        delegatingRouter &&
          ((agent, outbox) => new delegatingRouter.DelegatingRouter(agent, outbox, anchorTunnelName)),
      );
    this.correspondent =
      correspondent &&
      new parts.correspondent!.Correspondent(correspondent, {
        random: randomOctets,
        createHmac: hmac,
        isHomeRegistration: homeAddress => isBound(this.homeAgent, homeAddress),
        isMobile: own => mobileRouters.some(({ homeAddress }) => equalAddress(homeAddress, own)),
      });
    this.#direct = parts.directPaths && new parts.directPaths.DirectForwarding(config.marks);
    this.#all = [...this.mobileRouters, this.homeAgent, this.correspondent].filter(
      role => role !== undefined,
    );
  }

  /** @param to those that it is for; undefined: all that it concerns */
  handle(input: Input, now: Now, to?: readonly Role[]): Output[] {
    const { directPaths } = this.#parts;
    const restated = input.kind === 'packet' ? directPaths?.restatedTooBig(input.packet) : undefined;
    if (restated !== undefined) {
      return [{ kind: 'send', packet: restated, destination: sourceOf(restated) }];
    }
    const roles = to ?? (input.kind === 'packet' ? this.#rolesFor(input.packet) : this.#all);
    const outputs = roles.flatMap(role => this.#own(role, role.handle(this.#inputFor(role, input), now)));
    if (input.kind === 'shutdown') return outputs;
    if (this.#through !== undefined) outputs.push(...this.#tellOthers(this.#through, now));
    if (this.#renumbering !== undefined) outputs.push(...this.#renumber(this.#renumbering, now));
    return outputs;
  }

  /** A home address that is valid no longer is de-registered; there are other mobile routers with the next reading. */
  #renumber(renumbering: Renumbering, now: Now): Output[] {
    const { outputs, ended } = renumbering.step(this.mobileRouters, now.monotonic);
    this.#renumberAt = renumbering.nextWake(now.monotonic);
    const farewells = ended.flatMap(router => this.#own(router, router.handle({ kind: 'shutdown' }, now)));
    return [...farewells, ...outputs];
  }

  #inputFor(role: Role, input: Input): Input {
    if (this.#through === undefined || input.kind !== 'uplinks') return input;
    const router = this.mobileRouters.find(candidate => candidate === role);
    return router === undefined
      ? input
      : { kind: 'uplinks', uplinks: this.#through.tell(router, input.uplinks) };
  }

  /** What becomes of a mobile router is news to those that go through it. */
  #tellOthers(through: ThroughUplinks, now: Now): Output[] {
    const outputs: Output[] = [];
    for (let news = through.news(); news !== undefined; news = through.news()) {
      const { router, uplinks } = news;
      outputs.push(...this.#own(router, router.handle({ kind: 'uplinks', uplinks }, now)));
    }
    return [...outputs, ...through.events().map((event): Output => ({ kind: 'event', event }))];
  }

  /** @param name undefined: all */
  routersNamed(name: string | undefined): readonly MobileRouter[] {
    return this.mobileRouters.filter(router => name === undefined || isOf(name, router));
  }

  /** What a mobile router remembers and tells is told apart from what another one does. */
  #own(role: Role, outputs: Output[]): Output[] {
    const router = this.mobileRouters.find(candidate => candidate === role);
    if (router === undefined) return outputs;
    const { name } = router.config;
    const tell = this.mobileRouters.length > 1;
    return outputs.map((output): Output => {
      if (output.kind === 'record') return { ...output, key: scopeOf(name) + output.key };
      if (output.kind !== 'event' || !tell) return output;
      const { event } = output;
      return {
        ...output,
        event: { ...event, text: `${name}: ${event.text}`, data: { ...event.data, router: name } },
      };
    });
  }

  /** A message has one answer, and a fault one complaint: a correspondent leaves to the other roles what is theirs. */
  #rolesFor(packet: ReceivedPacket): readonly Role[] {
    const reception = receive(packet);
    if (
      reception.kind === 'bad' ||
      (reception.kind === 'message' && reception.received.message.kind === 'opaque')
    ) {
      const router = this.mobileRouters.find(({ addresses }) =>
        addresses.some(own => equalAddress(own, packet.destination)),
      );
      return [router ?? this.homeAgent ?? this.correspondent ?? this.#all[0]!];
    }
    const others: readonly Role[] = this.#routersBeside(packet, reception);
    const { nextHeader, bytes } = packet;
    const isAsked = (role: Role) => nextHeader !== NextHeader.icmpv6 || role.icmpv6Types.includes(bytes[0]!);
    return this.#rolesInReach(packet, reception).filter(role => isAsked(role) && !others.includes(role));
  }

  /** The mobile routers that a packet does not concern, because it names the home address of another one. */
  #routersBeside(packet: ReceivedPacket, reception: Reception): readonly MobileRouter[] {
    const { mobileRouters } = this;
    if (mobileRouters.length < 2) return [];
    const home = homeAddressIn(packet, reception);
    const isIts = ({ config }: MobileRouter) => equalAddress(config.homeAddress, home);
    return mobileRouters.some(isIts) ? mobileRouters.filter(router => !isIts(router)) : [];
  }

  #rolesInReach(packet: ReceivedPacket, reception: Reception): readonly Role[] {
    const { mobileRouters, homeAgent, correspondent } = this;
    if (correspondent === undefined || correspondent.obstacle !== undefined) return this.#all;
    if (reception.kind === 'message' && this.#parts.correspondent!.isForCorrespondent(reception.received))
      return [correspondent];
    if (reception.kind === 'ignored') return this.#all;
    const isAnchors = homeAgent !== undefined && equalAddress(packet.destination, homeAgent.config.address);
    const isRouters =
      mobileRouters.some(router => isHomeAgentOf(router, packet.source)) ||
      (mobileRouters.length > 0 &&
        reception.kind === 'message' &&
        this.#parts.correspondent!.isForMobileNode(reception.received));
    return isAnchors || isRouters ? this.#all.filter(role => role !== correspondent) : this.#all;
  }

  get icmpv6Types(): readonly number[] {
    const { directPaths } = this.#parts;
    const types = [...this.#all, ...(directPaths ? [directPaths] : [])].flatMap(role => role.icmpv6Types);
    return [...new Set(types)].sort((a, b) => a - b);
  }

  nextWake(): number {
    return Math.min(...this.#all.map(role => role.nextWake()), this.#renumberAt);
  }

  /** The whole forwarding state. */
  forwarding(): ForwardingParts {
    this.#anchorForwarding =
      this.homeAgent && new this.#parts.homeAgent!.AnchorForwarding(this.homeAgent.view(), this.#marks);
    this.#takeDirectPeers();
    return new Map([
      ...this.#routerParts(),
      ...(this.#anchorForwarding?.parts() ?? []),
      ...(this.#direct?.parts(this.#directView()) ?? []),
    ]);
  }

  /** What of the forwarding state changes with the paths of these nodes, after {@link forwarding}. */
  forwardingOf(homeAddresses: readonly Address[]): ForwardingChanges {
    const parts = new Map<string, ForwardingState | undefined>();
    const peers = [...homeAddresses];
    for (const homeAddress of homeAddresses) {
      const own = this.mobileRouters.some(({ config }) => equalAddress(homeAddress, config.homeAddress));
      if (own) {
        for (const [name, part] of this.#routerParts()) parts.set(name, part);
        peers.push(...this.#takeDirectPeers());
      }
      const node = this.homeAgent?.viewOf(homeAddress);
      const changed = node && this.#anchorForwarding?.change(node);
      for (const [name, part] of changed ?? []) parts.set(name, part);
    }
    const direct = this.#direct?.change(this.#directView(), peers);
    for (const [name, part] of direct ?? []) parts.set(name, part);
    return parts;
  }

  /** The mobile routers that take direct ways, by their home addresses. */
  #directWays(): Map<Address, RouteOptimization> {
    const ways = new Map<Address, RouteOptimization>();
    for (const { config, routeOptimization } of this.mobileRouters) {
      if (routeOptimization?.obstacle !== undefined || routeOptimization === undefined) continue;
      ways.set(config.homeAddress, routeOptimization);
    }
    return ways;
  }

  #directView(): DirectView {
    const { correspondent } = this;
    const ways = this.#directWays();
    const corresponds = correspondent !== undefined && correspondent.obstacle === undefined;
    return {
      homeAddresses: [...ways.keys()],
      correspondents: [...ways.values()].flatMap(way => way.direct()),
      corresponds,
      nodes: corresponds ? correspondent.view().peers : [],
    };
  }

  /** The mobile routers' correspondents, those from before as well. */
  #takeDirectPeers(): Address[] {
    const before = this.#directPeers;
    this.#directPeers = this.#directView().correspondents.map(each => each.correspondent);
    return [...before, ...this.#directPeers];
  }

  /** All of them: they may share tunnels. */
  #routerParts(): [string, ForwardingState][] {
    const parts = this.#parts.mobileRouter;
    if (parts === undefined) return [];
    const ways = this.#directWays();
    const views = this.mobileRouters.map(router => router.view());
    const tunnels = new parts.RouterTunnels(views);
    return views.map(view => [
      `router ${view.slot}`,
      parts.routerForwarding(view, this.#marks, tunnels, ways.has(view.homeAddress)),
    ]);
  }

  /** Devices of the uplinks, and whether they are on foreign links; undefined: not known. */
  uplinkPlaces(): Map<string, boolean | undefined> {
    const places = new Map<string, boolean | undefined>();
    for (const { place, uplink, status } of this.mobileRouters.flatMap(({ entries }) => entries)) {
      const isAbroad = place === 'foreign' ? status?.careOfAddress !== undefined || undefined : false;
      if (places.get(uplink.device) !== false)
        places.set(uplink.device, isAbroad ?? places.get(uplink.device));
    }
    return places;
  }

  /** Every registered path. */
  countedPaths(): CountedPath[] {
    const views = this.mobileRouters.map(router => router.view());
    const tunnels = views.length === 0 ? undefined : new this.#parts.mobileRouter!.RouterTunnels(views);
    return [
      ...views.flatMap(view =>
        view.paths.flatMap(({ uplink, device, bid }) => {
          const tunnel = tunnels?.nameFor(view, uplink);
          return tunnel === undefined ? [] : [{ homeAddress: view.homeAddress, bid, tunnel, access: device }];
        }),
      ),
      ...[...(this.homeAgent?.cache.nodes() ?? [])].flatMap(({ peer: { name, homeAddress }, bindings }) =>
        [...bindings.keys()].map(bid => ({ homeAddress, bid, tunnel: anchorTunnelName(name, bid) })),
      ),
    ];
  }

  /** @param now monotonic, milliseconds */
  reports(now: number): Omit<Status, 'version' | 'uptime' | 'warnings'> {
    const { homeAgent, correspondent } = this;
    const parts = this.#parts;
    const views = this.mobileRouters.map(router => router.view());
    const tunnels = views.length === 0 ? undefined : new parts.mobileRouter!.RouterTunnels(views);
    const [mobileRouter = null, ...otherMobileRouters] = this.mobileRouters.map((router, at) =>
      parts.mobileRouter!.reportMobileRouter(router, now, uplink => tunnels!.nameFor(views[at]!, uplink)),
    );
    return {
      mobileRouter,
      otherMobileRouters,
      homeAgent: homeAgent ? parts.homeAgent!.reportHomeAgent(homeAgent, now, anchorTunnelName) : null,
      correspondent: correspondent ? parts.correspondent!.reportCorrespondent(correspondent, now) : null,
    };
  }
}

const anchorTunnelName = (peer: string, bid: number): string => tunnelName(`${peer}.${bid}`);

function isBound(homeAgent: HomeAgent | undefined, homeAddress: Address): boolean {
  return (homeAgent?.cache.find(homeAddress)?.bindings.size ?? 0) > 0;
}

function isHomeAgentOf({ homeAgents }: MobileRouter, address: Address): boolean {
  return homeAgents.candidates.some(candidate => equalAddress(candidate, address));
}

/** The home address that a packet is for: in a type 2 routing header, in a Binding Error, or its destination. */
function homeAddressIn(packet: ReceivedPacket, reception: Reception): Address {
  const { nextHeader, bytes, source, destination } = packet;
  const headers = parseEnvelope(nextHeader, bytes, 0, bytes.length, source, destination);
  if (headers.ok && headers.value.routingHome !== undefined) return headers.value.routingHome;
  if (reception.kind !== 'message') return destination;
  const { message } = reception.received;
  const isNamed = message.kind === 'binding-error' && !isUnspecified(message.homeAddress);
  return isNamed ? message.homeAddress : destination;
}
