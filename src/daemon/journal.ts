/**
 * What the roles want remembered across a restart of the process: a file of JSON lines, one change a line. It lives
 * in a directory that a reboot empties, as the monotonic times in it demand.
 */
import type { JsonObject } from '../engine/types.ts';
import { appendLine, type FileResult, readText, writeText } from '../host/file.ts';

const SIZE_LIMIT = 64 * 1024 * 1024;
/** The file is written anew when it has more lines than this and mostly outdated ones. */
const COMPACTION_LINES = 1000;

export class Journal {
  readonly records = new Map<string, JsonObject>();
  readonly #path: string;
  readonly #complain: (text: string) => void;
  #lines = 0;

  /** @param complain hears, once, why nothing can be remembered */
  constructor(path: string, complain: (text: string) => void) {
    this.#path = path;
    this.#complain = once(complain);
    const text = readText(path, SIZE_LIMIT);
    if (text.ok) for (const line of text.value.split('\n')) this.#enter(line);
    this.#compact();
  }

  set(key: string, value: JsonObject | undefined): void {
    if (value === undefined) this.records.delete(key);
    else this.records.set(key, value);
    this.#lines += 1;
    if (this.#lines > COMPACTION_LINES && this.#lines > 4 * this.records.size) this.#compact();
    else this.#check(appendLine(this.#path, lineOf(key, value)));
  }

  /** A line that a crash has cut short is left out. */
  #enter(line: string): void {
    try {
      const entry = JSON.parse(line) as { key?: unknown; value?: unknown };
      if (typeof entry.key !== 'string') return;
      if (isObject(entry.value)) this.records.set(entry.key, entry.value);
      else this.records.delete(entry.key);
    } catch {
      // Nothing to learn from it.
    }
  }

  #compact(): void {
    const lines = [...this.records].map(([key, value]) => `${lineOf(key, value)}\n`);
    this.#lines = lines.length;
    this.#check(writeText(this.#path, lines.join('')));
  }

  #check(result: FileResult<void>): void {
    if (!result.ok) this.#complain(`${this.#path}: ${result.reason}; a restart will lose the bindings`);
  }
}

function lineOf(key: string, value: JsonObject | undefined): string {
  return JSON.stringify({ key, value: value ?? null });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function once(action: (text: string) => void): (text: string) => void {
  let done = false;
  return text => {
    if (!done) action(text);
    done = true;
  };
}
