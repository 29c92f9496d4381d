import { describe, expect, it } from 'vitest';
import { bucketSeconds, toColumns } from './series';

describe('a chart', () => {
  it('finds the width of a bucket, also over a gap', () => {
    expect(bucketSeconds([[0, 1], [300, 1], [360, 1]])).toBe(60);
    expect(bucketSeconds([[5, 1]])).toBe(60);
  });

  it('draws the bucket that is still being filled apart', () => {
    expect(toColumns([[0, 1], [60, 2], [120, 3]], 130)).toEqual([[0, 60, 120], [1, 2, null], [null, 2, 3]]);
  });

  it('draws a finished bucket with the others', () => {
    expect(toColumns([[0, 1], [60, 2]], 120)).toEqual([[0, 60], [1, 2], [null, null]]);
    expect(toColumns([[0, 1], [60, 2]], null)).toEqual([[0, 60], [1, 2], [null, null]]);
  });

  it('draws nothing of nothing', () => {
    expect(toColumns([], 10)).toEqual([[], [], []]);
  });
});
