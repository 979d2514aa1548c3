import { u8 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const IGMP_NAMES = { 18: 'IGMPv1', 22: 'IGMPv2', 34: 'IGMPv3' };

export const activeMulticastSubscriptionIpv4 = option({
  type: 56,
  kind: 'active-multicast-subscription-ipv4',
  name: 'Active Multicast Subscription IPv4',
  section: 'RFC 7161 §4.1',
  layout: layout(
    u8('igmpType', IGMP_NAMES), // of a membership report
    rest('membership'), // a group address or record of IGMP
  ),
  alignment: [4, 1],
});
