import { IPV4_ADDRESS_LENGTH } from '../address.ts';
import { reserved, u8 } from '../layout/numbers.ts';
import { eitherAddress } from '../layout/octets.ts';
import { cited, layout } from '../layout/part.ts';
import { draftOption } from '../option-format.ts';
import { ACCESS_TECHNOLOGY_NAMES } from '../options/access-technology-type.ts';

/**
 * Another interface of the mobile node is attached. In Generic Signaling messages. The draft states no alignment: the
 * address is put on its natural boundary (RFC 3775 §6.2.1).
 */
export const alternativeInterfaceIndicator = draftOption({
  kind: 'alternative-interface-indicator',
  name: 'Alternative Interface Indicator',
  section: 'draft-xia-netext-flow-binding-00 §8.1',
  layout: layout(
    reserved(1),
    cited('RFC 5213 §8.5', u8('technology', ACCESS_TECHNOLOGY_NAMES)),
    eitherAddress('proxyCareOfAddress'), // of the gateway that the interface is attached to
  ),
  alignment: ({ proxyCareOfAddress }) =>
    proxyCareOfAddress.length === IPV4_ADDRESS_LENGTH ? [4, 0] : [8, 4],
});
