/**
 * Flow selectors as binary traffic selectors (RFC 6088), which see packets as the home agent does that sends them to the
 * mobile node: the source is the correspondent.
 */

import type { Range } from '../../wire/flow/range-field.ts';
import type { FlowSubOption } from '../../wire/flow/sub-options.ts';
import {
  type Ipv6Selector,
  type OpaqueSelector,
  type TrafficSelector,
  trafficSelector,
} from '../../wire/flow/traffic-selector.ts';
import { hexadecimal, layoutLength } from '../../wire/layout/part.ts';
import type { FlowSelector } from '../steering.ts';

/** One of a format that is known here. */
export type BinarySelector = Exclude<TrafficSelector, OpaqueSelector>;

/** Bits of a Traffic Class after the DS field. */
const ECN_BITS = 2;

/** Undefined: part of it is what only the router can see. */
export function toTrafficSelector(selector: FlowSelector): Ipv6Selector | undefined {
  if (selector.linkLayerAddress !== undefined || selector.mark !== undefined) return undefined;
  const { outside, inside, spi, flowLabel, outsidePort, insidePort, dscp, protocol } = selector;
  return {
    format: 'ipv6',
    ...present({
      source: outside,
      destination: inside,
      spi,
      flowLabel,
      sourcePort: outsidePort,
      destinationPort: insidePort,
      trafficClass: mapped(dscp, value => value << ECN_BITS),
      nextHeader: protocol,
    }),
  };
}

export function toFlowSelector(selector: Ipv6Selector): FlowSelector {
  const { source, destination, spi, flowLabel, sourcePort, destinationPort, trafficClass, nextHeader } =
    selector;
  return present({
    inside: destination,
    outside: source,
    protocol: nextHeader,
    insidePort: destinationPort,
    outsidePort: sourcePort,
    dscp: mapped(trafficClass, value => value >>> ECN_BITS),
    flowLabel,
    spi,
  });
}

/** The octets of the sub-option in hexadecimal: equal texts, equal selectors. */
export function selectorText(selector: TrafficSelector): string {
  const { layout } = trafficSelector;
  const octets = new Uint8Array(layoutLength(layout, { selector }));
  layout.write(octets, 0, { selector });
  return hexadecimal(octets);
}

/** The reverse of {@link selectorText}; undefined for anything else. */
export function selectorOfText(text: string): BinarySelector | undefined {
  if (!/^(?:[0-9a-f]{2}){6,255}$/.test(text)) return undefined;
  const octets = Uint8Array.from(text.match(/../g)!, pair => Number.parseInt(pair, 16));
  const { layout } = trafficSelector;
  const option: Partial<Extract<FlowSubOption, { kind: 'traffic-selector' }>> = {};
  if (layout.read(octets, 0, octets.length, option) !== undefined) return undefined;
  const { selector } = option;
  return selector === undefined || selector.format === 'opaque' ? undefined : selector;
}

function mapped(range: Range<number> | undefined, change: (value: number) => number) {
  if (range === undefined) return undefined;
  const { start, end } = range;
  return end === undefined ? { start: change(start) } : { start: change(start), end: change(end) };
}

/** Without the properties that are undefined. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
