import { useId } from 'react';
import type { Metric, Panel } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { formatCount } from '@/format/number';
import { cn } from '@/lib/cn';
import { useEntry } from '@/live/hooks';
import { PlaceMap } from '@/map/PlaceMap';
import { useOpenPanel } from '@/url/params';
import { FencesTable } from './FencesTable';
import { MetricValue } from './MetricValue';
import { PanelHeader } from './PanelHeader';
import { StatesTable } from './StatesTable';

/** The newest event of each key: how many there are, in which state, for how long, and where. */
export function RowsCard({ panel, metric }: { panel: Panel; metric: Metric }) {
  const id = useId();
  const { open } = useOpenPanel();
  const entry = useEntry(panel.metric, panel.window);
  const groups = entry?.groups?.length ?? 0;
  const more = (entry?.totalGroups ?? groups) - groups;
  return (
    <Card aria-labelledby={id} data-testid={`rows-${panel.metric}`} className="@container flex min-w-0 flex-1 basis-full flex-col lg:basis-152">
      <div className="p-5 pb-0">
        <PanelHeader id={id} title={panel.title} metric={metric} window={panel.window} windows={[]} onWindow={() => {}} />
      </div>
      {entry ? (
        <>
          <div className="px-5 pt-4 pb-3">
            <MetricValue testId={`value-${metric.name}`} value={entry.value} unit={metric.unit} className="text-3xl leading-10 font-medium" />
            {entry.dropped ? (
              <p className="text-[13px] text-warn">
                Only the newest {formatCount(entry.limit ?? 0)} are kept; older ones were dropped {formatCount(entry.dropped)} times.
              </p>
            ) : null}
          </div>
          <div className={cn('grid gap-x-8 gap-y-5 px-5', metric.position && '@4xl:grid-cols-2')}>
            <div className="flex min-w-0 flex-col gap-5">
              <StatesTable entry={entry} label={`States of ${panel.title}`} />
              {entry.fences && <FencesTable entry={entry} label={`Fences of ${panel.title}`} />}
            </div>
            {metric.position && <PlaceMap metric={metric} title={panel.title} entry={entry} className="min-w-0" />}
          </div>
          <footer className="mt-auto flex items-center justify-between gap-3 p-5 pt-3 text-[13px] text-muted">
            <span>{more > 0 && `and ${formatCount(more)} other states`}</span>
            <Button variant="outline" onClick={() => open(`metric:${metric.name}`)}>
              Show rows
            </Button>
          </footer>
        </>
      ) : (
        <Skeleton className="m-5 h-40" />
      )}
    </Card>
  );
}
