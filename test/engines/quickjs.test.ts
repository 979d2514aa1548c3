import { built, testUnder } from './engine.ts';

await testUnder({
  name: 'QuickJS',
  command: [built('qjs')],
  maxRuns: 100,
  simulationSeconds: 2,
  leftOut: ['test/simulation/long-runs.test.ts'],
});
