import type { LiveEntry } from '@/api/types';
import { formatCount, formatExact, formatValue } from '@/format/number';
import { COLUMNS, percentileRows } from '@/format/percentiles';
import { cn } from '@/lib/cn';

interface Props {
  entry: LiveEntry;
  unit: string | null;
  label: string;
  className?: string;
}

/** Percentiles as a table: a row for all, and one for each group. Scrolls sideways where it is narrow. */
export function PercentilesTable({ entry, unit, label, className }: Props) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className={cn('overflow-x-auto rounded-md', className)}>
      <table className="w-full min-w-max text-[13px] tabular-nums">
        <thead>
          <tr className="text-muted">
            <td />
            {COLUMNS.map(([column, name]) => (
              <th key={column} scope="col" className="px-2 py-1.5 text-right font-normal">
                {name}
              </th>
            ))}
            <th scope="col" className="py-1.5 pl-2 text-right font-normal">
              Events
            </th>
          </tr>
        </thead>
        <tbody>
          {percentileRows(entry).map(({ id, label: name, whole, numbers }) => (
            <tr key={id} data-key={id} className="border-t">
              <th scope="row" title={name} className={cn('max-w-56 truncate py-2 pr-3 text-left', whole ? 'font-semibold' : 'font-normal')}>
                {name}
              </th>
              {COLUMNS.map(([column]) => (
                <td
                  key={column}
                  data-column={column}
                  data-value={numbers[column] ?? undefined}
                  title={formatExact(numbers[column], unit)}
                  className={cn('px-2 py-2 text-right', column === 'p50' && 'font-medium')}
                >
                  {formatValue(numbers[column], unit)}
                </td>
              ))}
              <td className="py-2 pl-2 text-right text-muted">{formatCount(numbers.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
