import { useLayoutEffect, useRef } from 'react';
import type { Group } from '@/api/types';
import { explained, type Estimate } from '@/format/estimate';
import { formatExact, formatValue } from '@/format/number';
import { keyId, keyLabel } from '@/format/key';
import { cn } from '@/lib/cn';
import { About } from './About';
import { ChangeText } from './ChangeBadge';

const ROW_PX = 36;

const still = matchMedia('(prefers-reduced-motion: reduce)');

/** Lets rows glide to their new rank instead of jumping there. */
function useGlide(ids: string[]) {
  const list = useRef<HTMLOListElement>(null);
  const ranks = useRef(new Map<string, number>());
  const order = ids.join('\n');
  useLayoutEffect(() => {
    const before = ranks.current;
    ranks.current = new Map(ids.map((id, rank) => [id, rank]));
    if (still.matches) return;
    ids.forEach((id, rank) => {
      const was = before.get(id);
      if (was === undefined || was === rank) return;
      list.current?.children[rank]?.animate(
        [{ transform: `translateY(${(was - rank) * ROW_PX}px)` }, { transform: 'none' }],
        { duration: 320, easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)' },
      );
    });
    // The order alone says whether anything moved.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [order]);
  return list;
}

interface Props {
  groups: Group[];
  unit: string | null;
  label: string;
  /** Whether the values are estimates. */
  estimate?: Estimate;
  /** The value whose bar is full. */
  highest: number;
  className?: string;
}

/** Groups, highest first: key over its bar, change, value. */
export function RankingRows({ groups, unit, label, estimate, highest, className }: Props) {
  const list = useGlide(groups.map((group) => keyId(group.key)));
  return (
    <ol ref={list} aria-label={label} className={cn('grid auto-rows-min grid-cols-[minmax(0,1fr)_minmax(3.75rem,auto)_minmax(3.5rem,auto)] gap-x-3', className)}>
      {groups.map((group) => (
        <RankingRow key={keyId(group.key)} group={group} unit={unit} estimate={estimate} share={group.value / highest} />
      ))}
    </ol>
  );
}

function RankingRow({ group, unit, estimate, share }: { group: Group; unit: string | null; estimate: Estimate | undefined; share: number }) {
  const label = keyLabel(group.key);
  const width = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
  return (
    <li
      data-key={typeof group.key === 'string' ? group.key : keyId(group.key)}
      data-value={group.value}
      className="col-span-full grid h-9 grid-cols-subgrid items-center"
    >
      <span className="relative flex h-8 min-w-0 items-center rounded-md">
        <span
          aria-hidden
          className="absolute inset-y-0 left-0 w-full origin-left rounded-md bg-bar transition-transform duration-500 ease-out"
          style={{ transform: `scaleX(${Math.max(width, 0.006)})` }}
        />
        <span
          title={label}
          className={cn('relative truncate px-2.5 text-[13px]', group.key === null && 'text-muted italic')}
        >
          {label}
        </span>
      </span>
      <span className="text-right">
        <ChangeText value={group.value} previous={group.previous} unit={unit} />
      </span>
      <span className="text-right text-[13px] font-medium" title={explained(formatExact(group.value, unit), estimate)}>
        {estimate?.estimated && <About />}
        {formatValue(group.value, unit)}
      </span>
    </li>
  );
}
