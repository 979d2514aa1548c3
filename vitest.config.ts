import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    minWorkers: 1,
    reporters: ['default', './tools/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**'],
          testTimeout: MINUTE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          exclude: ['test/lab/**/*.realtime.test.ts'],
          testTimeout: 5 * MINUTE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // They measure the cost of computing: nothing else may run meanwhile.
        extends: true,
        test: {
          name: 'lab-realtime',
          include: ['test/lab/**/*.realtime.test.ts'],
          testTimeout: 5 * MINUTE,
          poolOptions: { forks: { singleFork: true } },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
