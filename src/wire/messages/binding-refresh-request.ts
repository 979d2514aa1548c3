import { layout, reserved } from '../layout.ts';
import type { MobilityOption } from '../mobility-option.ts';
import type { MessageFormat } from './format.ts';

/** RFC 6275 §6.1.2: asks the mobile node to register again. */
export interface BindingRefreshRequest {
  readonly kind: 'binding-refresh-request';
  readonly options: readonly MobilityOption[];
}

export const bindingRefreshRequest: MessageFormat<BindingRefreshRequest> = {
  type: 0,
  kind: 'binding-refresh-request',
  section: 'RFC 6275 §6.1.2',
  layout: layout(reserved(2)),
};
