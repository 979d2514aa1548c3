/** The roles that a configuration asks for, taken together as one. */
import type { CreateHmac } from '../engine/hmac.ts';
import { HomeAgent } from '../engine/home-agent/home-agent.ts';
import { reportHomeAgent } from '../engine/home-agent/report.ts';
import { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import { reportMobileRouter } from '../engine/mobile-router/report.ts';
import type { HomeAgentReport, MobileRouterReport } from '../engine/status.ts';
import type { Input, JsonObject, Now, Output, Role } from '../engine/types.ts';
import { AnchorForwarding } from '../forwarding/anchor-forwarding.ts';
import { routerForwarding } from '../forwarding/router-forwarding.ts';
import type { ForwardingParts, ForwardingState } from '../forwarding/state.ts';
import { tunnelName } from '../forwarding/tunnel.ts';
import type { Config } from '../uci/types.ts';
import { type Address, equalAddress } from '../wire/address.ts';

export class Roles implements Role {
  readonly mobileRouter: MobileRouter | undefined;
  readonly homeAgent: HomeAgent | undefined;
  readonly #all: readonly Role[];
  #anchorForwarding: AnchorForwarding | undefined;

  constructor(config: Config, now: Now, records: ReadonlyMap<string, JsonObject>, hmac: CreateHmac) {
    const { mobileRouter, homeAgent } = config;
    this.mobileRouter = mobileRouter && new MobileRouter(mobileRouter, Math.random, now, records, hmac);
    this.homeAgent = homeAgent && new HomeAgent(homeAgent, now, records, hmac, Math.random);
    this.#all = [this.mobileRouter, this.homeAgent].filter(role => role !== undefined);
  }

  handle(input: Input, now: Now): Output[] {
    return this.#all.flatMap(role => role.handle(input, now));
  }

  get icmpv6Types(): readonly number[] {
    return [...new Set(this.#all.flatMap(role => role.icmpv6Types))].sort((a, b) => a - b);
  }

  nextWake(): number {
    return Math.min(...this.#all.map(role => role.nextWake()), Number.POSITIVE_INFINITY);
  }

  /** The whole forwarding state. */
  forwarding(): ForwardingParts {
    this.#anchorForwarding = this.homeAgent && new AnchorForwarding(this.homeAgent.view());
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
    return this.mobileRouter ? [['router', routerForwarding(this.mobileRouter.view())]] : [];
  }

  /** @param now monotonic, milliseconds */
  reports(now: number): { mobileRouter: MobileRouterReport | null; homeAgent: HomeAgentReport | null } {
    const { mobileRouter, homeAgent } = this;
    return {
      mobileRouter: mobileRouter ? reportMobileRouter(mobileRouter, now, tunnelName) : null,
      homeAgent: homeAgent
        ? reportHomeAgent(homeAgent, now, (peer, bid) => tunnelName(`${peer}.${bid}`))
        : null,
    };
  }
}
