/** The sub-options of a Flow Identification option (RFC 6089 §4.2.1): their registry. */
import { agreeing } from '../layout/agreement.ts';
import type { OpaqueOption, OptionOf } from '../option-format.ts';
import { OptionSet } from '../option-set.ts';
import { PAD1, PADN } from '../pad.ts';
import { subOptions } from '../sub-options.ts';
import { bindingReference } from './binding-reference.ts';
import { flowBindingAction } from './flow-binding-action.ts';
import { targetCareOfAddress } from './target-care-of-address.ts';
import { trafficSelector } from './traffic-selector.ts';

/** IANA "Flow Identification Sub-Options", by number. */
const FORMATS = [bindingReference, trafficSelector, flowBindingAction, targetCareOfAddress] as const;

export type FlowSubOption = OptionOf<(typeof FORMATS)[number]> | OpaqueOption;

const set = new OptionSet<OptionOf<(typeof FORMATS)[number]>>(
  { what: 'flow identification sub-option', section: 'RFC 6089 §4.2.1', pads: true },
  FORMATS,
);

/** Of a mobility option, without the six octets before the sub-options. */
const LONGEST = 255 - 6;
/** Where an option that is aligned to 2n may begin, in octets from a multiple of 8. */
const PLACES = [0, 2, 4, 6];

/** RFC 6089 §4.2.1.3, §4.2.1.4. */
const AT_MOST_ONE = ['binding-reference', 'traffic-selector'];

const plain = agreeing(subOptions('subOptions', set), ({ subOptions }) => {
  const twice = AT_MOST_ONE.find(kind => subOptions.filter(option => option.kind === kind).length > 1);
  if (twice !== undefined) return `more than one ${twice} sub-option`;
  // What was received without the padding that belongs to it must be fit to be sent back with it.
  return PLACES.some(place => set.lengthOf(subOptions, place) > LONGEST)
    ? `sub-options do not fit into ${LONGEST} octets when they are aligned`
    : undefined;
});

/**
 * RFC 6089 gives the length of a PadN twice: that of its data, as for all sub-options (§4.2.1), and that of the whole
 * pad (§4.2.1.2). Pads are sent in the first form, that of RFC 6275. A received one is taken for the second form when
 * only that makes its padding zero and the sub-options come out even.
 */
export const flowSubOptions: typeof plain = {
  ...plain,
  read(octets, at, end, into) {
    const rewritten = withUsualPads(octets, at, end);
    const fault = plain.read(rewritten, at, end, into);
    return fault === undefined || rewritten === octets ? fault : plain.read(octets, at, end, into);
  },
  show(octets, at, end, shown) {
    const rewritten = withUsualPads(octets, at, end);
    plain.show(plain.read(rewritten, at, end, {}) === undefined ? rewritten : octets, at, end, shown);
  },
};

/** The octets, or a copy in which the pads that look like the second form have the length of the first. */
function withUsualPads(octets: Uint8Array, start: number, end: number): Uint8Array {
  let result = octets;
  let at = start;
  while (at < end) {
    if (octets[at] === PAD1) {
      at++;
      continue;
    }
    const length = octets[at + 1] ?? 0;
    const data = at + 2;
    const isWholeLength =
      octets[at] === PADN &&
      length >= 2 &&
      isZero(octets, data, at + length, end) &&
      !isZero(octets, data, data + length, end);
    if (isWholeLength) {
      if (result === octets) result = octets.slice();
      result[at + 1] = length - 2;
    }
    at += isWholeLength ? length : 2 + length;
  }
  return result;
}

/** False also when the octets run past `end`. */
function isZero(octets: Uint8Array, from: number, to: number, end: number): boolean {
  for (let at = from; at < to; at++) if (octets[at] !== 0) return false;
  return to <= end;
}
