/** `make fuzz`: two million inputs, or INPUTS; the seed is printed and may be given as SEED. */
import { fuzz } from './body.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const inputs = Number(process.env.INPUTS ?? 2_000_000);
/** MiB that the heap may grow from the first tenth of the run to its end. */
const MOST_GROWTH = 8;

const heap = (): number => {
  (globalThis as { gc?: () => void }).gc!();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

console.log(`seed ${seed}, ${inputs} inputs`);
const heaps: number[] = [];
const report = fuzz({
  seed,
  inputs,
  milliseconds: Number.POSITIVE_INFINITY,
  now: () => performance.now(),
  progress(count) {
    heaps.push(heap());
    console.log(`${count} inputs, heap ${heaps.at(-1)!.toFixed(1)} MiB`);
  },
});
for (const { input, what } of report.failures) console.log(`${what}\n  ${input}`);
const growth = heaps.at(-1)! - heaps[0]!;
const { failures, ...figures } = report;
console.log(
  JSON.stringify({
    fuzz: { seed, ...figures, failures: failures.length, growthMiB: Number(growth.toFixed(1)) },
  }),
);
if (failures.length > 0 || growth > MOST_GROWTH) process.exit(1);
