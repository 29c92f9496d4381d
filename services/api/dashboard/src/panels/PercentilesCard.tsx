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
import { PercentilesTable } from './PercentilesTable';

/** How a number is distributed: the median with its course above, all percentiles below. */
export function PercentilesCard({ panel, metric }: { panel: Panel; metric: Metric }) {
  const id = useId();
  const [window, setWindow] = useWindow(panel.metric, panel.windows, panel.window);
  const entry = useEntry(panel.metric, window);
  return (
    <Card
      aria-labelledby={id}
      data-testid={`percentiles-${panel.metric}`}
      className="flex min-w-0 flex-1 basis-full flex-col lg:basis-152"
    >
      <div className="p-5 pb-0">
        <PanelHeader id={id} title={panel.title} metric={metric} window={window} windows={panel.windows} onWindow={setWindow} />
      </div>
      {entry ? (
        <>
          <div className="flex items-end gap-4 p-5 pt-4 pb-4">
            <div className="flex min-w-0 flex-col">
              <MetricValue
                testId={`value-${metric.name}`}
                value={entry.value}
                unit={metric.unit}
                className="text-3xl leading-10 font-medium"
              />
              <ChangeBadge entry={entry} unit={metric.unit} />
            </div>
            <MetricSpark title={panel.title} entry={entry} unit={metric.unit} className="ml-auto h-14 w-2/5 max-w-52 min-w-0" />
          </div>
          <PercentilesTable entry={entry} unit={metric.unit} label={`Percentiles of ${panel.title}`} className="mx-5 mb-4" />
        </>
      ) : (
        <Skeleton className="m-5 h-28" />
      )}
    </Card>
  );
}
