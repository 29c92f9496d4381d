import type { LiveEntry } from '@/api/types';
import { SeriesChart } from '@/chart/SeriesChart';
import { windowName } from '@/format/window';
import { cn } from '@/lib/cn';
import { pipelineNow } from '@/live/hooks';

interface Props {
  title: string;
  entry: LiveEntry | undefined;
  unit: string | null;
  /** Must give the height. */
  className: string;
}

/** The course of a metric over its window, small. A window without buckets leaves the place empty. */
export function MetricSpark({ title, entry, unit, className }: Props) {
  if (!entry || entry.series.length < 2) return <div aria-hidden className={className} />;
  return (
    <SeriesChart
      label={`${title}, ${windowName(entry.window)}`}
      points={entry.series}
      unit={unit}
      now={pipelineNow}
      className={cn('fade-left', className)}
    />
  );
}
