import { bits, flag, unused } from '../layout/bits.ts';
import { u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** IANA "Handover Initiate Status Codes". */
const CODE_NAMES = {
  0: 'FBU with PCoA as source',
  1: 'FBU whose source is not PCoA',
  2: 'completion of forwarding',
  3: 'all available context transferred',
};

/** From the access router (mobile access gateway) that the node leaves to the one that it goes to, or the reverse. */
export const handoverInitiate = message({
  type: 14,
  kind: 'handover-initiate',
  name: 'Handover Initiate',
  section: 'RFC 5568 §6.2.1.1',
  layout: layout(
    u16('sequence'),
    bits(
      1,
      flag('assign', 'S'), // assign a new care-of address
      flag('buffer', 'U'), // buffer the packets for the node
      flag('proxy', 'P', 'RFC 5949 §6.1.1'), // of the Proxy Mobile IPv6 form
      flag('forward', 'F', 'RFC 5949 §6.1.1'), // forward the packets for the node
      unused(4),
    ),
    u8('code', CODE_NAMES),
  ),
});
