/**
 * `make demo`: plays the scenario `demo` in real time, shows it, and ends with one line of JSON. Exit status 0: every
 * bound was held. `--picture FILE.svg` leaves a picture of the screen during the last silent loss.
 */
import { writeFileSync } from 'node:fs';
import { type Display, LiveScreen, PlainLines } from './demo/display.ts';
import { Progress } from './demo/progress.ts';
import { COLUMNS, render } from './demo/screen.ts';
import { svg } from './demo/styled-text.ts';
import { summary } from './demo/summary.ts';
import { judge, resultLine } from './demo/verdict.ts';
import { runScenario } from './runner/scenario.ts';

/** Milliseconds; a run takes less than 55 s. */
const LIMIT = 120_000;

const picture = process.argv[2] === '--picture' ? process.argv[3] : undefined;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function demo(): Promise<boolean> {
  const progress = new Progress();
  const display: Display = process.stdout.isTTY
    ? new LiveScreen(process.stdout, progress)
    : new PlainLines(progress, print);
  process.on('exit', () => display.close());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  await runScenario('demo', {
    time: 'real',
    timeout: LIMIT,
    onRecord: record => {
      const ends = record.record === 'demo-act' && progress.acts.at(-1)?.kind === 'silent-loss';
      if (ends && picture !== undefined) writeFileSync(picture, svg(render(progress), COLUMNS));
      progress.take(record);
      display.update(record);
    },
  });
  display.close();
  const { outcome } = progress;
  if (outcome === undefined) throw new Error('the scenario told no outcome');
  const verdict = judge(outcome);
  print('');
  for (const line of summary(verdict.figures, outcome)) print(line);
  for (const bound of verdict.missed) print(`missed: ${bound}`);
  print(resultLine(verdict));
  return verdict.missed.length === 0;
}

demo().then(
  ok => process.exit(ok ? 0 : 1),
  error => {
    print(
      JSON.stringify({ demo: 'failed', missed: [String(error instanceof Error ? error.message : error)] }),
    );
    process.exit(1);
  },
);
