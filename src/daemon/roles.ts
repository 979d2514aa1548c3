/** The roles that a configuration asks for, taken together as one. */
import type { CreateHmac } from '../engine/hmac.ts';
import { HomeAgent } from '../engine/home-agent/home-agent.ts';
import { reportHomeAgent } from '../engine/home-agent/report.ts';
import { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import { reportMobileRouter } from '../engine/mobile-router/report.ts';
import type { HomeAgentReport, MobileRouterReport } from '../engine/status.ts';
import type { Input, JsonObject, Now, Output, Role } from '../engine/types.ts';
import { anchorForwarding } from '../forwarding/anchor-forwarding.ts';
import { routerForwarding } from '../forwarding/router-forwarding.ts';
import { type ForwardingState, mergeStates } from '../forwarding/state.ts';
import { tunnelName } from '../forwarding/tunnel.ts';
import type { Config } from '../uci/types.ts';

export class Roles implements Role {
  readonly mobileRouter: MobileRouter | undefined;
  readonly homeAgent: HomeAgent | undefined;
  readonly #all: readonly Role[];

  constructor(config: Config, now: Now, records: ReadonlyMap<string, JsonObject>, hmac: CreateHmac) {
    const { mobileRouter, homeAgent } = config;
    this.mobileRouter = mobileRouter && new MobileRouter(mobileRouter, Math.random, now, records, hmac);
    this.homeAgent = homeAgent && new HomeAgent(homeAgent, now, records, hmac);
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

  forwarding(): ForwardingState {
    const states: ForwardingState[] = [];
    if (this.mobileRouter !== undefined) states.push(routerForwarding(this.mobileRouter.view()));
    if (this.homeAgent !== undefined) states.push(anchorForwarding(this.homeAgent.view()));
    return mergeStates(states);
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
