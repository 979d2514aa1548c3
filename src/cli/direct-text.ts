/** The part of `kedge status` about a mobile router's packets that go without the detour over a home agent. */
import type {
  DirectBindingReport,
  DirectCorrespondentReport,
  RouteOptimizationReport,
} from '../engine/status.ts';
import type { Screen } from './layout.ts';
import { fact } from './report-parts.ts';
import { remaining } from './units.ts';

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

function stateOf({ state, bindings, lost, flowBindings }: DirectCorrespondentReport): string[] {
  const flows = flowBindings.map(({ rule, state: asked, bids, refusal }) =>
    asked === 'accepted' ? `flow ${rule} to BID ${bids.join()}` : `flow ${rule} ${refusal ?? asked}`,
  );
  const without = lost.map(({ careOfAddress, again }) => `not from ${careOfAddress} for ${again} s`);
  return [STATES[state], ...bindings.map(bindingText), ...without, ...flows];
}

/** A binding at a correspondent. */
export function bindingText({ bid, careOfAddress, lifetime }: DirectBindingReport): string {
  return `${bid === 0 ? '' : `BID ${bid} `}${careOfAddress} ${remaining(lifetime)}`;
}
