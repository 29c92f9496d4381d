import { formatValue } from './number';

export type Direction = 'up' | 'down' | 'same';

export interface Change {
  direction: Direction;
  /** "12%", "new" when there was nothing before, "0%" when nothing changed. */
  relative: string;
  /** "+1,204", in the metric's unit. */
  absolute: string;
}

const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 0 });

function relativeChange(ratio: number): string {
  const size = Math.abs(ratio);
  if (size >= 100) return '>9,999%';
  if (size > 0 && size < 0.0005) return '<0.1%';
  return (size < 0.1 ? percent : wholePercent).format(size);
}

/** The change against the window before; null when there is nothing to compare with. */
export function changeOf(
  value: number | null | undefined,
  previous: number | null | undefined,
  unit: string | null,
): Change | null {
  if (value == null || previous == null || !Number.isFinite(value) || !Number.isFinite(previous)) return null;
  const difference = value - previous;
  if (difference === 0) return { direction: 'same', relative: '0%', absolute: '±0' };
  const direction = difference > 0 ? 'up' : 'down';
  const absolute = `${difference > 0 ? '+' : '−'}${formatValue(Math.abs(difference), unit)}`;
  const relative = previous === 0 ? 'new' : relativeChange(difference / Math.abs(previous));
  return { direction, relative, absolute };
}
