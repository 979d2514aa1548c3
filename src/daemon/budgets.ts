/**
 * Keeps the count of uplinks with a monthly budget: in the journal, which a reboot empties, and for a reboot in a file of the
 * state directory, which may be flash. That one is written at an orderly end, in a new month and with each percent of a budget:
 * some hundred times a month at most, and a power cut costs a percent.
 */
import type { EngineEvent, JsonObject, Octets } from '../engine/types.ts';
import { type BudgetState, UplinkBudget } from '../engine/uplink-budget.ts';
import { makeDirectory, readText, renameFile, writeText } from '../host/file.ts';
import type { BudgetConfig, UplinkConfig } from '../uci/types.ts';
import type { Journal } from './journal.ts';

/** In the journal: `budget/UPLINK`. */
const SCOPE = 'budget/';
/** Parts of a budget. */
const JOURNAL_STEPS = 1000;
const FILE_STEPS = 100;

type Records = { readonly [uplink: string]: JsonObject | undefined };
type Budgeted = UplinkConfig & { readonly budget: BudgetConfig };

export class Budgets {
  readonly #path: string;
  readonly #journal: Journal;
  readonly #complain: (text: string) => void;
  readonly #all = new Map<string, UplinkBudget>();
  readonly #kept: Records = {};
  /** How far the counts were when they were last remembered. */
  #journaled = '';
  #filed = '';
  #boot = '';

  /** @param complain hears why a reboot will lose the count */
  constructor(
    directory: string,
    journal: Journal,
    uplinks: readonly UplinkConfig[],
    wall: number,
    complain: (text: string) => void,
  ) {
    this.#path = `${directory}/budgets`;
    this.#journal = journal;
    this.#complain = complain;
    const budgeted = uplinks.filter((uplink): uplink is Budgeted => uplink.budget !== undefined);
    if (budgeted.length === 0) return;
    this.#boot = bootId();
    makeDirectory(directory);
    // A power cut may have left the latest one empty.
    this.#kept = readRecords(this.#path) ?? readRecords(this.#older) ?? {};
    const { records } = journal;
    for (const { name, budget } of budgeted) {
      const record = records.get(SCOPE + name) ?? this.#sinceBoot(this.#kept[name]);
      this.#all.set(name, new UplinkBudget(budget, record, wall));
    }
    this.#filed = this.#progress(FILE_STEPS);
  }

  get names(): string[] {
    return [...this.#all.keys()];
  }

  states(): Map<string, BudgetState> {
    return new Map([...this.#all].map(([name, budget]) => [name, budget.state()]));
  }

  /**
   * @param octetsOf what the device of an uplink has carried
   * @returns which budgets are used up since, or renewed
   */
  count(octetsOf: (uplink: string) => Octets | undefined, wall: number): EngineEvent[] {
    const events: EngineEvent[] = [];
    for (const [name, budget] of this.#all) {
      const before = budget.state().usedUp;
      budget.note(octetsOf(name), wall);
      const after = budget.state();
      if (after.usedUp !== before) events.push(eventOf(name, after));
    }
    if (this.#progress(JOURNAL_STEPS) !== this.#journaled) this.remember();
    if (this.#progress(FILE_STEPS) !== this.#filed) this.write();
    return events;
  }

  /** For a restart of the process. */
  remember(): void {
    this.#journaled = this.#progress(JOURNAL_STEPS);
    for (const [name, budget] of this.#all) this.#journal.set(SCOPE + name, budget.record());
  }

  /** For a reboot. */
  write(): void {
    if (this.#all.size === 0) return;
    this.#filed = this.#progress(FILE_STEPS);
    const records = [...this.#all].map(([name, budget]) => [name, { ...budget.record(), boot: this.#boot }]);
    renameFile(this.#path, this.#older);
    const text = JSON.stringify({ ...this.#kept, ...Object.fromEntries(records) });
    const result = writeText(this.#path, text);
    if (!result.ok)
      this.#complain(
        `${this.#path}: ${result.reason}; a reboot will lose what uplinks have carried this month`,
      );
  }

  /** The devices of a machine that has been started since count from 0. */
  #sinceBoot(record: JsonObject | undefined): JsonObject | undefined {
    return record === undefined || record.boot === this.#boot ? record : { ...record, counter: 0 };
  }

  get #older(): string {
    return `${this.#path}.old`;
  }

  #progress(steps: number): string {
    const states = [...this.#all.values()].map(budget => budget.state());
    return states
      .map(({ used, limit, renewedAt }) => `${renewedAt} ${Math.floor((used / limit) * steps)}`)
      .join();
  }
}

function eventOf(uplink: string, { usedUp, closed, limit, renewedAt }: BudgetState): EngineEvent {
  const until = new Date(renewedAt).toDateString();
  const left = closed ? 'nothing' : 'only what no other uplink can';
  return {
    level: usedUp ? 'warning' : 'notice',
    name: usedUp ? 'budget-used-up' : 'budget-renewed',
    text: usedUp
      ? `uplink ${uplink} has used up its budget: it carries ${left} until ${until}`
      : `the budget of uplink ${uplink} is renewed, until ${until}`,
    data: { uplink, limit },
  };
}

function readRecords(path: string): Records | undefined {
  const text = readText(path);
  try {
    return text.ok ? (JSON.parse(text.value) as Records) : undefined;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  const text = readText('/proc/sys/kernel/random/boot_id');
  return text.ok ? text.value.trim() : '';
}
