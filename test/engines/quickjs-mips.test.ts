import { built, testUnder } from './engine.ts';

await testUnder({
  name: 'QuickJS on big-endian MIPS',
  command: ['qemu-mips-static', built('qjs-mips')],
  maxRuns: 25,
  simulationSeconds: 3,
  leftOut: [
    'test/simulation/failover.test.ts',
    'test/simulation/long-runs.test.ts',
    'test/simulation/random.test.ts',
    'test/unit/engine/mobile-router/answers.test.ts',
  ],
});
