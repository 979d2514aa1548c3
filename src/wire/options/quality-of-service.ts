import { bits, number, unused } from '../layout/bits.ts';
import { reserved, u8 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';
import { OptionSet } from '../option-set.ts';
import { subOptions } from '../sub-options.ts';

const OPERATION_NAMES = {
  0: 'response',
  1: 'allocate',
  2: 'de-allocate',
  3: 'modify',
  4: 'query',
  5: 'negotiate',
};

/** Their octets are kept as they are. */
const attributes = new OptionSet<never>(
  {
    what: 'QoS attribute',
    section: 'RFC 7222 §4.2',
    pads: false,
    names: {
      1: { name: 'Per-MN-Agg-Max-DL-Bit-Rate', section: 'RFC 7222 §4.2.1' },
      2: { name: 'Per-MN-Agg-Max-UL-Bit-Rate', section: 'RFC 7222 §4.2.2' },
      3: { name: 'Per-Session-Agg-Max-DL-Bit-Rate', section: 'RFC 7222 §4.2.3' },
      4: { name: 'Per-Session-Agg-Max-UL-Bit-Rate', section: 'RFC 7222 §4.2.4' },
      5: { name: 'Allocation-Retention-Priority', section: 'RFC 7222 §4.2.5' },
      6: { name: 'Aggregate-Max-DL-Bit-Rate', section: 'RFC 7222 §4.2.6' },
      7: { name: 'Aggregate-Max-UL-Bit-Rate', section: 'RFC 7222 §4.2.7' },
      8: { name: 'Guaranteed-DL-Bit-Rate', section: 'RFC 7222 §4.2.8' },
      9: { name: 'Guaranteed-UL-Bit-Rate', section: 'RFC 7222 §4.2.9' },
      10: { name: 'QoS-Traffic-Selector', section: 'RFC 7222 §4.2.10' },
      11: { name: 'QoS-Vendor-Specific-Attribute', section: 'RFC 7222 §4.2.11' },
    },
  },
  [],
);

/** A QoS service request for flows of the mobile node. */
export const qualityOfService = option({
  type: 58,
  kind: 'quality-of-service',
  name: 'Quality of Service',
  section: 'RFC 7222 §4.1',
  layout: layout(
    u8('request'), // identifier; 0 until the local mobility anchor has given one
    bits(1, number('dscp', 6), unused(2)),
    u8('operation', OPERATION_NAMES),
    reserved(3),
    subOptions('attributes', attributes),
  ),
  alignment: [4, 0],
});
