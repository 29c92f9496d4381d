import { describe, expect, it } from 'vitest';
import type { LiveEntry, Point } from '@/api/types';
import { mergeEntry, mergeSeries } from './merge';

const T = 1_700_000_040;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

describe('a series', () => {
  const current: Point[] = [[T, 1], [T + 60, 2], [T + 120, 3]];

  it('takes the newer value of a bucket and appends new ones in order', () => {
    expect(mergeSeries(current, [[T + 180, 9], [T + 120, 4]], T)).toEqual([[T, 1], [T + 60, 2], [T + 120, 4], [T + 180, 9]]);
  });

  it('drops what the moving window has left behind', () => {
    expect(mergeSeries(current, [[T + 180, 5]], T + 60)).toEqual([[T + 60, 2], [T + 120, 3], [T + 180, 5]]);
  });

  it('drops old points even when no point is new', () => {
    expect(mergeSeries(current, [], T + 120)).toEqual([[T + 120, 3]]);
  });

  it('is the same array when nothing differs', () => {
    expect(mergeSeries(current, [[T + 60, 2]], T)).toBe(current);
  });

  it('keeps everything of a window without a start', () => {
    expect(mergeSeries(current, [], null)).toBe(current);
  });

  it('leaves out what is no point', () => {
    const broken = [[T, null], [null, 4], 'x'] as unknown as Point[];
    expect(mergeSeries(current, broken, T)).toBe(current);
  });
});

describe('an entry', () => {
  const before: LiveEntry = {
    metric: 'views', window: '15m', from: iso(T), to: iso(T + 900), value: 10, previous: 4,
    groups: [{ key: '/', value: 10, previous: 4 }], totalGroups: 1, series: [[T, 4], [T + 60, 6]],
  };

  it('replaces the numbers and groups and merges the series', () => {
    const after = mergeEntry(before, {
      metric: 'views', window: '15m', from: iso(T + 60), to: iso(T + 960), value: 8, previous: 5,
      groups: [{ key: '/a', value: 8, previous: 1 }], totalGroups: 1, series: [[T + 120, 2]],
    });
    expect(after.value).toBe(8);
    expect(after.groups).toEqual([{ key: '/a', value: 8, previous: 1 }]);
    expect(after.series).toEqual([[T + 60, 6], [T + 120, 2]]);
  });

  it('keeps the groups when a message has none', () => {
    const bare = { ...before, groups: undefined, totalGroups: undefined, series: undefined };
    expect(mergeEntry(before, bare)).toEqual(before);
  });

  it('starts from nothing', () => {
    expect(mergeEntry(undefined, { metric: 'm', window: 'all', from: null, to: iso(T), value: 3 }).series).toEqual([]);
  });
});
