/**
 * Many mobile routers and one anchor in one kernel: real daemons in hosts of their own, all on one access network; `make
 * soak` takes 200 of them. Time is virtual: what is measured is what the protocol waits for, not what this machine needs to
 * start two processes for each, which is the greater part of about 65 s of processor time for 200.
 */
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { playProduct } from './runner/product.ts';

const ROUTERS = Number(process.env.LAB_ROUTERS ?? 40);
/** MiB of the lab: a router takes about 12. */
const MEMORY = 512 + 13 * ROUTERS;
/** Of real time, for a machine that has much else to do: milliseconds. */
const LIMIT = 600_000;

interface Registered {
  readonly what: 'none' | 'half' | 'all' | 'restart' | 'forgotten';
  /** Milliseconds since the routers, or the anchor, were started. */
  readonly after: number;
  readonly count: number;
  readonly tunnels: number;
  /** KiB, kedged and script. */
  readonly memory: number;
}

test(
  'many mobile routers register; the anchor is killed and adopts them, and forgets them and has them back; those bound lose nothing meanwhile',
  async context => {
    const result = await playProduct(context, 'many-routers', {
      time: 'virtual',
      params: { routers: ROUTERS },
      memory: MEMORY,
      timeout: LIMIT,
    });
    const registered = result.records.filter(r => r.record === 'registered') as unknown as Registered[];
    for (const { what, after, memory } of registered) {
      console.log(`${what}: ${Math.round(after)} ms, ${memory} KiB`);
    }
    const [none, half, all, restart, forgotten] = registered;
    expect(registered.map(({ count, tunnels }) => [count, tunnels])).toEqual([
      [0, 0],
      ...[ROUTERS / 2, ROUTERS, ROUTERS, ROUTERS].map(count => [count, count]),
    ]);
    // One round trip of 40 ms, and the looking.
    for (const { after } of [half!, all!]) expect(after).toBeLessThan(400);
    // At once: nothing has to be registered again.
    expect(restart!.after).toBeLessThan(400);
    // The routers miss five answers of their probes, one each 15 s at first, and introduce themselves.
    expect(forgotten!.after).toBeLessThan(25_000);
    expect((all!.memory - none!.memory) / ROUTERS).toBeLessThan(16);
    for (const { memory } of registered) expect(memory).toBeLessThan(14 * 1024);
    const echoes = result.records.flatMap(r =>
      r.record === 'echo' ? [r.report as unknown as EchoReport] : [],
    );
    expect(echoes.map(({ lost, duplicates }) => [lost, duplicates])).toEqual(echoes.map(() => [0, 0]));
    expect(echoes.map(({ sent }) => sent > 200)).toEqual(Array(5).fill(true));
  },
  LIMIT + 60_000,
);
