import type { Prefix } from '../address.ts';
import { layout, prefix, reserved } from '../layout.ts';
import type { OptionFormat } from './format.ts';

/** RFC 3963 §4.3. A malformed one is kept: the answer is status 141, Invalid Prefix (RFC 3963 §6.2). */
export interface MobileNetworkPrefix {
  readonly kind: 'mobile-network-prefix';
  readonly prefix: Prefix;
}

export const mobileNetworkPrefix: OptionFormat<MobileNetworkPrefix> = {
  type: 6,
  kind: 'mobile-network-prefix',
  section: 'RFC 3963 §4.3',
  layout: layout(reserved(1), prefix('prefix')),
  alignment: () => [8, 4],
  malformed: 'kept',
};
