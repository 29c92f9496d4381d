import { useId } from 'react';
import type { LiveEntry, Metric, Panel } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { formatCount } from '@/format/number';
import { windowName } from '@/format/window';
import { useEntry } from '@/live/hooks';
import { useOpenPanel, useWindow } from '@/url/params';
import { ChangeBadge } from './ChangeBadge';
import { MetricSpark } from './MetricSpark';
import { MetricValue } from './MetricValue';
import { PanelHeader } from './PanelHeader';
import { RankingRows } from './RankingRows';

/** A metric by its groups: the whole with its course above, the highest groups below. */
export function RankingCard({ panel, metric }: { panel: Panel; metric: Metric }) {
  const id = useId();
  const [window, setWindow] = useWindow(panel.metric, panel.windows, panel.window);
  const entry = useEntry(panel.metric, window);
  return (
    <Card
      aria-labelledby={id}
      data-testid={`ranking-${panel.metric}`}
      className="flex min-w-0 flex-1 basis-full flex-col sm:basis-104"
    >
      <div className="p-5 pb-0">
        <PanelHeader id={id} title={panel.title} metric={metric} window={window} windows={panel.windows} onWindow={setWindow} />
      </div>
      {entry ? <Whole title={panel.title} metric={metric} entry={entry} /> : <Skeleton className="m-5 h-14" />}
      <div className="mx-5 border-t" />
      {entry ? <Groups title={panel.title} metric={metric} entry={entry} /> : <RowSkeletons />}
    </Card>
  );
}

interface Props {
  title: string;
  metric: Metric;
  entry: LiveEntry;
}

function Whole({ title, metric, entry }: Props) {
  return (
    <div className="flex items-end gap-4 p-5 pt-4 pb-4">
      <div className="flex min-w-0 flex-col">
        <MetricValue
          testId={`value-${metric.name}`}
          value={entry.value}
          unit={metric.unit}
          estimate={entry}
          className="text-3xl leading-10 font-medium"
        />
        <ChangeBadge entry={entry} unit={metric.unit} />
      </div>
      <MetricSpark title={title} entry={entry} unit={metric.unit} className="ml-auto h-14 w-2/5 max-w-52 min-w-0" />
    </div>
  );
}

function Groups({ title, metric, entry }: Props) {
  const { open } = useOpenPanel();
  const groups = entry.groups ?? [];
  const total = entry.totalGroups ?? groups.length;
  if (groups.length === 0) {
    return (
      <p className="flex min-h-40 flex-1 items-center justify-center p-5 text-center text-muted">
        {entry.window === 'all' ? 'Nothing counted yet.' : `Nothing counted in the ${windowName(entry.window)}.`}
      </p>
    );
  }
  return (
    <>
      <RankingRows
        groups={groups}
        unit={metric.unit}
        estimate={entry}
        highest={groups[0]?.value ?? 0}
        label={`${title}, highest first`}
        className="px-5 py-2.5"
      />
      <footer className="mt-auto flex items-center justify-between gap-3 px-5 pb-4 text-[13px] text-muted">
        <span>
          {groups.length} of {formatCount(total)} {total === 1 ? 'group' : 'groups'}
        </span>
        <Button variant="outline" onClick={() => open(`metric:${metric.name}`)}>
          {total > groups.length ? 'Show more' : 'Details'}
        </Button>
      </footer>
    </>
  );
}

function RowSkeletons() {
  return (
    <div className="flex flex-col gap-1 px-5 py-2.5">
      {Array.from({ length: 6 }, (_, i) => (
        <Skeleton key={i} className="h-8" style={{ width: `${100 - i * 13}%` }} />
      ))}
    </div>
  );
}
