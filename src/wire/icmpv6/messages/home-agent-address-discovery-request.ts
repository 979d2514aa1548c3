import { bits, flag, unused } from '../../layout/bits.ts';
import { u16 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, noCode } from '../parts.ts';

export const homeAgentAddressDiscoveryRequest = icmpv6({
  type: 144,
  kind: 'home-agent-address-discovery-request',
  name: 'Home Agent Address Discovery Request',
  section: 'RFC 6275 §6.5',
  layout: layout(
    noCode,
    checksumField,
    u16('identifier'),
    bits(2, flag('mobileRouter', 'R', 'RFC 3963 §7.1'), unused(15)),
  ),
});
