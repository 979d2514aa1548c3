/** A flow selector as nftables statements. */
import type { FlowSelector } from '../engine/steering.ts';
import { formatAddress } from '../wire/address.ts';
import type { Range } from '../wire/flow/range-field.ts';
import { WITH_PORTS } from './lane-text.ts';

/** @param direction whether packets come from the mobile network, or go there */
export function selectorText(selector: FlowSelector, direction: 'outward' | 'inward'): string {
  const [inside, outside] = direction === 'outward' ? ['s', 'd'] : ['d', 's'];
  const { protocol, insidePort, outsidePort, spi, linkLayerAddress, mark } = selector;
  const ports = insidePort !== undefined || outsidePort !== undefined;
  const number = String;
  return [
    ...(linkLayerAddress === undefined ? [] : [`ether saddr ${macText(linkLayerAddress)}`]),
    ...rangeText(`ip6 ${inside}addr`, selector.inside, formatAddress),
    ...rangeText(`ip6 ${outside}addr`, selector.outside, formatAddress),
    ...rangeText('ip6 dscp', selector.dscp, number),
    ...rangeText('ip6 flowlabel', selector.flowLabel, number),
    ...rangeText('meta l4proto', protocol, number),
    ...(ports && protocol === undefined ? [`meta l4proto ${WITH_PORTS}`] : []),
    ...(spi !== undefined && protocol === undefined ? [`meta l4proto ${ESP}`] : []),
    ...rangeText(`th ${inside}port`, insidePort, number),
    ...rangeText(`th ${outside}port`, outsidePort, number),
    // The Security Parameters Index is the first word of ESP and the second one of AH.
    ...rangeText(protocol?.start === AH ? '@th,32,32' : '@th,0,32', spi, number),
    ...(mark === undefined ? [] : [`meta mark & ${mark.mask} == ${mark.value}`]),
  ].join(' ');
}

const ESP = 50;
const AH = 51;

function rangeText<T>(field: string, range: Range<T> | undefined, text: (value: T) => string): string[] {
  if (range === undefined) return [];
  const { start, end } = range;
  return [end === undefined ? `${field} ${text(start)}` : `${field} ${text(start)}-${text(end)}`];
}

const macText = (octets: Uint8Array): string =>
  [...octets].map(octet => octet.toString(16).padStart(2, '0')).join(':');
