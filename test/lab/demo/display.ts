/** Where the demo is shown: on a terminal, live; elsewhere, a line for each thing that happens. */
import type { WriteStream } from 'node:tty';
import type { LabRecord } from '../record.ts';
import type { Progress } from './progress.ts';
import { render, result } from './screen.ts';
import { ansi, clip, plain } from './styled-text.ts';

export interface Display {
  /** Something new is known. */
  update(record: LabRecord): void;
  /** Nothing more comes; what is printed now stands below. */
  close(): void;
}

/** Redraws one screen in place, in the terminal's alternate buffer, and leaves the last one standing. */
export class LiveScreen implements Display {
  readonly #terminal: WriteStream;
  readonly #progress: Progress;
  #open = true;

  constructor(terminal: WriteStream, progress: Progress) {
    this.#terminal = terminal;
    this.#progress = progress;
    terminal.write('\x1b[?1049h\x1b[?25l\x1b[2J');
    terminal.on('resize', () => {
      if (!this.#open) return;
      terminal.write('\x1b[2J');
      this.#draw();
    });
    this.#draw();
  }

  update(): void {
    this.#draw();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#terminal.write('\x1b[?25h\x1b[?1049l');
    this.#terminal.write(`${this.#lines(Number.POSITIVE_INFINITY).join('\n')}\n`);
  }

  #lines(rows: number): string[] {
    const { columns } = this.#terminal;
    return render(this.#progress)
      .slice(0, rows)
      .map(line => ansi(clip(line, columns)));
  }

  /** Line by line and without wrapping: a screen that is too small shows what fits. */
  #draw(): void {
    const lines = this.#lines(this.#terminal.rows);
    const frame = lines.map((line, row) => `\x1b[${row + 1};1H\x1b[2K${line}`).join('');
    this.#terminal.write(`\x1b[?7l${frame}\x1b[?7h`);
  }
}

/** Lines for a log: each act when its result is known, and every change of path, once both ends agree. */
export class PlainLines implements Display {
  readonly #progress: Progress;
  readonly #print: (line: string) => void;
  #shown = 0;

  constructor(progress: Progress, print: (line: string) => void) {
    this.#progress = progress;
    this.#print = print;
  }

  update({ record, at }: LabRecord): void {
    if (record === 'demo-act') this.#tellActs(this.#progress.acts.length - 1);
    if (record === 'demo-path' || record === 'demo-started') this.#tellPaths(at);
  }

  close(): void {
    this.#tellActs(this.#progress.acts.length);
  }

  #tellActs(end: number): void {
    const lost = this.#progress.lostByAct();
    for (const act of this.#progress.acts.slice(this.#shown, end)) {
      const outcome = act.kind === 'steady' ? '' : `: ${plain([result(act, lost.get(act) ?? 0)])}`;
      this.#line(act.at, `${act.text}${outcome}`);
    }
    this.#shown = Math.max(this.#shown, end);
  }

  #tellPaths(at: number): void {
    const { router, anchor } = this.#progress.path;
    if (router !== anchor) return;
    this.#line(at, `  router and anchor send over ${router ?? 'no uplink'}`);
  }

  #line(at: number, text: string): void {
    this.#print(`${this.#progress.seconds(at).toFixed(2).padStart(6)} s  ${text}`);
  }
}
