import type { Metric, Panel } from '@/api/types';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { NumberCard } from './NumberCard';
import { PercentilesCard } from './PercentilesCard';
import { RankingCard } from './RankingCard';
import { RowsCard } from './RowsCard';

interface Props {
  panels: Panel[];
  metrics: Map<string, Metric>;
}

/** Numbers first, then rankings, then tables, each in the order the pipeline gives. */
export function Panels({ panels, metrics }: Props) {
  const known = panels.filter((panel) => metrics.has(panel.metric));
  const rows = [
    { kind: 'number', Panel: NumberCard },
    { kind: 'ranking', Panel: RankingCard },
    { kind: 'percentiles', Panel: PercentilesCard },
    { kind: 'rows', Panel: RowsCard },
  ] as const;
  return rows.map(({ kind, Panel }) => {
    const ofKind = known.filter((panel) => panel.kind === kind);
    if (ofKind.length === 0) return null;
    return (
      <div key={kind} className="flex flex-wrap gap-4">
        {ofKind.map((panel) => (
          <ErrorBoundary key={`${panel.metric} ${panel.title}`} what={panel.title}>
            <Panel panel={panel} metric={metrics.get(panel.metric) as Metric} />
          </ErrorBoundary>
        ))}
      </div>
    );
  });
}
