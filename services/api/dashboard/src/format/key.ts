import type { GroupKey, Metric } from '@/api/types';

const NONE = '(none)';

/** A group as people read it; a missing field reads "(none)". */
export function keyLabel(key: GroupKey): string {
  if (Array.isArray(key)) return key.map((part) => part ?? NONE).join(' · ');
  if (key === null) return NONE;
  return key === '' ? '(empty)' : key;
}

/** Distinct for distinct groups: a missing field is neither the text "null" nor "(none)". */
export function keyId(key: GroupKey): string {
  return JSON.stringify(key);
}

/** What a metric measures, in its own terms: "unique user_id", "sum of bytes", "count". */
export function measureLabel(metric: Metric): string {
  if (metric.formula) return metric.formula;
  if (metric.key) return `newest of each ${metric.key}`;
  if (!metric.of) return metric.measure;
  if (metric.approximate) return `unique ${metric.of}, estimated`;
  return metric.measure === 'unique' ? `unique ${metric.of}` : `${metric.measure} of ${metric.of}`;
}
