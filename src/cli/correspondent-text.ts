/** The correspondent's part of `kedge status`. */
import type { CorrespondentReport } from '../engine/status.ts';
import { bindingText } from './direct-text.ts';
import { flow, type Screen } from './layout.ts';
import { counters, painted } from './report-parts.ts';
import { counted } from './units.ts';

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
      ...node.flowBindings.flatMap(({ fid, selector, bids, active }) =>
        flow(
          [`FID ${fid}: ${selector}`, `to BID ${bids.join()}`, ...(active ? [] : ['inactive'])],
          ', ',
          '    ',
          screen.width,
        ),
      ),
    ]),
    ...counters(report.counters, screen),
  ];
}
