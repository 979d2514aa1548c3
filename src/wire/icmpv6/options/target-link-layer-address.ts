import { rest } from '../../layout/octets.ts';
import { layout } from '../../layout/part.ts';
import { option } from '../../option-format.ts';

export const targetLinkLayerAddress = option({
  type: 2,
  kind: 'target-link-layer-address',
  name: 'Target Link-Layer Address',
  section: 'RFC 4861 §4.6.1',
  layout: layout(
    rest('address', 6), // six octets on Ethernet (RFC 2464 §6); elsewhere 8n+6 with what the link puts behind it
  ),
});
