import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProofSummary, Status } from '@/api/types';
import { SeriesChart } from '@/chart/SeriesChart';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { formatExact, formatRate, formatValue } from '@/format/number';
import { formatClock } from '@/format/time';
import { useNow, usePulse } from '@/live/hooks';
import { rate, type Pulse } from '@/live/sources';
import { useOpenPanel } from '@/url/params';

const perSecond = (value: number) => `${formatRate(value)}/s`;

/** All events, how fast they come in, and those that did not count. */
export function Overview({ status }: { status: Status | null }) {
  const pulse = usePulse();
  return (
    <Card
      aria-label="Events"
      className="grid grid-cols-2 lg:grid-cols-[minmax(13rem,1fr)_minmax(0,3fr)_minmax(14rem,1fr)]"
    >
      <Cell label="Events">
        {pulse ? <Total value={pulse.totals.events} /> : <Skeleton className="mt-1 h-8 w-28" />}
        <p className="text-[13px] text-muted">
          since the start
          <Proven proof={status?.proof} />
        </p>
      </Cell>
      <Flow />
      <DeadLettersCell pulse={pulse} />
    </Card>
  );
}

function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col p-5">
      <h2 className="text-[13px] font-medium text-muted">{label}</h2>
      {children}
    </div>
  );
}

function Total({ value }: { value: number }) {
  return (
    <p
      data-testid="events-total"
      data-value={value}
      title={formatExact(value, null)}
      className="truncate text-3xl leading-10 font-medium tracking-[-0.03em]"
    >
      {formatValue(value, null)}
    </p>
  );
}

/** When numbers were last found to be what the audit's records amount to; nothing while that is not so. */
function Proven({ proof }: { proof?: ProofSummary }) {
  if (!proof?.last || proof.equal === 0 || proof.differing > 0 || proof.waiting !== null) return null;
  return (
    <span
      data-testid="proven"
      title={`${formatExact(proof.equal, null)} buckets, counted again from the audit's records, were what Redis holds`}
    >
      {' '}
      · proven {formatClock(Date.parse(proof.last))}
    </span>
  );
}

function Flow() {
  useNow();
  const points = rate.points();
  const current = rate.current();
  return (
    <div className="relative order-last col-span-2 min-w-0 border-t lg:order-none lg:col-span-1 lg:border-x lg:border-t-0">
      <div className="pointer-events-none absolute inset-x-5 top-5 z-10">
        <h2 className="text-[13px] font-medium text-muted">Events per second</h2>
        <p data-testid="rate" data-value={current ?? 0} className="text-3xl leading-10 font-medium tracking-[-0.03em]">
          {formatRate(current ?? 0)}
        </p>
      </div>
      <div className="h-32 pt-8 pl-36 lg:absolute lg:inset-0 lg:h-auto lg:pt-4">
        {points.length > 2 && (
          <SeriesChart
            label="Events per second over the last two minutes"
            points={points}
            unit={null}
            span={120}
            curved={false}
            className="fade-left h-full"
            format={perSecond}
          />
        )}
      </div>
    </div>
  );
}

function DeadLettersCell({ pulse }: { pulse: Pulse | null }) {
  const { open } = useOpenPanel();
  const { events = 0, invalid = 0, late = 0 } = pulse?.totals ?? {};
  const share = events > 0 ? invalid / events : 0;
  return (
    <button
      type="button"
      data-testid="dead-letters"
      data-value={invalid}
      data-late={late}
      onClick={() => open('dead-letters')}
      className="group flex min-w-0 flex-col rounded-tr-2xl border-l p-5 text-left transition-colors hover:bg-sunken/60 lg:rounded-r-2xl lg:border-l-0"
    >
      <span className="flex w-full items-center justify-between text-[13px] font-medium text-muted">
        Dead letters
        <ChevronRight aria-hidden className="size-4 transition-transform group-hover:translate-x-0.5" />
      </span>
      {pulse ? (
        <span className="text-3xl leading-10 font-medium tracking-[-0.03em]" title={formatExact(invalid, null)}>
          {formatValue(invalid, null)}
        </span>
      ) : (
        <Skeleton className="mt-1 h-8 w-16" />
      )}
      <span className="w-full truncate text-[13px] text-muted">
        {invalid === 0
          ? 'every event was valid'
          : `${formatValue(late, null)} late · ${formatValue(share, 'percent')}`}
        {invalid > 0 && <span className="max-sm:hidden"> of events</span>}
      </span>
    </button>
  );
}
