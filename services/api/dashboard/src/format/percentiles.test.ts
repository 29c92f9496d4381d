import { describe, expect, it } from 'vitest';
import type { Percentiles } from '@/api/types';
import { COLUMNS, percentileRows } from './percentiles';

const numbers = (p50: number): Percentiles => ({ count: 3, min: 1, p50, average: 4, p75: 5, p90: 6, p95: 7, p99: 8, max: 9 });

describe('a table of percentiles', () => {
  it('has all together first, then the groups as they are ranked', () => {
    const rows = percentileRows({
      percentiles: numbers(2),
      groups: [
        { key: '/b', value: 7, percentiles: numbers(7) },
        { key: null, value: 1, percentiles: numbers(1) },
      ],
    });
    expect(rows.map((row) => [row.label, row.whole, row.numbers.p50])).toEqual([
      ['All', true, 2],
      ['/b', false, 7],
      ['(none)', false, 1],
    ]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(3);
  });

  it('has one row without groups and none before the first answer', () => {
    expect(percentileRows({ percentiles: numbers(2) })).toHaveLength(1);
    expect(percentileRows({})).toEqual([]);
  });

  it('shows every number but the count in a column of its own', () => {
    const shown = COLUMNS.map(([column]) => column);
    expect([...shown, 'count'].sort()).toEqual(Object.keys(numbers(1)).sort());
  });
});
