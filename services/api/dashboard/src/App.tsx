import { useEffect } from 'react';
import type { Metric, Pipeline, Status } from '@/api/types';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { Skeleton } from '@/components/ui/skeleton';
import { TooltipProvider } from '@/components/ui/tooltip';
import { HistoryPage } from '@/history/HistoryPage';
import { useConnection, usePipeline } from '@/live/hooks';
import { pipelineSource } from '@/live/sources';
import { useStatus } from '@/live/useStatus';
import { DeadLetterSheet } from '@/panels/DeadLetterSheet';
import { EmptyState } from '@/panels/EmptyState';
import { Header } from '@/panels/Header';
import { MetricDialog } from '@/panels/MetricDialog';
import { Notices } from '@/panels/Notices';
import { Overview } from '@/panels/Overview';
import { Panels } from '@/panels/Panels';
import { Unreachable } from '@/panels/Unreachable';
import { useOpenPanel, usePage } from '@/url/params';

export function App() {
  const info = usePipeline();
  const { via } = useConnection();
  const page = usePage();
  const status = useStatus();

  useEffect(() => {
    // Asked for again whenever the stream comes (back): another version of the pipeline may run by then.
    if (via === 'connecting' || via === 'stream') void pipelineSource.refresh();
  }, [via]);

  return (
    <TooltipProvider delayDuration={200}>
      <Header pipeline={info.state === 'ready' ? info.pipeline : null} />
      <ErrorBoundary what="The dashboard">
        <main className="mx-auto flex w-full max-w-[96rem] flex-col gap-4 px-4 pb-12 sm:px-6 lg:px-8">
          {info.state === 'failed' && <Unreachable reason={info.reason} retryAt={info.retryAt} />}
          {info.state === 'loading' && <Loading />}
          {info.state === 'ready' && <Notices status={status} />}
          {info.state === 'ready' && (page === 'history' ? (
            <HistoryPage pipeline={info.pipeline} metrics={[...info.metrics.values()]} />
          ) : (
            <Dashboard pipeline={info.pipeline} metrics={info.metrics} status={status} />
          ))}
        </main>
      </ErrorBoundary>
    </TooltipProvider>
  );
}

interface DashboardProps {
  pipeline: Pipeline;
  metrics: Map<string, Metric>;
  status: Status | null;
}

function Dashboard({ pipeline, metrics, status }: DashboardProps) {
  return (
    <>
      <Overview status={status} />
      <EmptyState pipeline={pipeline} metrics={[...metrics.values()]} />
      <Panels panels={pipeline.panels} metrics={metrics} />
      <OpenPanel pipeline={pipeline} metrics={metrics} />
    </>
  );
}

function OpenPanel({ pipeline, metrics }: { pipeline: Pipeline; metrics: Map<string, Metric> }) {
  const { panel: open, close } = useOpenPanel();
  if (open === 'dead-letters') return <DeadLetterSheet onClose={close} />;
  const panel = pipeline.panels.find(({ metric }) => open === `metric:${metric}`);
  const metric = panel && metrics.get(panel.metric);
  return metric ? <MetricDialog panel={panel} metric={metric} onClose={close} /> : null;
}

function Loading() {
  return (
    <div aria-busy="true" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-29 rounded-2xl" />
      <Skeleton className="h-60 rounded-2xl" />
      <Skeleton className="h-96 rounded-2xl" />
    </div>
  );
}
