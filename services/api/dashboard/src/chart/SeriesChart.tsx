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
  now: number | null;
  height: number;
  axes?: boolean;
  curved?: boolean;
  className?: string;
  format?: (value: number) => string;
}

interface Readout {
  left: number;
  value: number;
  time: string;
}

const HALF_READOUT_PX = 56;

function summary(label: string, points: Point[], unit: string | null): string {
  if (points.length === 0) return `${label}: no points`;
  const values = points.map(([, value]) => value);
  const [latest, highest] = [values.at(-1), Math.max(...values)].map((value) => formatExact(value, unit));
  return `${label}: ${points.length} points, latest ${latest}, highest ${highest}`;
}

/** A live area chart; hover it, or focus it and press the arrow keys, to read a bucket. */
export function SeriesChart({ label, points, unit, now, height, axes = false, curved = true, className, format }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef({ points, now });
  const theme = useSyncExternalStore(subscribe, getTheme);
  const [readout, setReadout] = useState<Readout | null>(null);

  useLayoutEffect(() => {
    latest.current = { points, now };
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const bucket = () => bucketSeconds(latest.current.points);
    const read = (plot: uPlot) => {
      const point = plot.cursor.idx == null ? undefined : latest.current.points[plot.cursor.idx];
      const hovered = point && (plot.cursor.left ?? -1) >= 0;
      const left = hovered ? plot.valToPos(point[0], 'x') + plot.bbox.left / devicePixelRatio : 0;
      setReadout(hovered ? { left, value: point[1], time: formatBucket(point[0], bucket()) } : null);
    };
    const options = chartOptions({
      width: element.clientWidth || 300,
      height,
      axes,
      curved,
      bucket,
      tick: (value) => (format ? format(value) : formatTick(value, unit)),
      readout: read,
    });
    const { points: first, now: at } = latest.current;
    const plot = new uPlot(options, toColumns(first, at === null ? null : at / 1000), element);
    chart.current = plot;
    const resize = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0 && width !== plot.width) plot.setSize({ width, height });
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [theme, height, axes, curved, unit, format]);

  useEffect(() => {
    chart.current?.setData(toColumns(points, now === null ? null : now / 1000));
    // The clock alone moves no line; the next point does.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [points]);

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
      style={{ height }}
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
