/** A home agent with many nodes: what one registration, one binding, one expiry and one move cost. */
import type { CreateHmac } from '../../src/engine/hmac.ts';
import { HomeAgent } from '../../src/engine/home-agent/home-agent.ts';
import { AnchorForwarding } from '../../src/forwarding/anchor-forwarding.ts';
import { Reconciler } from '../../src/forwarding/reconciler.ts';
import { AUTH, boundTwice, Crowd, crowdedAgent, HOME_AGENT } from '../simulation/crowd.ts';
import { FakeKernel } from '../unit/forwarding/fake-kernel.ts';

const WALL = 1_800_000_000_000;
/** Seconds. */
const LIFETIME = 600;
/** Binding Updates that are made at a time; making them is not counted. */
const BATCH = 500;
/** Moves of a round, of which the fastest counts. */
const MOVES = 100;

/**
 * So many nodes register one binding each, authenticated, and all bindings expire.
 * @param clock milliseconds
 * @param memory octets in use
 */
export function benchBindings(
  clock: () => number,
  memory: () => number,
  createHmac: CreateHmac,
  count: number,
): Record<string, number> {
  const config = crowdedAgent(count, AUTH);
  const crowd = new Crowd(AUTH, createHmac);
  const empty = memory();
  const agent = new HomeAgent(config, { monotonic: 0, wall: WALL }, new Map(), createHmac);
  const unbound = memory();
  let registering = 0;
  for (let done = 0; done < count; done += BATCH) {
    const now = { monotonic: 1, wall: WALL };
    const updates = Array.from({ length: Math.min(BATCH, count - done) }, (_, i) =>
      crowd.update(done + i, LIFETIME, 1, now),
    );
    const start = clock();
    for (const update of updates) agent.handle(update, now);
    registering += clock() - start;
  }
  const bound = memory();
  const start = clock();
  const outputs = agent.handle({ kind: 'timer' }, { monotonic: 1 + LIFETIME * 1000, wall: WALL });
  const expiring = clock() - start;
  const expired = outputs.filter(({ kind }) => kind === 'forwarding').length;
  if (expired !== count) throw new Error(`${expired} of ${count} bindings expired`);
  return {
    ha_registrations_per_second: count / (registering / 1000),
    ha_octets_per_node: (unbound - empty) / count,
    ha_octets_per_binding: (bound - unbound) / count,
    ha_expiry_us: (expiring / count) * 1000,
  };
}

/**
 * One of so many nodes, each bound twice, moves from one care-of address to the other: microseconds from the wish until
 * the kernel has agreed, without the kernel's own time.
 */
export async function benchMove(clock: () => number, count: number): Promise<number> {
  const kernel = new FakeKernel({ name: 'lo', index: 1 });
  let kernelTime = 0;
  const reconciler = new Reconciler({
    send: datagram => {
      const start = clock();
      kernel.send(datagram);
      kernelTime += clock() - start;
    },
    runNft: async () => undefined,
    schedule: () => () => {},
    report: (_, text) => {
      throw new Error(text);
    },
    kernelChanged: () => {},
    sendXfrm: () => {},
    cannotCopy: () => {},
    neighborFailed: () => {},
    unknownHomeAddress: () => {},
  });
  kernel.receive = datagram => reconciler.receive(datagram);
  /** The kernel says all that it has to say, until nothing comes of it any more. */
  const settle = async (): Promise<void> => {
    for (let calm = 0; calm < 20; calm++) {
      if (kernel.flush()) calm = 0;
      await undefined;
    }
  };
  const nodes = Array.from({ length: count }, (_, number) => boundTwice(number, 1));
  const anchor = new AnchorForwarding({ address: HOME_AGENT, anycastAddresses: [], nodes });
  reconciler.start();
  reconciler.apply(anchor.parts());
  await settle();
  const samples: number[] = [];
  for (const active of [2, 1, 2, 1, 2] as const) {
    kernelTime = 0;
    const start = clock();
    for (let move = 0; move < MOVES; move++) {
      reconciler.change(anchor.change(boundTwice(Math.floor((move * count) / MOVES), active)));
      await settle();
    }
    samples.push(((clock() - start - kernelTime) / MOVES) * 1000);
  }
  if (reconciler.pending().length > 0) throw new Error('the kernel does not agree');
  return Math.min(...samples);
}
