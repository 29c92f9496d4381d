import { useId } from 'react';
import type { Metric, Panel } from '@/api/types';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { useEntry } from '@/live/hooks';
import { useWindow } from '@/url/params';
import { ChangeBadge } from './ChangeBadge';
import { MetricSpark } from './MetricSpark';
import { MetricValue } from './MetricValue';
import { PanelHeader } from './PanelHeader';

/** One number over a window, its change and its course. A wide card puts the course beside the number. */
export function NumberCard({ panel, metric }: { panel: Panel; metric: Metric }) {
  const id = useId();
  const [window, setWindow] = useWindow(panel.metric, panel.windows, panel.window);
  const entry = useEntry(panel.metric, window);
  return (
    <Card
      aria-labelledby={id}
      data-testid={`card-${panel.metric}`}
      className="@container min-w-0 flex-1 basis-full sm:basis-72"
    >
      <div className="flex h-full flex-col @3xl:flex-row">
        <div className="flex flex-col p-5 pb-3 @3xl:w-96 @3xl:shrink-0 @3xl:pb-5">
          <PanelHeader id={id} title={panel.title} metric={metric} window={window} windows={panel.windows} onWindow={setWindow} />
          {entry ? (
            <>
              <MetricValue
                testId={`value-${panel.metric}`}
                value={entry.value}
                unit={metric.unit}
                estimate={entry}
                className="mt-4 text-[2.75rem] leading-[1.1] font-medium @3xl:mt-6 @3xl:text-[3.25rem]"
              />
              <div className="mt-2">
                <ChangeBadge entry={entry} unit={metric.unit} />
              </div>
            </>
          ) : (
            <>
              <Skeleton className="mt-5 h-11 w-36" />
              <Skeleton className="mt-3 h-5 w-24" />
            </>
          )}
        </div>
        <MetricSpark
          title={panel.title}
          entry={entry}
          unit={metric.unit}
          className="mt-auto h-22 overflow-hidden rounded-b-2xl @3xl:h-44 @3xl:flex-1 @3xl:rounded-r-2xl @3xl:rounded-bl-none"
        />
      </div>
    </Card>
  );
}
