import { bits, flag, unused } from '../layout/bits.ts';
import { u8 } from '../layout/numbers.ts';
import { text } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** IANA "DNS Update Status Codes". Below 128: performed. */
const STATUS_NAMES = {
  0: 'DNS update performed',
  128: 'reason unspecified',
  129: 'administratively prohibited',
  130: 'DNS update failed',
};

/** Asks the home agent to keep the DNS entry of the home address. */
export const dnsUpdate = option({
  type: 17,
  kind: 'dns-update',
  name: 'DNS Update',
  section: 'RFC 5026 §8.1',
  layout: layout(
    u8('status', STATUS_NAMES), // in a Binding Acknowledgement
    bits(1, flag('remove', 'R'), unused(7)),
    text('identity'), // the fully qualified domain name of the mobile node
  ),
});
