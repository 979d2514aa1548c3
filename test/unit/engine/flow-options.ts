/** Flow options (RFC 6089) as tests write and read them. */

import { toTrafficSelector } from '../../../src/engine/flow-bindings/selector.ts';
import type { FlowSelector } from '../../../src/engine/steering.ts';
import type { FlowSubOption } from '../../../src/wire/flow/sub-options.ts';
import type { TrafficSelector } from '../../../src/wire/flow/traffic-selector.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';

export const TCP: FlowSelector = { protocol: { start: 6 } };
export const UDP: FlowSelector = { protocol: { start: 17 } };

export interface Flow {
  readonly selector?: FlowSelector | TrafficSelector;
  readonly bids?: readonly number[];
  readonly more?: readonly FlowSubOption[];
}

/** A Flow Identification option. */
export function flow(
  fid: number,
  priority: number,
  { selector, bids, more = [] }: Flow = {},
): MobilityOption {
  const subOptions: FlowSubOption[] = [];
  if (selector !== undefined) {
    const traffic = 'format' in selector ? selector : toTrafficSelector(selector)!;
    subOptions.push({ kind: 'traffic-selector', selector: traffic });
  }
  if (bids !== undefined) subOptions.push({ kind: 'binding-reference', bids });
  return { kind: 'flow-identification', fid, priority, status: 0, subOptions: [...subOptions, ...more] };
}

export const summary = (...fids: number[]): MobilityOption => ({ kind: 'flow-summary', fids });

/** `fid status` of every Flow Identification option. */
export function flowStatuses(options: readonly MobilityOption[] | undefined): string[] {
  return (options ?? []).flatMap(option =>
    option.kind === 'flow-identification' ? [`${option.fid} ${option.status}`] : [],
  );
}
