import { expect, it } from 'vitest';
import { twoUplinks } from './network.ts';

/** Milliseconds that the router's clock is ahead. */
const errors = {
  'fifty years behind': -50 * 365 * 86_400_000,
  'ten seconds ahead': 10_000,
  'four years ahead': 4 * 365 * 86_400_000,
};

it.each(Object.entries(errors))('[RFC 4285 §6] corrects a clock that is %s', (_, error) => {
  const network = twoUplinks(1);
  network.wall.router += error;
  network.startRouter();
  network.run(3000);
  expect(network.router!.view().paths.every(path => path.registered)).toBe(true);
  expect(network.events.filter(event => event.name === 'binding-refused')).toEqual([]);
});

it('[RFC 4285 §6] goes on when the clock is set right while bindings exist', () => {
  const network = twoUplinks(1);
  network.wall.router += 86_400_000;
  network.startRouter();
  network.run(3000);
  network.wall.router -= 86_400_000;
  network.prefer('wifi');
  network.run(3000);
  network.prefer(undefined);
  network.run(3000);
  expect(network.events.filter(event => event.name === 'binding-refused')).toEqual([]);
  expect([...network.anchor!.cache.nodes()][0]!.active?.bid).toBe(1);
});
