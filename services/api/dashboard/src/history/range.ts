import type { Step } from '@/api/types';

/** What of the past is looked at. */
export const RANGES = ['1h', '24h', '7d', '30d', 'custom'] as const;
export type Range = (typeof RANGES)[number];

export const RANGE_NAMES: Record<Range, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  custom: 'Between two times',
};

export const STEP_MS: Record<Step, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const LENGTH_MS: Record<Exclude<Range, 'custom'>, number> = {
  '1h': STEP_MS.hour,
  '24h': STEP_MS.day,
  '7d': 7 * STEP_MS.day,
  '30d': 30 * STEP_MS.day,
};

/** More would be neither drawn nor read. */
export const MOST_POINTS = 1_500;

/** About so many make a good chart. */
const GOOD_POINTS = 24;

/** Whole steps, `to` exclusive; in epoch milliseconds. */
export interface Period {
  from: number;
  to: number;
  step: Step;
}

/** The length of a range in milliseconds; of a custom one between its ends, or null where they are no range. */
export function lengthOf(range: Range, from: number | null, to: number | null): number | null {
  if (range !== 'custom') return LENGTH_MS[range];
  return from !== null && to !== null && to > from ? to - from : null;
}

/** The steps of a metric that a range can be shown in. */
export function stepsFor(steps: Step[], length: number): Step[] {
  const fitting = steps.filter((step) => length / STEP_MS[step] <= MOST_POINTS && STEP_MS[step] <= length);
  const longest = steps.at(-1);
  return fitting.length > 0 || !longest ? fitting : [longest];
}

/** The longest step that still makes a good chart. */
export function bestStep(steps: Step[], length: number): Step | undefined {
  return steps.findLast((step) => length / STEP_MS[step] >= GOOD_POINTS) ?? steps[0];
}

/** The period of a range in whole steps. One that is not custom ends with the step that "now" is in. */
export function periodOf(step: Step, length: number, from: number | null, to: number | null, now: number): Period {
  const size = STEP_MS[step];
  if (from !== null && to !== null) {
    return { from: Math.floor(from / size) * size, to: Math.ceil(to / size) * size, step };
  }
  const end = (Math.floor(now / size) + 1) * size;
  return { from: end - Math.max(size, Math.round(length / size) * size), to: end, step };
}

/** The period of the same length just before. */
export function before({ from, to, step }: Period): Period {
  return { from: from - (to - from), to: from, step };
}

const local = (millis: number) => new Date(millis - new Date(millis).getTimezoneOffset() * 60_000);

/** For a field of date and time, which knows no time zone: as the reader's clock has it. */
export const toField = (millis: number | null) => (millis === null ? '' : local(millis).toISOString().slice(0, 16));

/** The time in such a field; null where it is empty. */
export function fromField(text: string): number | null {
  const time = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(time) ? null : time;
}

/** Which values stand between two that are missing: a line does not show them. */
export function isolated(values: (number | null)[]): number[] {
  return values.flatMap((value, i) =>
    value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? [i] : [],
  );
}
