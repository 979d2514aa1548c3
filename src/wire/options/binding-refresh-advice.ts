import { fourSeconds, layout } from '../layout.ts';
import type { OptionFormat } from './format.ts';

/** RFC 6275 §6.2.4: how soon the home agent would like the next registration. */
export interface BindingRefreshAdvice {
  readonly kind: 'binding-refresh-advice';
  /** Seconds, a multiple of 4, at most 262140. */
  readonly interval: number;
}

export const bindingRefreshAdvice: OptionFormat<BindingRefreshAdvice> = {
  type: 2,
  kind: 'binding-refresh-advice',
  section: 'RFC 6275 §6.2.4',
  layout: layout(fourSeconds('interval')),
  alignment: () => [2, 0],
  malformed: 'refused',
};
