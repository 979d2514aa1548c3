import { bits, flag, unused } from '../layout/bits.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Whether the mobile access gateway is a DHCP server for the mobile node, or else a relay. */
export const ipv4DhcpSupportMode = option({
  type: 39,
  kind: 'ipv4-dhcp-support-mode',
  name: 'IPv4 DHCP Support Mode',
  section: 'RFC 5844 §3.3.4',
  layout: layout(bits(2, unused(15), flag('server', 'S'))),
});
