/** What a mobile router tells a person about itself. */
import { formatAddress, formatPrefix } from '../../wire/address.ts';
import { reportLifetime, reportPath } from '../report-parts.ts';
import type {
  BudgetReport,
  ChoiceReason,
  MobileRouterReport,
  RouteOptimizationReport,
  UplinkReport,
} from '../status.ts';
import { statusName } from './acknowledgement.ts';
import { type Entry, isDegraded, isRegistered, pathMtu } from './binding-update-list.ts';
import type { HomeAgents } from './home-agents.ts';
import type { MobileRouter } from './mobile-router.ts';

const NOT_INSTALLED: RouteOptimizationReport = {
  obstacle: 'not installed: on OpenWrt it is the package kedge-route-optimization',
  correspondents: [],
};

/**
 * @param now monotonic, milliseconds
 * @param tunnelName what the tunnel of an uplink is called; undefined: it has none
 */
export function reportMobileRouter(
  router: MobileRouter,
  now: number,
  tunnelName: (uplink: string) => string | undefined,
): MobileRouterReport {
  const { config, registrar, entries, active } = router;
  return {
    name: config.name,
    homeAddress: formatAddress(config.homeAddress),
    deprecated: config.deprecated === true,
    ...reportHomeAgents(router.homeAgents, now),
    prefixes: router.prefixes.map(formatPrefix),
    prefixesRefused: router.homeAgents.prefixesRefused,
    delegation: router.delegation?.report(now) ?? null,
    homePrefixes: router.prefixDiscovery?.report(now) ?? null,
    mode: registrar.terms.mode,
    refused: reportRefusal(router.homeAgents, now),
    registration: { mode: config.registration, fallback: fallback(router) },
    active: {
      uplink: active.entry?.uplink.name ?? null,
      reason: choiceReason(router),
      since: Math.floor((now - active.since) / 1000),
    },
    preferred: registrar.choice.preferred ?? null,
    uplinks: entries.map(entry => reportUplink(router, entry, now, tunnelName)),
    flowBindings: router.flows?.reportFlowBindings(router.flowBindings!) ?? [],
    routeOptimization: config.routeOptimization
      ? (router.routeOptimization?.report(now) ?? NOT_INSTALLED)
      : null,
    counters: router.counters.toJson(),
  };
}

function reportRefusal({ refused }: HomeAgents, now: number): MobileRouterReport['refused'] {
  if (refused === undefined) return null;
  const { status, since, until } = refused;
  return {
    status,
    name: statusName(status),
    since: Math.floor((now - since) / 1000),
    retryIn: until === Number.POSITIVE_INFINITY ? null : Math.max(Math.floor((until - now) / 1000), 0),
  };
}

function reportHomeAgents(
  homeAgents: HomeAgents,
  now: number,
): Pick<MobileRouterReport, 'homeAgent' | 'homeAgentChoice' | 'homeAgents'> {
  const { current, choice, since, candidates } = homeAgents;
  return {
    homeAgent: current === undefined ? null : formatAddress(current),
    homeAgentChoice: { reason: choice, since: Math.floor((now - since) / 1000) },
    homeAgents: candidates.map(address => {
      const failure = homeAgents.failureOf(address);
      return {
        address: formatAddress(address),
        source: homeAgents.isConfigured(address) ? 'configuration' : 'discovery',
        failure:
          failure === undefined
            ? null
            : {
                reason: failure.reason,
                status: failure.status === undefined ? null : statusName(failure.status),
                ago: Math.floor((now - failure.at) / 1000),
              },
      };
    }),
  };
}

function fallback({ registrar: { terms } }: MobileRouter): MobileRouterReport['registration']['fallback'] {
  if (terms.wantsSeveral && !terms.multiple) return 'regular';
  return terms.wantsBulk && !terms.bulk ? 'single' : null;
}

function choiceReason(router: MobileRouter): ChoiceReason {
  const { entries, registrar, home } = router;
  const active = router.active.entry;
  if (active === undefined) return 'none';
  if (home.carrier === active) return 'at-home';
  if (active.prober.state === 'dead') return 'last-resort';
  if (active.uplink.name === registrar.choice.preferred) return 'preferred-by-operator';
  const live = entries.filter(entry => isRegistered(entry) && entry.prober.state !== 'dead');
  const isPassedOver = (entry: Entry) =>
    (isDegraded(entry) || entry.damping.holds) && entry.uplink.priority < active.uplink.priority;
  if (live.some(isPassedOver)) return 'best-quality';
  const isDear = ({ uplink }: Entry) => uplink.metered && uplink.priority < active.uplink.priority;
  if (!active.uplink.metered && live.some(isDear)) return 'unmetered';
  const isUsedUp = ({ uplink, budget }: Entry) => budget?.usedUp && uplink.priority < active.uplink.priority;
  if (live.some(isUsedUp)) return 'within-budget';
  return live.length > 1 ? 'lowest-priority-value' : 'only-one-alive';
}

function reportUplink(
  router: MobileRouter,
  entry: Entry,
  now: number,
  tunnelName: (uplink: string) => string | undefined,
): UplinkReport {
  const { uplink, status, binding, prober, traffic } = entry;
  const tunneled = isRegistered(entry) && entry.place === 'foreign';
  const address = status?.careOfAddress;
  return {
    name: uplink.name,
    interface: uplink.interface ?? null,
    device: uplink.device,
    priority: uplink.priority,
    bid: uplink.bid,
    state: entry.state,
    carrier: status?.carrier ?? false,
    careOfAddress: address === undefined ? null : formatAddress(address),
    gateway: status?.gateway === undefined ? null : formatAddress(status.gateway),
    mtu: pathMtu(entry),
    tunnel: (tunneled ? tunnelName(uplink.name) : undefined) ?? null,
    binding: binding === undefined ? null : reportLifetime(binding, now),
    sequence: entry.lastSequence ?? null,
    acknowledgement:
      entry.lastStatus === undefined
        ? null
        : { status: entry.lastStatus, name: statusName(entry.lastStatus) },
    path: tunneled ? reportPath(prober, router.config.probe, traffic.tunnel) : null,
    traffic: traffic.access.report(),
    budget: budgetOf(entry),
    since: entry.stateSince === undefined ? null : Math.floor((now - entry.stateSince) / 1000),
  };
}

function budgetOf({ budget }: Entry): BudgetReport | null {
  if (budget === undefined) return null;
  const { limit, used, usedUp, renewedAt } = budget;
  return { limit, used, usedUp, renewedAt };
}
