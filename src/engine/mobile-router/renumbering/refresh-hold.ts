/**
 * RFC 6275 §11.7.1: after status 1 the home prefixes are learnt before the binding is registered again. The answer is waited
 * for until half of what remains of the binding has passed.
 */
import { STATUS } from '../../../wire/binding-status.ts';
import type { Entry } from '../binding-update-list.ts';

/**
 * @param asking a Mobile Prefix Solicitation has no answer yet
 * @param now monotonic, milliseconds
 */
export function holdRefreshes(entries: readonly Entry[], asking: boolean, now: number): void {
  for (const { binding } of entries) {
    if (binding?.status !== STATUS.prefixDiscoveryNecessary) continue;
    if (asking && !binding.held && binding.refreshAt <= now) {
      binding.held = true;
      binding.refreshAt = now + (binding.expiresAt - now) / 2;
    } else if (!asking && binding.held) {
      binding.held = false;
      binding.refreshAt = now;
    }
  }
}
