import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal } from '../../../src/daemon/journal.ts';
import { seed } from '../wire/seed.ts';

const PATH = '/run/journal';
/** The file system, and what was written to it since a test looked. */
const disk = vi.hoisted(() => ({ files: new Map<string, string>(), written: 0, full: false }));

vi.mock('../../../src/host/file.ts', () => {
  const put = (path: string, text: string, before = '') => {
    disk.written += text.length;
    if (disk.full) return { ok: false, reason: 'No space left on device' };
    disk.files.set(path, before + text);
    return { ok: true, value: undefined };
  };
  return {
    readText: (path: string) => ({ ok: disk.files.has(path), value: disk.files.get(path) }),
    writeText: (path: string, text: string) => put(path, text),
    appendText: (path: string, text: string) => put(path, text, disk.files.get(path)),
    renameFile: (from: string, to: string) => {
      disk.files.set(to, disk.files.get(from)!);
      disk.files.delete(from);
      return { ok: true, value: undefined };
    },
  };
});

beforeEach(() => {
  disk.files.clear();
  disk.full = false;
});

const complaints: string[] = [];
const open = () => new Journal(PATH, text => complaints.push(text));
const lines = () => disk.files.get(PATH)!.split('\n').length - 1;

describe('the journal', () => {
  it('has after a crash at any moment what was set before it, whatever was being compacted', () => {
    const anyChanges = fc.array(
      fc.record({ key: fc.nat({ max: 40 }), value: fc.option(fc.nat(), { nil: undefined }) }),
      { minLength: 1100, maxLength: 1300 },
    );
    fc.assert(
      fc.property(anyChanges, changes => {
        disk.files.clear();
        const journal = open();
        const expected = new Map<string, { value: number }>();
        for (const [at, { key, value }] of changes.entries()) {
          journal.set(`k${key}`, value === undefined ? undefined : { value });
          if (value === undefined) expected.delete(`k${key}`);
          else expected.set(`k${key}`, { value });
          // Before, while and after it is written anew.
          if (at > 990 && at < 1015) {
            const torn = `${disk.files.get(PATH)}{"key":"k1","va`;
            const files = new Map(disk.files);
            disk.files.set(PATH, torn);
            expect(open().records).toEqual(expected);
            disk.files.clear();
            for (const [path, text] of files) disk.files.set(path, text);
          }
        }
        expect(journal.records).toEqual(expected);
        expect(lines()).toBeLessThan(1000);
      }),
      { seed, numRuns: 20 },
    );
  });

  it('lets no change wait for all the others: each writes a few lines only, and the file stays small', () => {
    const nodes = 5000;
    const journal = open();
    for (let node = 0; node < nodes; node++) journal.set(`node/${node}`, { bindings: [] });
    let most = 0;
    for (let change = 0; change < 10 * nodes; change++) {
      disk.written = 0;
      journal.set(`node/${(change * 7) % nodes}`, { bindings: [change] });
      most = Math.max(most, disk.written);
    }
    expect(most).toBeLessThan(11 * 60);
    expect(lines()).toBeLessThan(5 * nodes);
    expect(open().records.size).toBe(nodes);
  });

  it('complains once when it cannot write, and goes on when it can', () => {
    const journal = open();
    complaints.length = 0;
    disk.full = true;
    for (let change = 0; change < 2000; change++) journal.set('k', { change });
    expect(complaints).toEqual([`${PATH}: No space left on device; a restart will lose the bindings`]);
    disk.full = false;
    for (let change = 0; change < 100; change++) journal.set('k', { change });
    expect(open().records).toEqual(new Map([['k', { change: 99 }]]));
  });
});
