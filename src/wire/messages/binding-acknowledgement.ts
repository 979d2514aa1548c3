import { BINDING_STATUS_NAMES } from '../binding-status.ts';
import { bits, flag, unused } from '../layout/bits.ts';
import { fourSeconds, u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

export const bindingAcknowledgement = message({
  type: 6,
  kind: 'binding-acknowledgement',
  name: 'Binding Acknowledgement',
  section: 'RFC 6275 §6.1.8',
  layout: layout(
    u8('status', BINDING_STATUS_NAMES), // below 128: accepted
    bits(
      1,
      flag('keyManagement', 'K'),
      flag('mobileRouter', 'R', 'RFC 3963 §4.2'),
      flag('proxy', 'P', 'RFC 5213 §8.2'),
      flag('tlvHeader', 'T', 'RFC 5845 §6.3'),
      flag('bulk', 'B', 'RFC 6602 §4.2'),
      flag('separateMulticast', 'S', 'RFC 7161 §4.2.2'),
      flag('distributed', 'D', 'RFC 8885 §4.2'),
      unused(1),
    ),
    u16('sequence'),
    fourSeconds('lifetime'), // granted
  ),
});
