import type { LiveEntry, LiveMessage, Point } from '@/api/types';
import { parseTime } from '@/format/time';

type Incoming = LiveMessage['metrics'][number];

/** Which entry a metric over a window is kept under. */
export function entryKey(metric: string, window: string): string {
  return `${metric}|${window}`;
}

function isPoint(point: unknown): point is Point {
  return Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1]);
}

/**
 * Merges by bucket start, the newer message winning, and drops what the window has left behind. Returns
 * `current` itself when nothing differs, so that a chart knows that it need not be drawn again.
 */
export function mergeSeries(current: Point[], changed: Point[], fromSeconds: number | null): Point[] {
  const byTime = new Map(current);
  let differs = false;
  for (const [t, value] of changed.filter(isPoint)) {
    differs ||= byTime.get(t) !== value;
    byTime.set(t, value);
  }
  if (fromSeconds !== null) {
    for (const t of byTime.keys()) {
      if (t < fromSeconds) {
        byTime.delete(t);
        differs = true;
      }
    }
  }
  return differs ? [...byTime].sort((a, b) => a[0] - b[0]) : current;
}

/** The entry after a message: scalars and groups are replaced, the series is merged. */
export function mergeEntry(current: LiveEntry | undefined, incoming: Incoming): LiveEntry {
  const from = parseTime(incoming.from);
  const fromSeconds = from === null ? null : from / 1000;
  return {
    ...incoming,
    groups: incoming.groups ?? current?.groups,
    totalGroups: incoming.totalGroups ?? current?.totalGroups,
    series: mergeSeries(current?.series ?? [], incoming.series ?? [], fromSeconds),
  };
}
