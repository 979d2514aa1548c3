import { flags, fourSeconds, layout, u8, u16 } from '../layout.ts';
import type { MobilityOption } from '../mobility-option.ts';
import type { MessageFormat } from './format.ts';

/** RFC 6275 §6.1.8, with the flag of RFC 3963 §4.2. */
export interface BindingAcknowledgement {
  readonly kind: 'binding-acknowledgement';
  /** Below 128: accepted. */
  readonly status: number;
  /** K */
  readonly keyManagement: boolean;
  /** R */
  readonly mobileRouter: boolean;
  /** The other bits of the 8-bit flags field, in place. */
  readonly otherFlags: number;
  readonly sequence: number;
  /** Granted seconds, a multiple of 4, at most 262140. */
  readonly lifetime: number;
  readonly options: readonly MobilityOption[];
}

export const bindingAcknowledgement: MessageFormat<BindingAcknowledgement> = {
  type: 6,
  kind: 'binding-acknowledgement',
  section: 'RFC 6275 §6.1.8',
  layout: layout(
    u8('status'),
    flags(1, { keyManagement: 0x80, mobileRouter: 0x40 }, 'otherFlags'),
    u16('sequence'),
    fourSeconds('lifetime'),
  ),
};
