import { expect, test } from 'vitest';
import { renderHistory } from '../../../src/cli/history-text.ts';
import { plainScreen } from '../../../src/cli/layout.ts';

const series = (rtt: string) => ({ rtt, loss: '', received: '', sent: '' });

test('history: a bar for each column of points, and the handovers, the latest first', () => {
  const lines = renderHistory(
    {
      step: 300,
      age: 10,
      uplinks: { lte: series('10,,20,40,,,80,10'), starlink: series(',,,,,,,') },
      handovers: [
        { ago: 7380, from: null, to: 'lte', reason: 'only-one-alive', left: null },
        { ago: 3.2, from: 'lte', to: 'starlink', reason: 'only-one-alive', left: 'dead' },
      ],
    },
    plainScreen(28),
  );
  expect(lines).toEqual([
    'round-trip time, the last 40 min, a column is 10 min',
    'lte       ▂▅ █  at most 80.0 ms',
    'starlink  not measured',
    '',
    'traffic',
    '3 s ago: lte -> starlink,',
    'only uplink alive; lte: dead',
    '2 h 3 min ago: nothing ->',
    'lte, only uplink alive',
  ]);
});

test('history: of an anchor there is none', () => {
  const nothing = { step: 300, age: 0, uplinks: {}, handovers: [] };
  expect(renderHistory(nothing, plainScreen(80))).toEqual(['nothing is remembered yet']);
});
