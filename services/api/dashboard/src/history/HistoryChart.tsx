import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import { axes, fade, snapToPoint, token } from '@/chart/options';
import { formatExact, formatTick, formatValue, MISSING } from '@/format/number';
import { isolated } from '@/history/range';
import { getTheme, subscribe } from '@/theme/theme';

interface Props {
  /** What the chart shows, for screen readers. */
  label: string;
  /** Epoch seconds of each step. */
  times: number[];
  values: (number | null)[];
  /** Of the period before, step by step. */
  previous: (number | null)[];
  unit: string | null;
  stepSeconds: number;
  formatTime: (epochSeconds: number) => string;
}

interface Readout {
  left: number;
  index: number;
}

const HALF_READOUT_PX = 96;

function summary(label: string, values: (number | null)[], unit: string | null): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${label}: nothing is known`;
  return `${label}: ${known.length} points, lowest ${formatExact(Math.min(...known), unit)}, highest ${formatExact(Math.max(...known), unit)}`;
}

/** A period, and the one before as a thin line; hover it, or focus it and press the arrow keys, to read a step. */
export function HistoryChart({ label, times, values, previous, unit, stepSeconds, formatTime }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const theme = useSyncExternalStore(subscribe, getTheme);
  const [readout, setReadout] = useState<Readout | null>(null);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const line = token('--chart-line');
    const alone = (of: (number | null)[]) => ({ show: true, size: 7, filter: () => isolated(of) });
    const least = Math.min(0, ...[...values, ...previous].filter((value) => value !== null));
    const options: uPlot.Options = {
      width: element.clientWidth || 300,
      height: element.clientHeight || 100,
      padding: [12, 22, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        move: snapToPoint,
        points: { size: 8, width: 2, stroke: token('--surface'), fill: line },
      },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: true },
        y: { range: (_, __, max) => [least * 1.12, Number.isFinite(max) && max > 0 ? max * 1.12 : 1] },
      },
      axes: axes({ tick: (value) => formatTick(value, unit), bucket: () => stepSeconds }).map((axis, i) =>
        i === 0 ? { ...axis, values: (_, splits) => splits.map(formatTime) } : axis,
      ),
      series: [
        {},
        { stroke: token('--muted'), width: 1.5, dash: [4, 4], points: alone(previous) },
        { stroke: line, width: 2, fill: fade('--chart-fill-top'), points: { ...alone(values), fill: line } },
      ],
      hooks: {
        setCursor: [
          (plot) => {
            const index = plot.cursor.idx;
            const time = index == null ? undefined : times[index];
            setReadout(
              index == null || time === undefined || (plot.cursor.left ?? -1) < 0
                ? null
                : { index, left: plot.valToPos(time, 'x') + plot.bbox.left / devicePixelRatio },
            );
          },
        ],
      },
    };
    const plot = new uPlot(options, [times, previous, values], element);
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
      setReadout(null);
    };
  }, [theme, times, values, previous, unit, stepSeconds, formatTime]);

  const move = (by: number) => {
    const plot = chart.current;
    if (!plot || times.length === 0) return;
    const index = Math.min(times.length - 1, Math.max(0, (plot.cursor.idx ?? times.length) + by));
    plot.setCursor({ left: plot.valToPos(times[index] as number, 'x'), top: 0 });
  };

  const time = readout && times[readout.index];
  const text = (value: number | null | undefined) => (value == null ? MISSING : formatValue(value, unit));
  return (
    <div
      ref={host}
      role="img"
      aria-label={summary(label, values, unit)}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        move(by);
      }}
      onBlur={() => chart.current?.setCursor({ left: -10, top: -10 })}
      data-testid="history-chart"
      className="relative h-64 min-w-0 rounded-md sm:h-80"
    >
      {readout && time != null && (
        <div
          data-testid="history-readout"
          className="pointer-events-none absolute top-0 z-10 -translate-x-1/2 rounded-md bg-ink px-2.5 py-1.5 text-xs whitespace-nowrap text-page shadow-float"
          style={{ left: `clamp(${HALF_READOUT_PX}px, ${readout.left}px, calc(100% - ${HALF_READOUT_PX}px))` }}
        >
          <p className="opacity-65">{formatTime(time)}</p>
          <p className="font-medium">{text(values[readout.index])}</p>
          <p className="opacity-65">before: {text(previous[readout.index])}</p>
        </div>
      )}
    </div>
  );
}
