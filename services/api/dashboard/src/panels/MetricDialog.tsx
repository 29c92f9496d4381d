import { History as HistoryIcon } from 'lucide-react';
import type { Metric, Panel } from '@/api/types';
import { SeriesChart } from '@/chart/SeriesChart';
import { Button } from '@/components/ui/button';
import { Dialog, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { measureLabel } from '@/format/key';
import { windowName } from '@/format/window';
import { pipelineNow, useEntry } from '@/live/hooks';
import { HISTORY, useWindow } from '@/url/params';
import { ChangeBadge } from './ChangeBadge';
import { FencesTable } from './FencesTable';
import { GroupList } from './GroupList';
import { MetricValue } from './MetricValue';
import { PageLink } from './PageTabs';
import { PercentilesTable } from './PercentilesTable';
import { RowList } from './RowList';
import { StatesTable } from './StatesTable';
import { WindowTabs } from './WindowTabs';

interface Props {
  panel: Panel;
  metric: Metric;
  onClose: () => void;
}

/** A metric in full: its course with axes and readout and, when it has groups, every one of them. */
export function MetricDialog({ panel, metric, onClose }: Props) {
  const [window, setWindow] = useWindow(panel.metric, panel.windows, panel.window);
  const entry = useEntry(panel.metric, window);
  const by = metric.by?.length ? ` by ${metric.by.join(', ')}` : '';
  return (
    <Dialog onClose={onClose} data-testid="metric-dialog">
      <div className="flex flex-col overflow-y-auto p-5 sm:p-7">
        <div className="pr-10">
          <DialogTitle className="text-lg font-semibold tracking-[-0.015em]">{panel.title}</DialogTitle>
          <DialogDescription className="mt-0.5 text-[13px] text-muted">
            {measureLabel(metric)}
            {by} · {windowName(window)}
            {metric.where && <code className="mt-1 block font-mono text-xs break-words">where {metric.where}</code>}
          </DialogDescription>
        </div>
        <div className="mt-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
          <div className="flex min-w-0 flex-wrap items-end gap-x-4 gap-y-1">
            <MetricValue testId="dialog-value" value={entry?.value} unit={metric.unit} estimate={entry} className="text-4xl leading-11 font-medium" />
            {entry && (
              <div className="pb-1.5">
                <ChangeBadge entry={entry} unit={metric.unit} />
              </div>
            )}
          </div>
          <div className="flex flex-wrap items-center gap-2">
            {metric.history?.length ? (
              <Button asChild>
                <PageLink to={`${HISTORY}?${new URLSearchParams({ metric: metric.name })}`}>
                  <HistoryIcon aria-hidden /> History
                </PageLink>
              </Button>
            ) : null}
            <WindowTabs windows={panel.windows} value={window} onChange={setWindow} />
          </div>
        </div>
        {panel.kind === 'rows' ? (
          entry && (
            <>
              <StatesTable entry={entry} label={`States of ${panel.title}`} className="mt-5 shrink-0" />
              {entry.fences && <FencesTable entry={entry} label={`Fences of ${panel.title}`} className="mt-5 shrink-0" />}
            </>
          )
        ) : (
          <div className="mt-5 h-60 shrink-0 sm:h-72">
            {entry && entry.series.length > 1 ? (
              <SeriesChart
                key={window}
                axes
                label={`${panel.title}, ${windowName(window)}`}
                points={entry.series}
                unit={metric.unit}
                now={pipelineNow}
                className="h-full"
              />
            ) : (
              <p className="flex h-full items-center justify-center rounded-xl bg-sunken p-6 text-center text-muted">
                {window === 'all'
                  ? 'This counts everything since the start, and so has no course over time. Choose another window to see one.'
                  : 'No course to show yet.'}
              </p>
            )}
          </div>
        )}
        {entry?.percentiles && <PercentilesTable entry={entry} unit={metric.unit} label={`Percentiles of ${panel.title}`} className="mt-6" />}
        {panel.kind === 'rows' ? (
          <RowList metric={metric} title={panel.title} entry={entry} />
        ) : metric.by?.length ? (
          <GroupList key={window} metric={metric} title={panel.title} window={window} entry={entry} />
        ) : null}
      </div>
    </Dialog>
  );
}
