import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import type { Point } from '@/api/types';
import { formatExact, formatTick, formatValue } from '@/format/number';
import { formatBucket } from '@/format/time';
import { cn } from '@/lib/cn';
import { getTheme, subscribe } from '@/theme/theme';
import { chartOptions } from './options';
import { bucketSeconds, toColumns } from './series';

interface Props {
  /** What the chart shows, for screen readers. */
  label: string;
  points: Point[];
  unit: string | null;
  /** The pipeline's clock in epoch milliseconds: a bucket ending after it is still being filled. */
  now?: () => number | null;
  axes?: boolean;
  curved?: boolean;
  /** Seconds shown up to the latest point; as far as the points go unless given. */
  span?: number;
  /** Must give the chart its height. */
  className: string;
  format?: (value: number) => string;
}

interface Readout {
  left: number;
  value: number;
  time: string;
}

const HALF_READOUT_PX = 56;

function seconds(now: Props['now']): number | null {
  const millis = now?.() ?? null;
  return millis === null ? null : millis / 1000;
}

function summary(label: string, points: Point[], unit: string | null): string {
  if (points.length === 0) return `${label}: no points`;
  const values = points.map(([, value]) => value);
  const [latest, highest] = [values.at(-1), Math.max(...values)].map((value) => formatExact(value, unit));
  return `${label}: ${points.length} points, latest ${latest}, highest ${highest}`;
}

/** A live area chart; hover it, or focus it and press the arrow keys, to read a bucket. */
export function SeriesChart(props: Props) {
  const { label, points, unit, now, axes = false, curved = true, span = null, className, format } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(points);
  const theme = useSyncExternalStore(subscribe, getTheme);
  const [readout, setReadout] = useState<Readout | null>(null);

  useLayoutEffect(() => {
    latest.current = points;
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const bucket = () => bucketSeconds(latest.current);
    const read = (plot: uPlot) => {
      const point = plot.cursor.idx == null ? undefined : latest.current[plot.cursor.idx];
      const hovered = point && (plot.cursor.left ?? -1) >= 0;
      const left = hovered ? plot.valToPos(point[0], 'x') + plot.bbox.left / devicePixelRatio : 0;
      const time = hovered && formatBucket(point[0], bucket());
      const unfinished = plot.cursor.idx != null && plot.data[1]?.[plot.cursor.idx] == null;
      setReadout(time ? { left, value: point[1], time: unfinished ? `${time}, so far` : time } : null);
    };
    const options = chartOptions({
      width: element.clientWidth || 300,
      height: element.clientHeight || 100,
      axes,
      curved,
      span,
      bucket,
      tick: (value) => (format ? format(value) : formatTick(value, unit)),
      readout: read,
    });
    const plot = new uPlot(options, toColumns(latest.current, seconds(now)), element);
    chart.current = plot;
    const resize = new ResizeObserver(([entry]) => {
      const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
      const size = { width: Math.floor(width), height: Math.floor(height) };
      if (width > 0 && height > 0 && (size.width !== plot.width || size.height !== plot.height)) plot.setSize(size);
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [theme, axes, curved, span, unit, format, now]);

  useEffect(() => {
    chart.current?.setData(toColumns(points, seconds(now)));
  }, [points, now]);

  const step = (by: number) => {
    const plot = chart.current;
    const times = plot?.data[0];
    if (!plot || !times?.length) return;
    const index = Math.min(times.length - 1, Math.max(0, (plot.cursor.idx ?? times.length) + by));
    plot.setCursor({ left: plot.valToPos(times[index] as number, 'x'), top: 0 });
  };

  return (
    <div
      ref={host}
      role="img"
      aria-label={summary(label, points, unit)}
      tabIndex={axes ? 0 : undefined}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        step(by);
      }}
      onBlur={() => chart.current?.setCursor({ left: -10, top: -10 })}
      className={cn('relative min-w-0 rounded-md', className)}
    >
      {readout && (
        <div
          className="pointer-events-none absolute top-0 z-10 rounded-md bg-ink px-2 py-1 text-center text-xs whitespace-nowrap text-page shadow-float"
          style={{
            left: `clamp(${HALF_READOUT_PX}px, ${readout.left}px, calc(100% - ${HALF_READOUT_PX}px))`,
            transform: axes ? 'translate(-50%, 0)' : 'translate(-50%, -70%)',
          }}
        >
          <span className="font-medium">{format ? format(readout.value) : formatValue(readout.value, unit)}</span>
          <span className="ml-1.5 opacity-65">{readout.time}</span>
        </div>
      )}
    </div>
  );
}
