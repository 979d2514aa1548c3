/** From the sections `mobile_router`, with those that belong to them, to the configurations of the mobile routers. */
import { type Prefix, subnetOf } from '../wire/address.ts';
import { readAuth } from './association.ts';
import { agentClaim, checkCareOf, checkClaims, claimsOf } from './consistency.ts';
import { dialectOf } from './dialect.ts';
import { quoted } from './fault.ts';
import { buildFlows, checkMarks, markBits } from './flow.ts';
import { unicastAddress } from './option-type.ts';
import type { Reading, Report, Values } from './section-reader.ts';
import type { Context, Sections } from './sections.ts';
import { suggestion } from './suggestion.ts';
import type { Marks, MobileRouterConfig } from './types.ts';
import { buildUplinks } from './uplink.ts';

/** Most mobile routers, disabled ones included. */
const MOST_ROUTERS = 8;

export function buildMobileRouters(
  sections: Pick<Sections, 'mobile_router' | 'uplink' | 'flow'>,
  marks: Marks,
  context: Context,
): MobileRouterConfig[] {
  const { fault } = context;
  const { mobile_router: routers, uplink: uplinks, flow: flows } = sections;
  checkOwners(routers, uplinks, fault);
  checkOwners(routers, flows, fault);
  if (routers.length > MOST_ROUTERS) {
    const { title, line } = routers[MOST_ROUTERS]!;
    fault(line, `${title} is one too many: expected at most ${MOST_ROUTERS} mobile_router sections`);
  }
  const enabled = routers.filter(router => router.enabled);
  checkThrough(enabled, uplinks, fault);
  checkClaims(enabled.flatMap(routerClaims), fault);
  checkCareOf(
    enabled.flatMap(claimsOf),
    uplinks.filter(uplink => uplink.enabled),
    fault,
  );
  return enabled.map(router => buildMobileRouter(router, routers.indexOf(router), sections, marks, context));
}

function routerClaims(router: Reading<'mobile_router'>) {
  const { home_agent: agents = [] } = router.values;
  return [
    ...claimsOf(router),
    ...agents.flatMap((address, index) =>
      agentClaim(router.title, address, router.lineOf('home_agent', index)),
    ),
  ];
}

function buildMobileRouter(
  router: Reading<'mobile_router'>,
  slot: number,
  { uplink: uplinks, flow: flows }: Pick<Sections, 'uplink' | 'flow'>,
  marks: Marks,
  { readFile, fault, warning, dialects }: Context,
): MobileRouterConfig {
  const values = router.values as Values<'mobile_router'>;
  if (router.has('mode') && values.mode !== 'explicit' && values.prefix.length === 0 && !values.delegation) {
    fault(
      router.lineOf('mode'),
      `${router.title}: mode ${quoted(values.mode)} without a prefix: expected list prefix`,
    );
  }
  if (values.delegation && router.has('prefix')) {
    fault(
      router.lineOf('prefix'),
      `${router.title}: a prefix although prefixes are delegated: expected no list prefix, or option delegation '0'`,
    );
  }
  if (values.delegation && values.renumbering === 'adopt') {
    fault(
      router.lineOf('renumbering'),
      `${router.title}: renumbering 'adopt' with delegated prefixes: expected 'report' or 'follow'`,
    );
  }
  const auth = readAuth(router, readFile, fault, warning);
  const own = uplinks.filter(uplink => owns(router, uplink));
  const usable = own.filter(({ enabled }) => enabled).map(({ name }) => name);
  const policy = buildFlows(
    flows.filter(flow => owns(router, flow)),
    usable,
    fault,
  );
  checkMarks(policy, router, marks, fault);
  return {
    name: router.name,
    slot,
    homeAddress: values.home_address,
    homeAgents: values.home_agent,
    discovery: discoveryPrefix(router, fault),
    failoverAfter: values.failover_after,
    renumbering: values.renumbering,
    homePrefix: values.home_prefix ?? (values.home_address && subnetOf(values.home_address)),
    atHome: values.at_home,
    prefixes: values.prefix,
    delegation: values.delegation ? { mode: values.mode, leases: [] } : undefined,
    mode: values.delegation ? 'implicit' : values.mode,
    lifetime: values.lifetime,
    registration: values.registration,
    registerOver: registerOver(router, own, fault),
    probe: values.probe,
    quality: values.quality,
    auth: auth!,
    identifier: values.identifier,
    dialect: dialectOf(router, dialects, fault),
    routeOptimization: values.route_optimization
      ? { correspondents: values.correspondent, after: values.direct_after, except: values.direct_except }
      : undefined,
    uplinks: buildUplinks(router, own, fault),
    flows: policy,
    mostLanes: 2 ** markBits(marks.packet) - 1,
  };
}

/** Where home agents are asked for; undefined: nowhere. */
function discoveryPrefix(router: Reading<'mobile_router'>, fault: Report): Prefix | undefined {
  const { discover, home_prefix: prefix, home_address: home } = router.values;
  if (discover === true) return prefix ?? (home && subnetOf(home));
  if (!router.has('home_agent')) {
    fault(
      router.line,
      `${router.title}: option 'home_agent' is missing: expected ${unicastAddress.accepts}, or option discover '1'`,
    );
  }
  return undefined;
}

/** The name of an uplink of the router. */
function registerOver(
  router: Reading<'mobile_router'>,
  uplinks: readonly Reading<'uplink'>[],
  fault: Report,
): string | undefined {
  const { register_over: name } = router.values;
  const names = uplinks.filter(({ enabled }) => enabled).map(uplink => uplink.name);
  if (name !== undefined && !names.includes(name)) {
    const nearest = suggestion(name, names) || '; expected the name of an enabled uplink section';
    fault(router.lineOf('register_over'), `${router.title}: there is no uplink ${quoted(name)}${nearest}`);
  }
  return name;
}

type Owned = Reading<'uplink'> | Reading<'flow'>;

const ownersOf = ({ values }: Owned): readonly (string | undefined)[] => values.mobile_router ?? [];

/** An uplink or flow belongs to the mobile routers that it names, or to all but the one that it goes through. */
const owns = (router: Reading<'mobile_router'>, section: Owned): boolean =>
  section.has('mobile_router') ? ownersOf(section).includes(router.name) : throughOf(section) !== router.name;

const throughOf = ({ values }: Owned): string | undefined =>
  'through' in values ? values.through : undefined;

/** The home address of another mobile router as a care-of address. Circles of several are found when they would close. */
function checkThrough(
  routers: readonly Reading<'mobile_router'>[],
  uplinks: readonly Reading<'uplink'>[],
  fault: Report,
): void {
  const names = routers.map(router => router.name);
  for (const uplink of uplinks) {
    const through = throughOf(uplink);
    if (!uplink.enabled || through === undefined) continue;
    const line = uplink.lineOf('through');
    if (!names.includes(through)) {
      const nearest = suggestion(through, names) || '; expected the name of an enabled mobile_router section';
      fault(line, `${uplink.title}: there is no mobile_router ${quoted(through)}${nearest}`);
    } else if (ownersOf(uplink).includes(through)) {
      fault(
        line,
        `${uplink.title}: mobile_router ${quoted(through)} cannot go through itself: expected another one`,
      );
    }
  }
}

function checkOwners(
  routers: readonly Reading<'mobile_router'>[],
  sections: readonly Owned[],
  fault: Report,
): void {
  const names = routers.map(router => router.name);
  for (const uplink of sections) {
    for (const [index, owner] of ownersOf(uplink).entries()) {
      if (owner === undefined || names.includes(owner)) continue;
      const nearest = suggestion(owner, names) || `; expected the name of a mobile_router section`;
      fault(
        uplink.lineOf('mobile_router', index),
        `${uplink.title}: there is no mobile_router ${quoted(owner)}${nearest}`,
      );
    }
    if (!uplink.has('mobile_router') && routers.length === 0 && uplink.enabled) {
      fault(
        uplink.line,
        `${uplink.title}: there is no mobile_router section: expected one for it to belong to`,
      );
    }
  }
}
