import { Search } from 'lucide-react';
import { useState } from 'react';
import type { LiveEntry, Metric } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { keyLabel } from '@/format/key';
import { formatCount } from '@/format/number';
import { RankingRows } from './RankingRows';
import { useGroups } from './useGroups';

const PAGE = 50;
const SEARCHED = 1_000;

interface Props {
  metric: Metric;
  title: string;
  window: string;
  entry: LiveEntry | undefined;
}

/** Every group of a metric, page by page, and a search among them. */
export function GroupList({ metric, title, window, entry }: Props) {
  const [wanted, setWanted] = useState(PAGE);
  const [search, setSearch] = useState('');
  const needle = search.trim().toLowerCase();
  const { groups, total, error, retry } = useGroups(metric.name, window, needle ? Math.max(wanted, SEARCHED) : wanted, entry);
  const found = needle ? groups.filter((group) => keyLabel(group.key).toLowerCase().includes(needle)) : groups;
  const hidden = total - groups.length;
  return (
    <section aria-label="Groups" className="mt-7 flex flex-col">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-semibold">
          {metric.by?.join(', ')} <span className="ml-1 font-normal text-muted">{formatCount(total)}</span>
        </h3>
        <div className="relative w-full sm:w-64">
          <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
          <Input
            type="search"
            aria-label={`Search ${title}`}
            placeholder="Search"
            className="pl-8.5"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
      </div>
      {error && (
        <p role="alert" className="mt-3 flex items-center justify-between gap-3 rounded-lg bg-danger-soft px-3 py-2 text-danger">
          {error} <Button onClick={retry}>Try again</Button>
        </p>
      )}
      <RankingRows
        groups={found}
        unit={metric.unit}
        estimate={entry}
        highest={groups[0]?.value ?? 0}
        label={`All of ${title}, highest first`}
        className="mt-3 min-h-72"
      />
      <p aria-live="polite" className="mt-2 text-[13px] text-muted empty:hidden">
        {needle && found.length === 0 && `Nothing like “${search.trim()}” among ${formatCount(groups.length)} groups. `}
        {needle && hidden > 0 && `Searched the highest ${formatCount(groups.length)} of ${formatCount(total)}.`}
      </p>
      {hidden > 0 && !needle && (
        <Button className="mt-3 self-center" onClick={() => setWanted(groups.length + PAGE)}>
          Show {Math.min(PAGE, hidden)} more
        </Button>
      )}
      {hidden > 0 && needle && (
        <Button className="mt-3 self-center" onClick={() => setWanted(groups.length + SEARCHED)}>
          Search {formatCount(Math.min(SEARCHED, hidden))} more
        </Button>
      )}
    </section>
  );
}
