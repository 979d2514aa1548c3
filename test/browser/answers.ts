/**
 * What a daemon answers that has run for three hours: its history is the daemon's own, fed with samples of a day with two
 * uplinks; the status is that of the samples of the command line's tests.
 */
import { History } from '../../src/daemon/history.ts';
import type { Status } from '../../src/engine/status.ts';
import { LTE, ROUTER, WIFI } from '../unit/cli/sample.ts';

const HOURS = 3;
const wave = (at: number, period: number) => (1 + Math.sin((2 * Math.PI * at) / period)) / 2;

function threeHours(): History {
  const history = new History();
  const end = HOURS * 3600;
  for (let at = 10; at <= end; at += 10) {
    const isGone = at > 4000 && at < 4600;
    const lte = {
      rtt: isGone
        ? undefined
        : 38 + 9 * wave(at, 1700) + 40 * Number(at > 2400 && at < 4000) + (at % 70) / 20,
      loss: isGone ? undefined : Number(at > 2400 && at < 4000) * (1.5 + wave(at, 300)),
      received: 2e6 + 7e6 * wave(at, 900),
      sent: 4e5 + 6e5 * wave(at, 700),
    };
    const wifi = {
      rtt: 61 + 14 * wave(at, 1100) + (at % 50) / 12,
      loss: 0.4 * wave(at, 400),
      received: 3e4,
      sent: 2e4,
    };
    history.sample(
      new Map([
        ['lte', lte],
        ['wifi', wifi],
      ]),
      at * 1000,
    );
  }
  const move = (
    at: number,
    from: string | null,
    to: string,
    reason: 'only-one-alive' | 'lowest-priority-value' | 'preferred-by-operator',
    left: 'no-carrier' | null,
  ) => history.handover({ at: at * 1000, from, to, reason, left });
  move(2, null, 'lte', 'only-one-alive', null);
  move(4000, 'lte', 'wifi', 'only-one-alive', 'no-carrier');
  move(4600, 'wifi', 'lte', 'lowest-priority-value', null);
  move(end - 420, 'lte', 'wifi', 'preferred-by-operator', null);
  move(end - 180, 'wifi', 'lte', 'lowest-priority-value', null);
  return history;
}

const HISTORY = threeHours();

export const STATUS: Status = {
  version: '0.1.0',
  uptime: HOURS * 3600,
  mobileRouter: { ...ROUTER, uplinks: [LTE, WIFI] },
  otherMobileRouters: [],
  homeAgent: null,
  correspondent: null,
  warnings: [],
};

export function answer(method: string, given: Readonly<Record<string, unknown>>): unknown {
  if (method === 'status') return STATUS;
  if (method === 'history') return HISTORY.report(Number(given.span), HOURS * 3_600_000);
  return {};
}
