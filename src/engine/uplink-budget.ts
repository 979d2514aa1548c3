/** What an uplink may carry in a month, and what it has carried (pure: the caller keeps the records). */
import type { BudgetConfig } from '../uci/types.ts';
import type { JsonObject, Octets } from './types.ts';

export interface BudgetState {
  /** Octets. */
  readonly limit: number;
  readonly used: number;
  /** Time of day, milliseconds: nothing of it is used then. */
  readonly renewedAt: number;
  readonly usedUp: boolean;
  /** The uplink is to carry nothing until then. */
  readonly closed: boolean;
}

/** Months that are remembered: the one that counts, and the one before. */
const MOST_MONTHS = 2;

/**
 * Counts by months of the local time of day. A clock that is wrong after a cold boot does no harm: an earlier time than that of
 * all months that are known changes nothing, and when it goes back to the month before, that one has its count still.
 */
export class UplinkBudget {
  readonly #config: BudgetConfig;
  /** Octets by the beginning of their months; the first one counts now. */
  #months: (readonly [start: number, used: number])[];
  /** What the device had carried, received and sent, when it was last looked at; undefined: never. */
  #counter: number | undefined;

  /**
   * @param record what {@link record} has given to an earlier life
   * @param wall time of day, milliseconds
   */
  constructor(config: BudgetConfig, record: JsonObject | undefined, wall: number) {
    this.#config = config;
    this.#months = monthsOf(record?.months);
    this.#counter = numberOf(record?.counter);
    const [first] = this.#months;
    if (first !== undefined && record?.day !== config.resetDay)
      this.#months = [[monthOf(wall, config.resetDay), first[1]]];
    this.#turn(wall);
  }

  /** @param octets of the device; undefined: there is none */
  note(octets: Octets | undefined, wall: number): void {
    this.#turn(wall);
    if (octets === undefined) return;
    const counter = octets.received + octets.sent;
    const before = this.#counter ?? counter;
    this.#counter = counter;
    const [[start, used], ...others] = this.#months as [readonly [number, number]];
    // A device that was made anew counts from 0.
    this.#months = [[start, used + (counter < before ? counter : counter - before)], ...others];
  }

  state(): BudgetState {
    const { octets: limit, resetDay, closes } = this.#config;
    const [start, used] = this.#months[0]!;
    const usedUp = used >= limit;
    return { limit, used, renewedAt: monthOf(start, resetDay, 1), usedUp, closed: usedUp && closes };
  }

  record(): JsonObject {
    return {
      day: this.#config.resetDay,
      months: this.#months,
      ...(this.#counter === undefined ? {} : { counter: this.#counter }),
    };
  }

  #turn(wall: number): void {
    const start = monthOf(wall, this.#config.resetDay);
    const known = this.#months.find(month => month[0] === start);
    const isBeforeAll = this.#months.every(month => month[0] > start);
    if (known === this.#months[0] && known !== undefined) return;
    if (known === undefined && isBeforeAll && this.#months.length > 0) return;
    const others = this.#months.filter(month => month !== known);
    this.#months = [known ?? ([start, 0] as const), ...others].slice(0, MOST_MONTHS);
  }
}

/**
 * When the month that has this time of day began, or one some months later: at midnight of that day, or of the last day of a
 * shorter month.
 */
function monthOf(wall: number, day: number, later = 0): number {
  const date = new Date(wall);
  const begin = (month: number): number => {
    const last = new Date(date.getFullYear(), month + 1, 0).getDate();
    return new Date(date.getFullYear(), month, Math.min(day, last)).getTime();
  };
  const month = date.getMonth();
  return begin((begin(month) <= wall ? month : month - 1) + later);
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

function monthsOf(value: unknown): [number, number][] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(
      (month): month is [number, number] =>
        Array.isArray(month) && month.every(each => numberOf(each) !== undefined),
    )
    .slice(0, MOST_MONTHS);
}
