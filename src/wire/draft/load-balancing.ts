import { bits, number } from '../layout/bits.ts';
import { u8 } from '../layout/numbers.ts';
import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { draftOption } from '../option-format.ts';

/**
 * A further care-of address in a Binding Update. The draft states no alignment: the address is put on its natural
 * boundary (RFC 3775 §6.2.1).
 */
export const loadBalancing = draftOption({
  kind: 'load-balancing',
  name: 'Load balancing mobility option',
  section: 'draft-montavont-mip6-mmi-02 §7.1',
  layout: layout(
    bits(
      1,
      number('source', 4), // S, a flag of 4 bits: not 0 when the mobile node may send from the address
      number('destination', 4), // D: 0, or the share of packets to send to it, in a unit that the draft leaves open
    ),
    u8('careOfAddressId'), // 0 is the source address of the Binding Update
    address('careOfAddress'),
  ),
  alignment: [8, 4],
});
