import type { LiveEntry, Percentiles } from '@/api/types';
import { keyId, keyLabel } from './key';

type Column = Exclude<keyof Percentiles, 'count'>;

/** In the order of their values, with what people call them. */
export const COLUMNS: [column: Column, label: string][] = [
  ['min', 'Least'],
  ['p50', 'Median'],
  ['average', 'Average'],
  ['p75', '75%'],
  ['p90', '90%'],
  ['p95', '95%'],
  ['p99', '99%'],
  ['max', 'Most'],
];

export interface PercentileRow {
  id: string;
  label: string;
  /** Whether it is that of all groups together. */
  whole: boolean;
  numbers: Percentiles;
}

/** The rows of a table: all together first, then the groups in the order of the entry. */
export function percentileRows(entry: Pick<LiveEntry, 'percentiles' | 'groups'>): PercentileRow[] {
  const groups = (entry.groups ?? []).flatMap((group) =>
    group.percentiles ? [{ id: keyId(group.key), label: keyLabel(group.key), whole: false, numbers: group.percentiles }] : [],
  );
  return entry.percentiles ? [{ id: 'all', label: 'All', whole: true, numbers: entry.percentiles }, ...groups] : groups;
}
