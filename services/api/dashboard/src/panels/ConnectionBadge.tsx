import { useEffect } from 'react';
import { lastAnswerMs } from '@/api/client';
import { Tooltip } from '@/components/ui/tooltip';
import { formatValue } from '@/format/number';
import { formatClock } from '@/format/time';
import { cn } from '@/lib/cn';
import { type Health, healthOf } from '@/live/health';
import { useConnection, useNow, usePipeline, usePulse } from '@/live/hooks';
import { type Connection, type Pulse, retryNow } from '@/live/sources';

const LOOK: Record<Health, { label: string; dot: string; mark: string }> = {
  connecting: { label: 'Connecting', dot: 'bg-muted', mark: '○' },
  live: { label: 'Live', dot: 'bg-accent', mark: '●' },
  degraded: { label: 'Degraded', dot: 'bg-danger', mark: '▲' },
  polling: { label: 'Polling', dot: 'bg-warn-dot', mark: '◐' },
  reconnecting: { label: 'Reconnecting', dot: 'bg-warn-dot', mark: '○' },
};

function detail(health: Health, connection: Connection, pulse: Pulse | null, now: number): string {
  const seconds = 'retryAt' in connection ? Math.ceil((connection.retryAt - now) / 1000) : 0;
  switch (health) {
    case 'connecting':
      return 'Waiting for the first numbers';
    case 'live':
      if (pulse?.state === 'waiting') return 'Connected; waiting for events';
      return pulse?.throughTopic
        ? 'Numbers arrive through their topic in Kafka as they change'
        : 'Numbers arrive as they change';
    case 'degraded':
      return pulse?.stateReason ?? 'The pipeline reports a fault';
    case 'polling':
      return connection.via === 'polling' && connection.chosen
        ? 'Numbers are fetched every few seconds'
        : 'The live stream is not available; numbers are fetched every few seconds';
    case 'reconnecting': {
      const attempt = connection.via === 'reconnecting' ? connection.attempt : 1;
      return `Attempt ${attempt}${seconds > 0 ? `, next in ${seconds} s` : ', trying now'}`;
    }
  }
}

/** How the numbers reach this page, also on the browser tab and for screen readers. */
export function ConnectionBadge() {
  const connection = useConnection();
  const pulse = usePulse();
  const now = useNow();
  const pipeline = usePipeline();
  const health = healthOf(connection, pulse);
  const { label, dot, mark } = LOOK[health];
  const answer = lastAnswerMs();
  const words = detail(health, connection, pulse, now);
  const title = pipeline.state === 'ready' ? pipeline.pipeline.title : 'Millrace';

  useEffect(() => {
    document.title = health === 'live' ? `${mark} ${title}` : `${mark} ${label} · ${title}`;
  }, [health, mark, label, title]);

  return (
    <>
      <Tooltip content={pulse ? `${words}. Last message at ${formatClock(pulse.receivedAt)}.` : words}>
        <button
          type="button"
          data-testid="connection"
          data-state={health}
          onClick={retryNow}
          aria-label={`${label}. ${words}`}
          className="flex h-8 max-w-full items-center gap-2 rounded-full border bg-surface pr-3 pl-2.5 text-[13px] font-medium shadow-card"
        >
          <span aria-hidden className="relative flex size-2">
            {health === 'live' && <span className={cn('absolute inset-0 animate-breathe rounded-full', dot)} />}
            <span className={cn('relative size-2 rounded-full', dot)} />
          </span>
          {label}
          {health !== 'reconnecting' && pulse && (
            <span className="hidden min-w-[15ch] text-right font-normal text-muted tabular-nums lg:inline-block" data-testid="updates" data-value={pulse.updates}>
              {formatValue(pulse.updates, null)} {pulse.updates === 1 ? 'update' : 'updates'}
              {answer !== null && ` · ${Math.round(answer)} ms`}
            </span>
          )}
          {health === 'reconnecting' && <span className="hidden font-normal text-muted sm:inline">{words}</span>}
        </button>
      </Tooltip>
      <span role="status" aria-live="polite" className="sr-only">
        {health === 'degraded' ? `${label}: ${words}` : label}
      </span>
    </>
  );
}
