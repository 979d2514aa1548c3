import { built, testUnder } from './engine.ts';

await testUnder({
  name: 'QuickJS',
  command: [built('qjs')],
  maxRuns: 40,
  simulationSeconds: 2,
  leftOut: [
    'test/simulation/failover.test.ts',
    'test/simulation/home-agents.test.ts',
    'test/simulation/long-runs.test.ts',
    'test/simulation/many-bindings.test.ts',
    'test/simulation/prefix-delegation.test.ts',
    'test/simulation/quality.test.ts',
    'test/simulation/returning-home.test.ts',
    'test/simulation/route-optimization.test.ts',
    'test/simulation/single-binding.test.ts',
    'test/unit/engine/mobile-router/answers.test.ts',
    'test/unit/engine/mobile-router/path-width.test.ts',
  ],
});
