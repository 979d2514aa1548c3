/** Minutes and hours of probes: seconds under Node, minutes under QuickJS. */
import { describe, expect, it } from 'vitest';
import { twoUplinks } from './network.ts';

const seed = Number(process.env.SEED ?? 20261121);

function started(changes?: Parameters<typeof twoUplinks>[1]) {
  const network = twoUplinks(seed, changes);
  network.run(3000);
  return network;
}

describe(`two uplinks, simulated at length (seed ${seed})`, () => {
  it.each(['lossUp', 'lossDown'] as const)(
    'survives a path that is dead in one direction only: %s',
    direction => {
      const network = started();
      const lost = network.echo(3000, 10, [
        {
          at: 500,
          run: () => {
            network.link('lte')[direction] = 1;
          },
        },
      ]);
      expect(lost * 10).toBeLessThan(400);
      expect(network.echo(60_000)).toBe(0);
    },
  );

  it('raises no false alarm in an hour at 2 % loss each way', () => {
    const loss = { lossUp: 0.02, lossDown: 0.02 };
    const network = started({ lte: loss, wifi: loss });
    network.run(3_600_000);
    expect(network.events.filter(event => event.name === 'path-dead')).toEqual([]);
  }, 60_000);
});
