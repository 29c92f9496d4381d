import { describe, expect, it } from 'vitest';
import type { Ages, LiveEntry } from '@/api/types';
import { AGE_COLUMNS, later, stateRows } from './ages';

const ages = (min: number): Ages => ({ min, p50: min + 1, average: min + 2, p75: min + 3, p90: min + 4, p99: min + 5, max: min + 6 });
const NOON = Date.parse('2026-01-01T12:00:00Z');

const entry: LiveEntry = {
  metric: 'couriers', window: 'all', from: null, to: '2026-01-01T12:00:00Z', value: 5, series: [], ages: ages(100), limit: 10, dropped: 0,
  groups: [
    { key: 'busy', value: 4, ages: ages(100) },
    { key: null, value: 1, ages: ages(7_000) },
  ],
};

describe('rows by their state', () => {
  it('are told with all of them last', () => {
    expect(stateRows(entry, NOON).map((row) => [row.label, row.count, row.whole, row.ages?.min])).toEqual([
      ['busy', 4, false, 100],
      ['(none)', 1, false, 7_000],
      ['All', 5, true, 100],
    ]);
  });

  it('grow older while nothing of them changes, and never younger', () => {
    expect(stateRows(entry, NOON + 2_500)[0]?.ages).toEqual(later(ages(100), 2_500));
    expect(stateRows(entry, NOON + 2_500)[0]?.ages?.max).toBe(2_606);
    expect(stateRows(entry, NOON - 9_000)[0]?.ages).toEqual(ages(100));
    expect(stateRows(entry, null)[0]?.ages).toEqual(ages(100));
  });

  it('have no ages where there are no rows', () => {
    const none = { ...entry, value: 0, ages: null, groups: undefined };
    expect(stateRows(none, NOON)).toEqual([{ id: 'all', key: null, label: 'All', whole: true, count: 0, ages: null }]);
  });

  it('show every age in a column of its own', () => {
    expect(AGE_COLUMNS.map(([column]) => column).sort()).toEqual(Object.keys(ages(1)).sort());
  });
});
