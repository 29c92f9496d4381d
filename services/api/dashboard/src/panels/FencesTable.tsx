import type { LiveEntry } from '@/api/types';
import { formatCount, formatExact } from '@/format/number';
import { countIn, stateColors } from '@/format/states';
import { cn } from '@/lib/cn';

interface Props {
  entry: LiveEntry;
  label: string;
  className?: string;
}

/** How many rows are in each fence, and how many of these in which state. Scrolls sideways where it is narrow. */
export function FencesTable({ entry, label, className }: Props) {
  const states = stateColors(entry);
  return (
    <div role="region" aria-label={label} tabIndex={0} className={cn('overflow-x-auto rounded-md', className)}>
      <table className="w-full min-w-max text-[13px] tabular-nums">
        <thead>
          <tr className="text-muted">
            <td />
            <th scope="col" className="px-2 py-1.5 text-right font-normal">
              Inside
            </th>
            {states.map(({ id, label: name, color }) => (
              <th key={id} scope="col" title={name} className="max-w-40 truncate px-2 py-1.5 text-right font-normal">
                <span aria-hidden className="mr-1.5 inline-block size-2 rounded-full" style={{ background: color }} />
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(entry.fences ?? []).map((count) => (
            <tr key={count.fence} data-fence={count.fence} data-value={count.value} className="border-t">
              <th scope="row" title={count.fence} className="max-w-56 truncate py-2 pr-3 text-left font-medium">
                {count.fence}
              </th>
              <td className="px-2 py-2 text-right font-medium" title={formatExact(count.value, null)}>
                {formatCount(count.value)}
              </td>
              {states.map(({ id }) => {
                const inside = countIn(count, id);
                return (
                  <td key={id} className={cn('px-2 py-2 text-right', !inside && 'text-muted')}>
                    {inside === null ? '' : formatCount(inside)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
