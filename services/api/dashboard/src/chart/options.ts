import uPlot from 'uplot';
import { formatBucket } from '@/format/time';

export interface ChartStyle {
  width: number;
  height: number;
  axes: boolean;
  curved: boolean;
  /** Seconds shown up to the latest point; null for as far as the points go. */
  span: number | null;
  bucket: () => number;
  tick: (value: number) => string;
  readout: (chart: uPlot) => void;
}

const FONT = "11px 'Geist Variable', system-ui, sans-serif";

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Fades from the given colour towards the baseline. */
export function fade(from: string): uPlot.Series.Fill {
  return (chart) => {
    const { top, height } = chart.bbox;
    if (!(height > 0)) return 'transparent';
    const gradient = chart.ctx.createLinearGradient(0, top, 0, top + height);
    gradient.addColorStop(0, token(from));
    gradient.addColorStop(1, token('--chart-fill-bottom'));
    return gradient;
  };
}

/** The cursor stands on a bucket, not between two. */
export function snapToPoint(chart: uPlot, left: number, top: number): [number, number] {
  const time = left < 0 ? undefined : chart.data[0][chart.posToIdx(left)];
  return [time === undefined ? left : chart.valToPos(time, 'x'), top];
}

export function axes({ tick, bucket }: Pick<ChartStyle, 'tick' | 'bucket'>): uPlot.Axis[] {
  const shared: uPlot.Axis = {
    stroke: token('--muted'),
    font: FONT,
    grid: { stroke: token('--chart-grid'), width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...shared,
      grid: { show: false },
      size: 30,
      gap: 10,
      space: 84,
      values: (_, splits) => splits.map((t) => formatBucket(t, bucket())),
    },
    {
      ...shared,
      gap: 8,
      size: (_, values) => 20 + 6.5 * Math.max(0, ...(values ?? []).map((text) => text.length)),
      values: (_, splits) => splits.map(tick),
    },
  ];
}

/** Options of an area chart from zero up, the bucket still being filled dashed. */
export function chartOptions(style: ChartStyle): uPlot.Options {
  const line = token('--chart-line');
  const paths = style.curved ? uPlot.paths.spline?.() : uPlot.paths.linear?.();
  const area: uPlot.Series = { stroke: line, width: style.axes ? 2 : 1.5, fill: fade('--chart-fill-top'), paths, points: { show: false } };
  return {
    width: style.width,
    height: style.height,
    padding: style.axes ? [12, 22, 0, 0] : [4, 0, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      move: snapToPoint,
      points: { size: 8, width: 2, stroke: token('--surface'), fill: line },
    },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: true, ...(style.span !== null && { range: (_, __, max) => [max - (style.span as number), max] }) },
      y: { range: (_, __, max) => [0, Number.isFinite(max) && max > 0 ? max * 1.12 : 1] },
    },
    axes: style.axes ? axes(style) : [{ show: false }, { show: false }],
    series: [{}, area, { ...area, fill: fade('--chart-fill-faint'), dash: [3, 5] }],
    hooks: { setCursor: [style.readout], setData: [style.readout] },
  };
}
