/**
 * What the roles want remembered across a restart of the process: a file of JSON lines, one change a line. It lives
 * in a directory that a reboot empties, as the monotonic times in it demand.
 */
import type { JsonObject } from '../engine/types.ts';
import { appendText, type FileResult, readText, renameFile, writeText } from '../host/file.ts';

const SIZE_LIMIT = 64 * 1024 * 1024;
/** The file is written anew when it has more lines than this and mostly outdated ones. */
const COMPACTION_LINES = 1000;
/** Lines of the new file that are written with each change: no change waits for all of them. */
const COMPACTION_STEP = 8;

export class Journal {
  readonly #path: string;
  readonly #complain: (text: string) => void;
  /** The latest line about each key, as it stands in the file: a tenth of the memory of what it says. */
  readonly #latest = new Map<string, string>();
  /** Lines of the file. */
  #lines = 0;
  /** What the new file has not got yet, while one is being written, and its lines. */
  #rest: Iterator<string> | undefined;
  #newLines = 0;

  /** @param complain hears, once, why nothing can be remembered */
  constructor(path: string, complain: (text: string) => void) {
    this.#path = path;
    this.#complain = once(complain);
    const text = readText(path, SIZE_LIMIT);
    if (text.ok) {
      for (const line of text.value.split('\n')) {
        const entry = parseLine(line);
        if (entry !== undefined) this.#note(line, ...entry);
      }
    }
    this.#lines = this.#latest.size;
    const lines = [...this.#latest.values()].map(line => `${line}\n`);
    this.#check(writeText(path, lines.join('')));
  }

  /** All that is remembered, by key. */
  get records(): Map<string, JsonObject> {
    const records = new Map<string, JsonObject>();
    for (const [key, line] of this.#latest) {
      const value = parseLine(line)?.[1];
      if (value !== undefined) records.set(key, value);
    }
    return records;
  }

  set(key: string, value: JsonObject | undefined): void {
    const line = JSON.stringify({ key, value: value ?? null });
    this.#note(line, key, value);
    this.#lines += 1;
    this.#check(appendText(this.#path, `${line}\n`));
    if (this.#rest !== undefined) {
      this.#compact(this.#rest, line);
    } else if (this.#lines > COMPACTION_LINES && this.#lines > 4 * this.#latest.size) {
      this.#newLines = 0;
      this.#check(writeText(this.#newPath, ''));
      this.#rest = this.#latest.values();
    }
  }

  get #newPath(): string {
    return `${this.#path}.compact`;
  }

  #note(line: string, key: string, value: JsonObject | undefined): void {
    if (value === undefined) this.#latest.delete(key);
    else this.#latest.set(key, line);
  }

  /**
   * Writes a few lines more of the new file, and puts it into the place of the old one when there are no more. The change
   * at hand goes in as well: of what the file has twice, the later line counts.
   */
  #compact(rest: Iterator<string>, change: string): void {
    const lines = [change];
    let done = false;
    while (!done && lines.length <= COMPACTION_STEP) {
      const next = rest.next();
      if (next.done) done = true;
      else lines.push(next.value);
    }
    this.#newLines += lines.length;
    const written = appendText(this.#newPath, lines.map(line => `${line}\n`).join(''));
    const result = done && written.ok ? renameFile(this.#newPath, this.#path) : written;
    this.#check(result);
    if (!done && result.ok) return;
    this.#rest = undefined;
    if (result.ok) this.#lines = this.#newLines;
  }

  #check(result: FileResult<void>): void {
    if (!result.ok) this.#complain(`${this.#path}: ${result.reason}; a restart will lose the bindings`);
  }
}

/** Undefined for a line that a crash has cut short. */
function parseLine(line: string): [key: string, value: JsonObject | undefined] | undefined {
  try {
    const { key, value } = JSON.parse(line) as { key?: unknown; value?: unknown };
    return typeof key === 'string' ? [key, isObject(value) ? value : undefined] : undefined;
  } catch {
    return undefined;
  }
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
