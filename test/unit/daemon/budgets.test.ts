/** What of monthly budgets is written where, and when. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Budgets } from '../../../src/daemon/budgets.ts';
import type { Journal } from '../../../src/daemon/journal.ts';
import type { JsonObject } from '../../../src/engine/types.ts';

const FILE = '/state/budgets';
const disk = vi.hoisted(() => ({ files: new Map<string, string>(), writes: 0, full: false, boot: 'one' }));

vi.mock('../../../src/host/file.ts', () => ({
  makeDirectory: () => ({ ok: true }),
  readText: (path: string) =>
    path.startsWith('/proc')
      ? { ok: true, value: `${disk.boot}\n` }
      : { ok: disk.files.has(path), value: disk.files.get(path) },
  writeText: (path: string, text: string) => {
    if (disk.full) return { ok: false, reason: 'No space left on device' };
    disk.writes += 1;
    disk.files.set(path, text);
    return { ok: true };
  },
  renameFile: (from: string, to: string) => {
    if (disk.files.has(from)) disk.files.set(to, disk.files.get(from)!);
    disk.files.delete(from);
    return { ok: true };
  },
}));

const NOW = new Date(2026, 10, 10, 12).getTime();
const uplinks = ['lte', 'wifi'].map((name, at) => ({
  ...{ name, device: name, priority: at + 1, bid: at + 1 },
  budget: name === 'lte' ? { octets: 1_000_000, resetDay: 1, closes: true } : undefined,
}));
let records: Map<string, JsonObject>;
let changes = 0;
const complaints: string[] = [];
const journal = {
  get records() {
    return records;
  },
  set: (key: string, value: JsonObject) => {
    changes += 1;
    records.set(key, value);
  },
} as unknown as Journal;
const open = () => new Budgets('/state', journal, uplinks, NOW, text => complaints.push(text));
const device = (octets: number) => () => ({ received: octets, sent: 0 });
const used = (budgets: Budgets) => budgets.states().get('lte')!.used;

beforeEach(() => {
  disk.files.clear();
  Object.assign(disk, { writes: 0, full: false, boot: 'one' });
  records = new Map();
  changes = 0;
  complaints.length = 0;
});

describe('what uplinks have carried', () => {
  it('is counted for those with a budget, and told once when it is used up or renewed', () => {
    const budgets = open();
    expect(budgets.names).toEqual(['lte']);
    expect(budgets.count(device(0), NOW)).toEqual([]);
    expect(budgets.count(device(1_000_000), NOW)).toEqual([
      {
        level: 'warning',
        name: 'budget-used-up',
        text: 'uplink lte has used up its budget: it carries nothing until Tue Dec 01 2026',
        data: { uplink: 'lte', limit: 1_000_000 },
      },
    ]);
    expect(budgets.count(device(1_000_001), NOW)).toEqual([]);
    const [renewed, ...others] = budgets.count(device(1_000_002), new Date(2026, 11, 1).getTime());
    expect(renewed).toMatchObject({ level: 'notice', name: 'budget-renewed' });
    expect(others).toEqual([]);
  });

  it('is written to the state directory at each percent, and to the journal at each thousandth', () => {
    const budgets = open();
    for (let octets = 0; octets < 500_000; octets += 100) budgets.count(device(octets), NOW);
    expect(disk.writes).toBe(49);
    expect(changes).toBe(500);
  });

  it('survives a restart by the journal, and a reboot by the file, with what the device has carried since', () => {
    const budgets = open();
    budgets.count(device(7000), NOW);
    budgets.count(device(57_000), NOW);
    expect(used(budgets)).toBe(50_000);
    const restarted = open();
    restarted.count(device(57_500), NOW);
    expect(used(restarted)).toBe(50_500);
    restarted.write();
    records.clear();
    const withoutJournal = open();
    withoutJournal.count(device(57_600), NOW);
    expect(used(withoutJournal)).toBe(50_600);
    records.clear();
    disk.boot = 'two';
    const rebooted = open();
    rebooted.count(device(300), NOW);
    expect(used(rebooted)).toBe(50_800);
  });

  it('is taken from the file before when a power cut has spoiled the latest one', () => {
    const budgets = open();
    budgets.count(device(0), NOW);
    budgets.count(device(20_000), NOW);
    budgets.count(device(40_000), NOW);
    records.clear();
    disk.files.set(FILE, '');
    expect(used(open())).toBe(20_000);
  });

  it('that cannot be written is complained of', () => {
    disk.full = true;
    open().write();
    expect(complaints).toEqual([
      '/state/budgets: No space left on device; a reboot will lose what uplinks have carried this month',
    ]);
  });
});
