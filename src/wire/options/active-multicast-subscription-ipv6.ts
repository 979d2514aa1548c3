import { u8 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const MLD_NAMES = { 131: 'MLDv1', 143: 'MLDv2' };

export const activeMulticastSubscriptionIpv6 = option({
  type: 57,
  kind: 'active-multicast-subscription-ipv6',
  name: 'Active Multicast Subscription IPv6',
  section: 'RFC 7161 §4.1',
  layout: layout(
    u8('mldType', MLD_NAMES), // of a listener report
    rest('membership'), // a multicast address or record of MLD
  ),
  alignment: [8, 1],
});
