import type { LiveEntry } from '@/api/types';
import { AGE_COLUMNS, stateRows } from '@/format/ages';
import { formatCount, formatExact, formatValue } from '@/format/number';
import { cn } from '@/lib/cn';
import { pipelineNow, useNow } from '@/live/hooks';

interface Props {
  entry: LiveEntry;
  label: string;
  className?: string;
}

/** How many rows are in which state, and for how long. Scrolls sideways where it is narrow. */
export function StatesTable({ entry, label, className }: Props) {
  // ages grow by the second, whatever else happens
  useNow();
  return (
    <div role="region" aria-label={label} tabIndex={0} className={cn('overflow-x-auto rounded-md', className)}>
      <table className="w-full min-w-max text-[13px] tabular-nums">
        <thead>
          <tr className="text-muted">
            <td />
            <th scope="col" className="px-2 py-1.5 text-right font-normal">
              Rows
            </th>
            {AGE_COLUMNS.map(([column, name]) => (
              <th key={column} scope="col" className="px-2 py-1.5 text-right font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stateRows(entry, pipelineNow()).map(({ id, label: name, whole, count, ages }) => (
            <tr key={id} data-key={id} data-value={count} className="border-t">
              <th scope="row" title={name} className={cn('max-w-56 truncate py-2 pr-3 text-left', whole ? 'text-muted font-normal' : 'font-medium')}>
                {name}
              </th>
              <td className="px-2 py-2 text-right font-medium" title={formatExact(count, null)}>
                {formatCount(count)}
              </td>
              {AGE_COLUMNS.map(([column]) => (
                <td key={column} data-column={column} className="px-2 py-2 text-right">
                  {formatValue(ages?.[column], 'ms')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
