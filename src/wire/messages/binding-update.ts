import { bits, flag, unused } from '../layout/bits.ts';
import { fourSeconds, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';
import type { BindingUpdate } from '../mobility-message.ts';

/** Bit 0x0040 has two meanings: see {@link overwrites}. */
export const bindingUpdate = message({
  type: 5,
  kind: 'binding-update',
  name: 'Binding Update',
  section: 'RFC 6275 §6.1.7',
  layout: layout(
    u16('sequence'),
    bits(
      2,
      flag('acknowledge', 'A'),
      flag('homeRegistration', 'H'),
      flag('linkLocalCompatibility', 'L'),
      flag('keyManagement', 'K'),
      flag('mapRegistration', 'M', 'RFC 5380 §4.1'),
      flag('mobileRouter', 'R', 'RFC 3963 §4.1'),
      flag('proxy', 'P', 'RFC 5213 §8.1'),
      flag('forceUdp', 'F', 'RFC 5555 §3.1.3'),
      flag('tlvHeader', 'T', 'RFC 5845 §6.2'),
      flag('bulkOrOverwrite', 'B/O', 'RFC 6602 §4.1, RFC 5648 §4.2'),
      flag('separateMulticast', 'S', 'RFC 7161 §4.2.1'),
      flag('distributed', 'D', 'RFC 8885 §4.1'),
      unused(4),
    ),
    fourSeconds('lifetime'), // 0 de-registers
  ),
});

/**
 * Whether this message replaces all bindings of its home address (RFC 5648 §4.2). IANA never registered that O flag, and
 * gave its bit to B of RFC 6602, which stands where P is set; without a Binding Identifier option it has no meaning.
 */
export function overwrites({ bulkOrOverwrite, proxy, options }: BindingUpdate): boolean {
  return (
    bulkOrOverwrite === true && proxy !== true && options.some(({ kind }) => kind === 'binding-identifier')
  );
}
