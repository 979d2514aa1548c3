/** The mobile router's part of `kedge status`. */
import type {
  BudgetReport,
  HomeAgentCandidateReport,
  HomeAgentChoice,
  HomePrefixReport,
  MobileRouterReport,
  UplinkReport,
  UplinkState,
} from '../engine/status.ts';
import { renderRouteOptimization } from './direct-text.ts';
import { flow, type Screen, type Style } from './layout.ts';
import { becauseOf, counters, detailedTable, fact, painted, pathCells, pathDetails } from './report-parts.ts';
import { duration, octets, remaining } from './units.ts';

const STANDBY: readonly UplinkState[] = ['registered', 'degraded', 'unsteady'];

/** Lines without line ends. */
export function renderMobileRouter(router: MobileRouterReport, screen: Screen): string[] {
  const { active, uplinks } = router;
  const headline =
    active.uplink === null
      ? `Mobile router ${router.name}: NO UPLINK CARRIES TRAFFIC`
      : `Mobile router ${router.name}: traffic uses ${active.uplink}`;
  const others = uplinks.filter(uplink => uplink.name !== active.uplink && STANDBY.includes(uplink.state));
  const lines = painted(
    flow([headline], '', '', screen.width),
    active.uplink === null || active.reason === 'last-resort' ? 'bad' : 'strong',
    screen,
  );
  lines.push(
    ...fact('because', [becauseOf(active.reason, 'uplink')], screen),
    ...fact('since', [`${duration(active.since)} ago`], screen),
  );
  if (router.preferred !== null && router.preferred !== active.uplink) {
    lines.push(...fact('preferred', [`${router.preferred}, which is not usable now`], screen));
  }
  lines.push(
    ...fact('standby', others.length === 0 ? ['none'] : others.map(({ name }) => name), screen),
    ...fact('home address', [router.homeAddress, ...(router.deprecated ? ['deprecated'] : [])], screen),
    ...homeAgents(router, screen),
    ...homeNetwork(router, screen),
    ...fact('mobile network', networks(router), screen),
    ...delegated(router, screen),
    ...fallback(router, screen),
    ...refusal(router, screen),
    ...renderRouteOptimization(router.routeOptimization, screen),
    '',
    ...uplinkTable(router, screen),
    ...counters(router.counters, screen),
  );
  return lines;
}

/** What the home agent has told of it, if anything. */
function homeNetwork({ homePrefixes: prefixes }: MobileRouterReport, screen: Screen): string[] {
  if (prefixes === null || prefixes.length === 0) return [];
  return fact('home network', prefixes.map(whileValid), screen);
}

function delegated({ delegation }: MobileRouterReport, screen: Screen): string[] {
  if (delegation === null) return [];
  const { state, prefixes, complaint } = delegation;
  return fact('delegation', [state, ...prefixes.map(whileValid), ...(complaint ? [complaint] : [])], screen);
}

const whileValid = ({ prefix, valid }: HomePrefixReport): string =>
  valid === null ? prefix : `${prefix} for ${duration(valid)} more`;

function homeAgents(router: MobileRouterReport, screen: Screen): string[] {
  const { homeAgent, homeAgentChoice: choice, homeAgents: candidates } = router;
  const why = `${WHY[choice.reason]} ${duration(choice.since)} ago`;
  const current =
    homeAgent === null ? ['none found yet'] : candidates.length > 1 ? [homeAgent, why] : [homeAgent];
  const others = candidates.filter(({ address, failure }) => address !== homeAgent || failure !== null);
  return [
    ...fact('home agent', current, screen),
    ...others.flatMap(({ address, source, failure }) =>
      fact(
        address === homeAgent ? '  its failure' : '  in reserve',
        [address, ...(source === 'discovery' ? ['discovered'] : []), ...failureText(failure)],
        screen,
      ),
    ),
  ];
}

const WHY: Readonly<Record<HomeAgentChoice, string>> = {
  first: 'the first of the list,',
  failover: 'others have failed,',
  operator: 'chosen by the operator (kedge home-agent),',
};

function failureText(failure: HomeAgentCandidateReport['failure']): string[] {
  if (failure === null) return [];
  const what = failure.status === null ? 'no answer' : `refused (${failure.status})`;
  return [`${what} ${duration(failure.ago)} ago`];
}

function refusal({ refused }: MobileRouterReport, screen: Screen): string[] {
  if (refused === null) return [];
  const { status, name, since, retryIn } = refused;
  const next = retryIn === null ? 'never again by itself' : `again in ${duration(retryIn)}`;
  return [
    ...fact('refused', [`${name} (${status})`, `${duration(since)} ago`, next], screen),
    ...fact('  remedy', [`${REMEDY[status] ?? ''}, then kedge reload`], screen),
  ];
}

const REMEDY: Readonly<Record<number, string>> = {
  134: 'another host of the home network has the home address: take it from there, or choose another one',
  140: 'the anchor serves this router as a host only: allow it prefixes there',
  141: 'compare list prefix with that of the peer section at the anchor',
  142: 'compare list prefix with that of the peer section at the anchor',
  143: "give the peer section at the anchor its prefixes, or set mode 'explicit'",
};

function fallback({ registration }: MobileRouterReport, screen: Screen): string[] {
  const { fallback: instead } = registration;
  return instead === null ? [] : fact('registration', [FALLBACK[instead]], screen);
}

const FALLBACK = {
  single: 'one message an uplink: the home agent takes no bulk registrations',
  regular: 'one uplink at a time: the home agent knows no binding identifiers, or not in this dialect',
} as const;

function networks({ prefixes, prefixesRefused, mode }: MobileRouterReport): string[] {
  if (prefixes.length === 0) return ['none'];
  return [...prefixes, `${mode} mode`, ...(prefixesRefused ? ['refused, advertised no longer'] : [])];
}

const STYLE_OF_STATE: Readonly<Partial<Record<UplinkState, Style>>> = {
  registered: 'good',
  registering: 'warning',
  refused: 'bad',
  'used-up': 'warning',
  degraded: 'warning',
  unsteady: 'warning',
  dead: 'bad',
};

function uplinkTable(router: MobileRouterReport, screen: Screen): string[] {
  const rows = router.uplinks.map(uplink => [
    `${uplink.name === router.active.uplink ? '*' : ' '} ${uplink.name}`,
    uplink.state,
    `${uplink.priority}`,
    `${uplink.bid}`,
    ...pathCells(uplink.path),
    uplink.binding === null ? '-' : remaining(uplink.binding),
  ]);
  const columns = [
    { title: '  UPLINK' },
    { title: 'STATE' },
    { title: 'PRIO', right: true },
    { title: 'BID', right: true },
    { title: 'RTT', right: true },
    { title: 'LOSS', right: true },
    { title: 'LIFETIME', right: true },
  ];
  return detailedTable(columns, rows, '    ', screen, index => {
    const uplink = router.uplinks[index]!;
    return { style: STYLE_OF_STATE[uplink.state], details: uplinkDetails(uplink) };
  });
}

function budgetText(budget: BudgetReport | null): string[] {
  if (budget === null) return [];
  const { used, limit, usedUp, renewedAt } = budget;
  const text = `${octets(used)} of ${octets(limit)} used until ${new Date(renewedAt).toDateString()}`;
  return usedUp ? ['BUDGET USED UP', text] : [text];
}

function uplinkDetails(uplink: UplinkReport): string[] {
  const { acknowledgement } = uplink;
  return [
    ...(uplink.device === '' ? [] : [uplink.device]),
    ...(uplink.careOfAddress === null ? [] : [uplink.careOfAddress]),
    ...(uplink.gateway === null ? [] : [`via ${uplink.gateway}`]),
    ...(uplink.mtu === 0 ? [] : [`MTU ${uplink.mtu}`]),
    ...(uplink.tunnel === null ? [] : [`tunnel ${uplink.tunnel}`]),
    ...pathDetails(uplink.path),
    ...budgetText(uplink.budget),
    ...(uplink.since === null ? [] : [`${uplink.state} for ${duration(uplink.since)}`]),
    ...(uplink.sequence === null ? [] : [`sequence ${uplink.sequence}`]),
    ...(acknowledgement === null || acknowledgement.status === 0
      ? []
      : [`last answer ${acknowledgement.status} (${acknowledgement.name})`]),
  ];
}
