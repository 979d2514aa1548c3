import { bits, flag, unused } from '../../layout/bits.ts';
import { addressList } from '../../layout/lists.ts';
import { u16 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, noCode } from '../parts.ts';

export const homeAgentAddressDiscoveryReply = icmpv6({
  type: 145,
  kind: 'home-agent-address-discovery-reply',
  name: 'Home Agent Address Discovery Reply',
  section: 'RFC 6275 §6.6',
  layout: layout(
    noCode,
    checksumField,
    u16('identifier'), // of the request
    bits(2, flag('mobileRouter', 'R', 'RFC 3963 §7.2'), unused(15)), // all that are listed support mobile routers
    addressList('homeAgents'), // the most preferred first
  ),
});
