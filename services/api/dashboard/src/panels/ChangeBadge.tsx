import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import type { WindowValue } from '@/api/types';
import { changeOf, type Direction } from '@/format/change';
import { formatExact } from '@/format/number';
import { previousName } from '@/format/window';
import { cn } from '@/lib/cn';

const LOOK: Record<Direction, { Icon: typeof ArrowRight; ink: string; pill: string; word: string }> = {
  up: { Icon: ArrowUpRight, ink: 'text-accent-ink', pill: 'bg-accent-soft', word: 'up' },
  down: { Icon: ArrowDownRight, ink: 'text-fall', pill: 'bg-fall-soft', word: 'down' },
  same: { Icon: ArrowRight, ink: 'text-muted', pill: 'bg-sunken', word: 'unchanged' },
};

interface Props {
  entry: Pick<WindowValue, 'value' | 'previous' | 'window'>;
  unit: string | null;
}

/** The change against the window before, as a pill with the difference beside it. */
export function ChangeBadge({ entry, unit }: Props) {
  const change = changeOf(entry.value, entry.previous, unit);
  if (!change) {
    const words = entry.window === 'all' ? 'since the start' : 'nothing to compare with';
    return <p className="flex h-6 items-center text-[13px] text-muted">{words}</p>;
  }
  const { Icon, ink, pill, word } = LOOK[change.direction];
  return (
    <p
      className="flex h-6 min-w-0 items-center gap-2 text-[13px] text-muted"
      title={`${previousName(entry.window)}: ${formatExact(entry.previous, unit)}`}
    >
      <span className={cn('inline-flex h-6 items-center gap-1 rounded-full pr-2 pl-1.5 font-medium', ink, pill)}>
        <Icon aria-hidden className="size-3.5" strokeWidth={2.25} />
        <span className="sr-only">{word}</span>
        {change.relative}
      </span>
      <span className="truncate">
        {change.direction === 'same' ? 'no change' : change.absolute} <span className="sr-only">against the {previousName(entry.window)}</span>
      </span>
    </p>
  );
}

/** The same for a row of a list: the percentage alone. */
export function ChangeText({ value, previous, unit }: { value: number; previous?: number | null; unit: string | null }) {
  const change = changeOf(value, previous, unit);
  if (!change) return <span aria-hidden />;
  const { Icon, ink, word } = LOOK[change.direction];
  return (
    <span
      className={cn('inline-flex items-center justify-end gap-0.5 text-xs', ink)}
      title={`${change.absolute}, before: ${formatExact(previous, unit)}`}
    >
      {change.direction !== 'same' && <Icon aria-hidden className="size-3" strokeWidth={2.25} />}
      <span className="sr-only">{word}</span>
      {change.relative}
    </span>
  );
}
