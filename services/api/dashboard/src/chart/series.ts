import type { Point } from '@/api/types';

/** Columns for the chart: times, finished buckets, and the bucket still being filled with the one before it. */
export type Columns = [times: number[], finished: (number | null)[], current: (number | null)[]];

const DEFAULT_BUCKET_SECONDS = 60;

/** Width of a bucket in seconds: the smallest step between two points. */
export function bucketSeconds(points: Point[]): number {
  let smallest = Infinity;
  for (let i = 1; i < points.length; i++) {
    smallest = Math.min(smallest, (points[i] as Point)[0] - (points[i - 1] as Point)[0]);
  }
  return Number.isFinite(smallest) && smallest > 0 ? smallest : DEFAULT_BUCKET_SECONDS;
}

/** Splits off the last bucket when it ends after `nowSeconds`: it is drawn apart, for it will still grow. */
export function toColumns(points: Point[], nowSeconds: number | null): Columns {
  const times = points.map(([t]) => t);
  const values = points.map(([, value]) => value);
  const last = times.at(-1);
  const unfinished = last !== undefined && nowSeconds !== null && last + bucketSeconds(points) > nowSeconds;
  if (!unfinished || points.length < 2) return [times, values, values.map(() => null)];
  const end = points.length - 1;
  return [
    times,
    values.map((value, i) => (i === end ? null : value)),
    values.map((value, i) => (i >= end - 1 ? value : null)),
  ];
}
