/** What becomes of the daemon when a socket fails. */
import type { SocketHandler } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';

/**
 * Of a socket without which the daemon is of no use.
 * @param fail is called with the latest reason when it has ended
 */
export function vital(
  log: LogSink,
  fail: (reason: string) => void,
  afterFailure = () => {},
): Pick<SocketHandler, 'failed' | 'closed'> {
  let latest = 'a socket was closed';
  return {
    failed: reason => {
      latest = reason;
      log('warning', reason);
      afterFailure();
    },
    closed: () => fail(latest),
  };
}
