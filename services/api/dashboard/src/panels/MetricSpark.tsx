import type { LiveEntry } from '@/api/types';
import { SeriesChart } from '@/chart/SeriesChart';
import { parseTime } from '@/format/time';
import { windowName } from '@/format/window';
import { usePulse } from '@/live/hooks';

interface Props {
  title: string;
  entry: LiveEntry | undefined;
  unit: string | null;
  height: number;
  className?: string;
}

/** The course of a metric over its window, small. A window without buckets leaves the place empty. */
export function MetricSpark({ title, entry, unit, height, className }: Props) {
  const pulse = usePulse();
  return (
    <div className={className} style={{ height }}>
      {entry && entry.series.length > 1 && (
        <SeriesChart
          label={`${title}, ${windowName(entry.window)}`}
          points={entry.series}
          unit={unit}
          now={parseTime(pulse?.now)}
          height={height}
        />
      )}
    </div>
  );
}
