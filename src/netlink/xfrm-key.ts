/** What tells XFRM states and policies apart. */
import { addressKey } from '../wire/address.ts';
import type { KernelXfrmPolicy, KernelXfrmState } from './xfrm.ts';

/** The extension header, by its protocol number: Destination Options with a Home Address option, or the type 2 routing header. */
export const MobilityExtension = { homeAddress: 60, routing: 43 } as const;
export type MobilityExtension = (typeof MobilityExtension)[keyof typeof MobilityExtension];

/** Of two states with the same key there can be only one. */
export const xfrmStateKey = ({
  header,
  from,
  to,
  mark,
  mask,
}: Omit<KernelXfrmState, 'careOfAddress' | 'owner'>): string =>
  `${header} ${addressKey(from)} ${addressKey(to)} ${mark}/${mask}`;

export const xfrmPolicyKey = (policy: Omit<KernelXfrmPolicy, 'headers' | 'priority'>): string =>
  `${policy.direction} ${addressKey(policy.from)} ${addressKey(policy.to)} ${policy.protocol} ${policy.messageType} ${policy.mark?.value}/${policy.mark?.mask}`;
