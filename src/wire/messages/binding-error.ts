import type { Address } from '../address.ts';
import { address, layout, reserved, u8 } from '../layout.ts';
import type { MobilityOption } from '../mobility-option.ts';
import type { MessageFormat } from './format.ts';

/** RFC 6275 §6.1.9. */
export interface BindingError {
  readonly kind: 'binding-error';
  /** 1 unknown binding for Home Address destination option, 2 unrecognized MH Type. */
  readonly status: number;
  /** From the Home Address option of the packet in error; unspecified when it had none. */
  readonly homeAddress: Address;
  readonly options: readonly MobilityOption[];
}

export const bindingError: MessageFormat<BindingError> = {
  type: 7,
  kind: 'binding-error',
  section: 'RFC 6275 §6.1.9',
  layout: layout(u8('status'), reserved(1), address('homeAddress')),
};
