import { built, testUnder } from './engine.ts';

await testUnder({
  name: 'QuickJS',
  command: [built('qjs')],
  maxRuns: 300,
  simulationSeconds: 3,
  leftOut: ['test/simulation/long-runs.test.ts'],
});
