import { flags, fourSeconds, layout, u16 } from '../layout.ts';
import type { MobilityOption } from '../mobility-option.ts';
import type { MessageFormat } from './format.ts';

/** RFC 6275 §6.1.7, with the flag of RFC 3963 §4.1. */
export interface BindingUpdate {
  readonly kind: 'binding-update';
  readonly sequence: number;
  /** A */
  readonly acknowledge: boolean;
  /** H */
  readonly homeRegistration: boolean;
  /** L */
  readonly linkLocalCompatibility: boolean;
  /** K */
  readonly keyManagement: boolean;
  /** R */
  readonly mobileRouter: boolean;
  /** The other bits of the 16-bit flags field, in place. */
  readonly otherFlags: number;
  /** Seconds, a multiple of 4, at most 262140; 0 de-registers. */
  readonly lifetime: number;
  readonly options: readonly MobilityOption[];
}

/**
 * O, a bit of `otherFlags`: replace all bindings of the home address (RFC 5648 §4.2). Never registered by IANA, so it is
 * read beside a Binding Identifier only.
 */
export const OVERWRITE_FLAG = 0x0040;

export const bindingUpdate: MessageFormat<BindingUpdate> = {
  type: 5,
  kind: 'binding-update',
  section: 'RFC 6275 §6.1.7',
  layout: layout(
    u16('sequence'),
    flags(
      2,
      {
        acknowledge: 0x8000,
        homeRegistration: 0x4000,
        linkLocalCompatibility: 0x2000,
        keyManagement: 0x1000,
        mobileRouter: 0x0400,
      },
      'otherFlags',
    ),
    fourSeconds('lifetime'),
  ),
};
