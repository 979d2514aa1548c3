/** Monthly budgets: months, counters and clocks. Dates are local time, whatever that is. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/engine/types.ts';
import { UplinkBudget } from '../../../src/engine/uplink-budget.ts';

const date = (year: number, month: number, day: number, hour = 12) =>
  new Date(year, month - 1, day, hour).getTime();
const config = { octets: 1000, resetDay: 1, closes: false };
const carried = (received: number, sent = 0) => ({ received, sent });

/** A budget that has counted 300 octets in November. */
function november(): UplinkBudget {
  const budget = new UplinkBudget(config, undefined, date(2026, 11, 10));
  budget.note(carried(5000, 1000), date(2026, 11, 10));
  budget.note(carried(5100, 1200), date(2026, 11, 10));
  return budget;
}

describe('a monthly budget', () => {
  it('counts both directions, from the first look at the device on', () => {
    expect(november().state()).toEqual({
      limit: 1000,
      used: 300,
      renewedAt: date(2026, 12, 1, 0),
      usedUp: false,
      closed: false,
    });
  });

  it('is used up when the device has carried it', () => {
    const budget = new UplinkBudget({ ...config, closes: true }, november().record(), date(2026, 11, 11));
    budget.note(carried(5100, 1899), date(2026, 11, 11));
    expect(budget.state()).toMatchObject({ used: 999, usedUp: false, closed: false });
    budget.note(carried(5101, 1899), date(2026, 11, 11));
    expect(budget.state()).toMatchObject({ used: 1000, usedUp: true, closed: true });
  });

  it('begins anew at midnight of its day, or of the last one of a shorter month', () => {
    const budget = november();
    budget.note(carried(5100, 1200), date(2026, 12, 1, 0) - 1);
    expect(budget.state().used).toBe(300);
    budget.note(carried(5100, 1207), date(2026, 12, 1, 0));
    expect(budget.state()).toMatchObject({ used: 7, renewedAt: date(2027, 1, 1, 0) });
    const ends = [date(2027, 1, 31), date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 30)].map(
      wall => new UplinkBudget({ ...config, resetDay: 31 }, undefined, wall).state().renewedAt,
    );
    expect(ends).toEqual([
      date(2027, 2, 28, 0),
      date(2027, 2, 28, 0),
      date(2027, 3, 31, 0),
      date(2027, 3, 31, 0),
    ]);
  });

  it('goes on where it was: after a restart with what went by meanwhile, with a new device from nothing', () => {
    const restarted = new UplinkBudget(config, november().record(), date(2026, 11, 11));
    expect(restarted.state().used).toBe(300);
    restarted.note(carried(5150, 1200), date(2026, 11, 11));
    expect(restarted.state().used).toBe(350);
    restarted.note(undefined, date(2026, 11, 11));
    restarted.note(carried(20), date(2026, 11, 11));
    expect(restarted.state().used).toBe(370);
  });

  it('loses nothing by a clock that is behind after a cold boot, or wrong for a while', () => {
    const booted = new UplinkBudget(config, { ...november().record(), counter: 0 }, date(1970, 1, 2));
    booted.note(carried(40), date(1970, 1, 2));
    expect(booted.state()).toMatchObject({ used: 340, renewedAt: date(2026, 12, 1, 0) });
    booted.note(carried(50), date(2026, 11, 11));
    expect(booted.state().used).toBe(350);
    booted.note(carried(51), date(2038, 1, 19));
    expect(booted.state()).toMatchObject({ used: 1, renewedAt: date(2038, 2, 1, 0) });
    booted.note(carried(53), date(2026, 11, 11));
    expect(booted.state()).toMatchObject({ used: 352, renewedAt: date(2026, 12, 1, 0) });
    booted.note(carried(60), date(2026, 12, 2));
    expect(booted.state()).toMatchObject({ used: 7, renewedAt: date(2027, 1, 1, 0) });
  });

  it('keeps its count when the day is changed', () => {
    const moved = new UplinkBudget({ ...config, resetDay: 20 }, november().record(), date(2026, 11, 25));
    expect(moved.state()).toMatchObject({ used: 300, renewedAt: date(2026, 12, 20, 0) });
  });

  it.each<JsonObject>([
    {},
    { day: 1, months: 'x', counter: -1 },
    { day: 1, months: [[1], ['a', 2], null, [3, -4]], counter: null },
  ])('begins anew with a record that makes no sense: %j', record => {
    const budget = new UplinkBudget(config, record, date(2026, 11, 10));
    budget.note(carried(500), date(2026, 11, 10));
    expect(budget.state()).toMatchObject({ used: 0, renewedAt: date(2026, 12, 1, 0) });
  });
});
