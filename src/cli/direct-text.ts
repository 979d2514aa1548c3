/** The parts of `kedge status` about packets that go without the detour over a home agent. */
import type {
  CorrespondentReport,
  DirectBindingReport,
  DirectCorrespondentReport,
  RouteOptimizationReport,
} from '../engine/status.ts';
import { flow, type Screen } from './layout.ts';
import { counters, fact, painted } from './report-parts.ts';
import { counted, remaining } from './units.ts';

/** Beside the facts about a mobile router. */
export function renderRouteOptimization(report: RouteOptimizationReport | null, screen: Screen): string[] {
  const title = 'direct paths';
  if (report === null) return fact(title, ['off, by the configuration'], screen);
  if (report.obstacle !== null) return fact(title, ['off', report.obstacle], screen);
  const { correspondents } = report;
  if (correspondents.length === 0) return fact(title, ['none'], screen);
  return correspondents.flatMap((correspondent, index) =>
    fact(index === 0 ? title : '', [correspondent.address, ...stateOf(correspondent)], screen),
  );
}

const STATES: Readonly<Record<DirectCorrespondentReport['state'], string>> = {
  registered: 'registered',
  testing: 'testing the addresses',
  waiting: 'tried again later',
  unable: 'knows no route optimisation',
};

function stateOf({ state, bindings }: DirectCorrespondentReport): string[] {
  return [STATES[state], ...bindings.map(bindingText)];
}

/** Lines without line ends. */
export function renderCorrespondent(report: CorrespondentReport, screen: Screen): string[] {
  const { name, obstacle, nodes } = report;
  const bound =
    obstacle === null ? `${counted(nodes.length, 'mobile node')} reached directly` : `off: ${obstacle}`;
  return [
    ...painted(flow([`Correspondent ${name}: ${bound}`], '', '', screen.width), 'strong', screen),
    ...nodes.flatMap(node => [
      ...flow([`${node.homeAddress} at ${node.active}`], '', '  ', screen.width),
      ...flow([`of ${node.address}`, ...node.bindings.map(bindingText)], ', ', '    ', screen.width),
    ]),
    ...counters(report.counters, screen),
  ];
}

function bindingText({ bid, careOfAddress, lifetime }: DirectBindingReport): string {
  return `${bid === 0 ? '' : `BID ${bid} `}${careOfAddress} ${remaining(lifetime)}`;
}
