/** The roles that a configuration asks for, taken together as one. */
import type { Correspondent } from '../engine/correspondent/correspondent.ts';
import type { RandomOctets } from '../engine/correspondent/nonces.ts';
import type { CreateHmac } from '../engine/hmac.ts';
import type { HomeAgent } from '../engine/home-agent/home-agent.ts';
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import { receive } from '../engine/receive.ts';
import type { Status } from '../engine/status.ts';
import type { Input, JsonObject, Now, Output, ReceivedPacket, Role } from '../engine/types.ts';
import type { AnchorForwarding } from '../forwarding/anchor-forwarding.ts';
import type { ForwardingParts, ForwardingState } from '../forwarding/state.ts';
import { tunnelName } from '../forwarding/tunnel.ts';
import type { Config } from '../uci/types.ts';
import { type Address, equalAddress } from '../wire/address.ts';
import type { Parts } from './parts.ts';
import type { CountedPath } from './traffic-count.ts';

export class Roles implements Role {
  readonly mobileRouter: MobileRouter | undefined;
  readonly homeAgent: HomeAgent | undefined;
  readonly correspondent: Correspondent | undefined;
  readonly #parts: Parts;
  readonly #all: readonly Role[];
  readonly #marks: Config['marks'];
  #anchorForwarding: AnchorForwarding | undefined;

  constructor(
    config: Config,
    parts: Parts,
    now: Now,
    records: ReadonlyMap<string, JsonObject>,
    hmac: CreateHmac,
    randomOctets: RandomOctets,
  ) {
    const { mobileRouter, homeAgent, correspondent } = config;
    this.#parts = parts;
    this.#marks = config.marks;
    this.mobileRouter =
      mobileRouter &&
      new parts.mobileRouter!.MobileRouter(mobileRouter, Math.random, now, records, hmac, randomOctets);
    this.homeAgent = homeAgent && new parts.homeAgent!.HomeAgent(homeAgent, now, records, hmac, Math.random);
    this.correspondent =
      correspondent &&
      new parts.correspondent!.Correspondent(correspondent, {
        random: randomOctets,
        createHmac: hmac,
        isHomeRegistration: homeAddress => isBound(this.homeAgent, homeAddress),
      });
    this.#all = [this.mobileRouter, this.homeAgent, this.correspondent].filter(role => role !== undefined);
  }

  handle(input: Input, now: Now): Output[] {
    const roles = input.kind === 'packet' ? this.#rolesFor(input.packet) : this.#all;
    return roles.flatMap(role => role.handle(input, now));
  }

  /** A message has one answer: a correspondent leaves to the other roles what is theirs. */
  #rolesFor(packet: ReceivedPacket): readonly Role[] {
    const { mobileRouter, homeAgent, correspondent } = this;
    if (correspondent === undefined || correspondent.obstacle !== undefined) return this.#all;
    const reception = receive(packet);
    if (reception.kind === 'message' && this.#parts.correspondent!.isForCorrespondent(reception.received))
      return [correspondent];
    if (reception.kind === 'ignored') return this.#all;
    const isAnchors =
      homeAgent !== undefined &&
      (reception.kind === 'bad' || equalAddress(packet.destination, homeAgent.config.address));
    return isAnchors || isHomeAgentOf(mobileRouter, packet.source)
      ? this.#all.filter(role => role !== correspondent)
      : this.#all;
  }

  get icmpv6Types(): readonly number[] {
    return [...new Set(this.#all.flatMap(role => role.icmpv6Types))].sort((a, b) => a - b);
  }

  nextWake(): number {
    return Math.min(...this.#all.map(role => role.nextWake()), Number.POSITIVE_INFINITY);
  }

  /** The whole forwarding state. */
  forwarding(): ForwardingParts {
    this.#anchorForwarding =
      this.homeAgent && new this.#parts.homeAgent!.AnchorForwarding(this.homeAgent.view(), this.#marks);
    return new Map([...this.#routerPart(), ...(this.#anchorForwarding?.parts() ?? [])]);
  }

  /** What of the forwarding state changes with the paths of these nodes, after {@link forwarding}. */
  forwardingOf(homeAddresses: readonly Address[]): ForwardingParts {
    const parts = new Map<string, ForwardingState>();
    for (const homeAddress of homeAddresses) {
      const own = this.mobileRouter && equalAddress(homeAddress, this.mobileRouter.config.homeAddress);
      if (own) for (const [name, part] of this.#routerPart()) parts.set(name, part);
      const node = this.homeAgent?.viewOf(homeAddress);
      const changed = node && this.#anchorForwarding?.change(node);
      for (const [name, part] of changed ?? []) parts.set(name, part);
    }
    return parts;
  }

  #routerPart(): [string, ForwardingState][] {
    const { mobileRouter } = this;
    if (mobileRouter === undefined) return [];
    return [['router', this.#parts.mobileRouter!.routerForwarding(mobileRouter.view(), this.#marks)]];
  }

  /** Every registered path. */
  countedPaths(): CountedPath[] {
    const routers = this.mobileRouter ? [this.mobileRouter] : [];
    return [
      ...routers.flatMap(router => {
        const { homeAddress, paths } = router.view();
        return paths.map(({ uplink, device, bid }) => ({
          homeAddress,
          bid,
          tunnel: tunnelName(uplink),
          access: device,
        }));
      }),
      ...[...(this.homeAgent?.cache.nodes() ?? [])].flatMap(({ peer: { name, homeAddress }, bindings }) =>
        [...bindings.keys()].map(bid => ({ homeAddress, bid, tunnel: anchorTunnelName(name, bid) })),
      ),
    ];
  }

  /** @param now monotonic, milliseconds */
  reports(now: number): Pick<Status, 'mobileRouter' | 'homeAgent' | 'correspondent'> {
    const { mobileRouter, homeAgent, correspondent } = this;
    const parts = this.#parts;
    return {
      mobileRouter: mobileRouter
        ? parts.mobileRouter!.reportMobileRouter(mobileRouter, now, tunnelName)
        : null,
      homeAgent: homeAgent ? parts.homeAgent!.reportHomeAgent(homeAgent, now, anchorTunnelName) : null,
      correspondent: correspondent ? parts.correspondent!.reportCorrespondent(correspondent, now) : null,
    };
  }
}

const anchorTunnelName = (peer: string, bid: number): string => tunnelName(`${peer}.${bid}`);

function isBound(homeAgent: HomeAgent | undefined, homeAddress: Address): boolean {
  return (homeAgent?.cache.find(homeAddress)?.bindings.size ?? 0) > 0;
}

function isHomeAgentOf(mobileRouter: MobileRouter | undefined, address: Address): boolean {
  const candidates = mobileRouter?.homeAgents.candidates ?? [];
  return candidates.some(candidate => equalAddress(candidate, address));
}
