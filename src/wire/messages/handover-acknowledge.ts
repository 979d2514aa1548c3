import { bits, flag, unused } from '../layout/bits.ts';
import { u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** IANA "Handover Acknowledge Status Codes". Below 128: accepted. */
const CODE_NAMES = {
  0: 'handover accepted; without P: NCoA valid',
  1: 'handover accepted, NCoA not valid or in use',
  2: 'handover accepted, NCoA assigned',
  3: 'handover accepted, use PCoA',
  4: 'message sent unsolicited',
  5: 'context transfer accepted or successful',
  6: 'all available context transferred',
  128: 'handover not accepted, reason unspecified',
  129: 'administratively prohibited',
  130: 'insufficient resources',
  131: 'requested context not available',
  132: 'forwarding not available',
};

export const handoverAcknowledge = message({
  type: 15,
  kind: 'handover-acknowledge',
  name: 'Handover Acknowledge',
  section: 'RFC 5568 §6.2.1.2',
  layout: layout(
    u16('sequence'), // that of the Handover Initiate
    bits(
      1,
      flag('buffer', 'U', 'RFC 5949 §6.1.2'),
      flag('proxy', 'P', 'RFC 5949 §6.1.2'), // of the Proxy Mobile IPv6 form
      flag('forward', 'F', 'RFC 5949 §6.1.2'),
      unused(5),
    ),
    u8('code', CODE_NAMES),
  ),
});
