import type { Ages, GroupKey, LiveEntry } from '@/api/types';
import { keyId, keyLabel } from './key';
import { parseTime } from './time';

/** In the order of their values, with what people call them. */
export const AGE_COLUMNS: [column: keyof Ages, label: string][] = [
  ['min', 'Shortest'],
  ['p50', 'Median'],
  ['average', 'Average'],
  ['p75', '75%'],
  ['p90', '90%'],
  ['p99', '99%'],
  ['max', 'Longest'],
];

export interface StateRow {
  id: string;
  key: GroupKey;
  label: string;
  /** Whether it is that of all states together. */
  whole: boolean;
  count: number;
  ages: Ages | null;
}

/** Ages some milliseconds later: all rows grow older alike. */
export function later(ages: Ages, millis: number): Ages {
  const passed = Math.max(0, millis);
  return {
    min: ages.min + passed,
    p50: ages.p50 + passed,
    average: ages.average + passed,
    p75: ages.p75 + passed,
    p90: ages.p90 + passed,
    p99: ages.p99 + passed,
    max: ages.max + passed,
  };
}

/** How many rows are in which state and for how long, at a time of the pipeline's clock; all of them last. */
export function stateRows(entry: LiveEntry, now: number | null): StateRow[] {
  const told = parseTime(entry.to);
  const passed = now === null || told === null ? 0 : now - told;
  const grown = (ages: Ages | null | undefined) => (ages ? later(ages, passed) : null);
  const states = (entry.groups ?? []).map((group) => ({
    id: keyId(group.key),
    key: group.key,
    label: keyLabel(group.key),
    whole: false,
    count: group.value,
    ages: grown(group.ages),
  }));
  return [...states, { id: 'all', key: null, label: 'All', whole: true, count: entry.value ?? 0, ages: grown(entry.ages) }];
}
