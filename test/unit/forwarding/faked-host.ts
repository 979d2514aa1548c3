/** What a reconciler needs around it: a faked kernel, and a clock that the test turns. */
import { ClassifierLoader } from '../../../src/forwarding/classifier-loader.ts';
import { Reconciler } from '../../../src/forwarding/reconciler.ts';
import { FakeKernel } from './fake-kernel.ts';

export function setUp(
  kernel = new FakeKernel({ name: 'lo', index: 1 }, { name: 'u0', index: 11 }, { name: 'u1', index: 12 }),
) {
  const timers: { at: number; action: () => void }[] = [];
  const reports: string[] = [];
  const filters: string[] = [];
  let now = 0;
  let nftError: string | undefined;
  let refused = '';
  let changes = 0;
  const reconciler = new Reconciler({
    send: datagram => kernel.send(datagram),
    runNft: async text => {
      filters.push(text);
      return text.includes(refused) ? nftError : undefined;
    },
    schedule: (delay, action) => {
      const timer = { at: now + delay, action };
      timers.push(timer);
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
      };
    },
    report: (level, text) => reports.push(`${level}: ${text}`),
    kernelChanged: () => changes++,
    sendXfrm: () => {},
    cannotCopy: () => reports.push('cannot copy'),
    neighborFailed: () => {},
    unknownHomeAddress: () => {},
  });
  reconciler.classify(ClassifierLoader);
  kernel.receive = datagram => reconciler.receive(datagram);
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms;
    for (;;) {
      await kernel.deliver();
      timers.sort((a, b) => a.at - b.at);
      const next = timers[0];
      if (next === undefined || next.at > end) break;
      timers.shift();
      now = next.at;
      next.action();
    }
    now = end;
  };
  return {
    kernel,
    reconciler,
    reports,
    filters,
    pass,
    /** @param part of the texts that are refused */
    failNft: (error: string | undefined, part = '') => {
      nftError = error;
      refused = part;
    },
    changes: () => changes,
  };
}
