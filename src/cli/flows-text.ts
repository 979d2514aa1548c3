/** `kedge flows` and `kedge why`. */
import type { FlowReport, FlowRuleReport, FlowShareReport, WhyReport } from '../engine/status.ts';
import { flow, type Screen } from './layout.ts';
import { detailedTable, fact, painted } from './report-parts.ts';

export function renderFlows({ flows }: { readonly flows: readonly FlowReport[] }, screen: Screen): string[] {
  if (flows.length === 0) return ['no flows: all goes by the active path'];
  const columns = [
    { title: 'NODE' },
    { title: 'FLOW' },
    { title: 'GOES' },
    { title: 'PACKETS', right: true },
    { title: 'OCTETS', right: true },
  ];
  const rows = flows.map(each => [
    each.node,
    each.rule,
    goes(each),
    each.packets === null ? '-' : `${each.packets}`,
    each.octets === null ? '-' : `${each.octets}`,
  ]);
  return detailedTable(columns, rows, '    ', screen, row => {
    const { action, shares, matches } = flows[row]!;
    const lost = action !== 'drop' && shares.every(({ carrier }) => carrier === null);
    return { style: lost ? 'bad' : undefined, details: matches.length === 0 ? ['all packets'] : matches };
  });
}

export function renderWhy(why: WhyReport, screen: Screen): string[] {
  const { rule, possible, active, node, role, symmetric, usedUp, unfit } = why;
  const way = rule === null ? (active ?? 'none: no path is registered') : goes(rule);
  const lines = painted(flow([`${node}: the path is ${way}`], '', '', screen.width), 'strong', screen);
  if (rule === null) {
    lines.push(...fact('because', ['no flow matches it, and that path carries all else'], screen));
    if (symmetric)
      lines.push(...fact('but', ['a connection comes back by the path that it goes by'], screen));
  } else {
    lines.push(
      ...fact('because', [`flow ${rule.rule} is the first that matches`, describe(rule, unfit)], screen),
    );
    for (const share of rule.shares) lines.push(...fact('order', [orderText(share)], screen));
  }
  for (const uplink of usedUp) {
    lines.push(...fact('but', [`${uplink} has used up its budget and comes last`], screen));
  }
  for (const each of possible) {
    const text = `flow ${each.rule} comes first, if ${each.matches.join('; or ')}: ${goes(each)}`;
    lines.push(...fact('unless', [text], screen));
  }
  if (why.direct !== null) lines.push(...fact('directly', [`the care-of address is ${why.direct}`], screen));
  lines.push(...fact('said by', [`the ${role.replace('_', ' ')}`], screen));
  return lines;
}

function describe({ action, shares }: FlowRuleReport, unfit: WhyReport['unfit']): string {
  const { carrier, paths = [] } = shares[0] ?? {};
  const [first = ''] = paths;
  switch (action) {
    case 'drop':
      return 'which drops it';
    case 'balance':
      return 'which divides flows by weight';
    case 'replicate':
      return 'which asks for a copy on each';
    case 'prefer':
      if (carrier === first) return 'and its first choice lives';
      return `and its first choice is left${first in unfit ? `: ${first} is ${unfit[first]}` : ''}`;
  }
}

function goes({ action, shares }: FlowRuleReport): string {
  if (action === 'drop') return 'none: dropped';
  const weights = new Map<string, number>();
  for (const { carrier, weight } of shares) {
    const name = carrier ?? 'unreachable';
    weights.set(name, (weights.get(name) ?? 0) + weight);
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const [only] = weights.keys();
  if (weights.size === 1) return only!;
  if (action === 'replicate') return [...weights.keys()].join(' + ');
  return [...weights].map(([name, weight]) => `${name} ${Math.round((100 * weight) / total)}%`).join(', ');
}

function orderText({ paths, only }: FlowShareReport): string {
  return `${paths.join(', then ')}${only ? ', never another' : ', then as all else'}`;
}
