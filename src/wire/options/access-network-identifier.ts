import { civicLocation } from '../access-network/civic-location.ts';
import { geoLocation } from '../access-network/geo-location.ts';
import { magGroupIdentifier } from '../access-network/mag-group-identifier.ts';
import { networkIdentifier } from '../access-network/network-identifier.ts';
import { operatorIdentifier } from '../access-network/operator-identifier.ts';
import { updateTimer } from '../access-network/update-timer.ts';
import { layout } from '../layout/part.ts';
import { type OptionOf, option } from '../option-format.ts';
import { OptionSet } from '../option-set.ts';
import { subOptions } from '../sub-options.ts';

/** IANA "Access Network Information (ANI) Sub-Option Type Values". */
const FORMATS = [
  networkIdentifier,
  geoLocation,
  operatorIdentifier,
  civicLocation,
  magGroupIdentifier,
  updateTimer,
] as const;

const identifiers = new OptionSet<OptionOf<(typeof FORMATS)[number]>>(
  { what: 'ANI sub-option', section: 'RFC 6757 §3.1', pads: false },
  FORMATS,
);

/** What is known about the access network that the mobile node is in. */
export const accessNetworkIdentifier = option({
  type: 52,
  kind: 'access-network-identifier',
  name: 'Access Network Identifier',
  section: 'RFC 6757 §3',
  layout: layout(subOptions('identifiers', identifiers)),
  alignment: [4, 0],
});
