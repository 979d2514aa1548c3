/** The home agent's part of `kedge status`. */
import type { BindingReport, HomeAgentReport, NodeReport } from '../engine/status.ts';
import { flow, type Screen } from './layout.ts';
import { becauseOf, counters, detailedTable, fact, painted, pathCells, pathDetails } from './report-parts.ts';
import { counted, remaining } from './units.ts';

/** Lines without line ends. */
export function renderHomeAgent(agent: HomeAgentReport, screen: Screen): string[] {
  const registered = agent.nodes.filter(node => node.bindings.length > 0).length;
  const headline = `Home agent ${agent.name}: ${registered} of ${counted(agent.nodes.length, 'mobile router')} registered`;
  return [
    ...painted(flow([headline], '', '', screen.width), 'strong', screen),
    ...fact('address', [agent.address], screen),
    ...(agent.homeSide === 'cut-off'
      ? painted(fact('CUT OFF', ['no watched host answers: silent to mobile routers'], screen), 'bad', screen)
      : []),
    ...agent.nodes.flatMap(node => ['', ...nodeLines(node, screen)]),
    ...counters(agent.counters, screen),
  ];
}

function nodeLines(node: NodeReport, screen: Screen): string[] {
  const { bid, reason } = node.active;
  const headline =
    bid === null
      ? `${node.name}: not registered`
      : `${node.name}: traffic uses ${bid === 0 ? 'its only binding' : `BID ${bid}`} (${becauseOf(reason, 'binding')})`;
  const style = bid === null || reason === 'last-resort' ? 'bad' : 'good';
  return [
    ...painted(flow([headline], '', '  ', screen.width), style, screen),
    ...flow(
      [
        `home address ${node.homeAddress}`,
        ...node.prefixes.map(prefix => `network ${prefix}`),
        ...(node.flowBindings.length === 0 ? [] : [counted(node.flowBindings.length, 'flow binding')]),
      ],
      ', ',
      '    ',
      screen.width,
    ),
    ...(node.bindings.length === 0 ? [] : bindingTable(node, screen)),
  ];
}

function bindingTable(node: NodeReport, screen: Screen): string[] {
  const rows = node.bindings.map(binding => [
    `    ${binding.bid === node.active.bid ? '*' : ' '} ${binding.bid}`,
    binding.path.state,
    `${binding.priority}`,
    ...pathCells(binding.path),
    remaining(binding.lifetime),
  ]);
  const columns = [
    { title: '      BID' },
    { title: 'PATH' },
    { title: 'PRIO', right: true },
    { title: 'RTT', right: true },
    { title: 'LOSS', right: true },
    { title: 'LIFETIME', right: true },
  ];
  return detailedTable(columns, rows, '        ', screen, index => {
    const binding = node.bindings[index]!;
    return {
      style: binding.path.state === 'dead' ? 'bad' : undefined,
      details: bindingDetails(binding),
    };
  });
}

function bindingDetails(binding: BindingReport): string[] {
  return [
    binding.careOfAddress,
    ...(binding.tunnel === null ? [] : [`tunnel ${binding.tunnel}`]),
    ...pathDetails(binding.path),
  ];
}
