import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Status } from '@/api/types';
import { Button } from '@/components/ui/button';
import { formatCount } from '@/format/number';
import { formatClock } from '@/format/time';
import { cn } from '@/lib/cn';
import { healthOf } from '@/live/health';
import { useConnection, usePulse } from '@/live/hooks';
import { retryNow } from '@/live/sources';

/** Says above the numbers why they may be old, wrong, or less than what was sent. */
export function Notices({ status }: { status: Status | null }) {
  const pulse = usePulse();
  const health = healthOf(useConnection(), pulse);
  const losses = (status?.losses ?? []).filter(({ events }) => events > 0);
  const lost = losses.reduce((sum, { events }) => sum + events, 0);
  const differing = status?.proof?.differing ?? 0;
  return (
    <>
      {pulse && health === 'degraded' && (
        <Notice id="notice" tone="bg-danger-soft text-danger">
          {pulse.stateReason ?? 'The pipeline reports a fault.'}
        </Notice>
      )}
      {pulse && health === 'live' && pulse.state === 'live' && pulse.past !== null && (
        <Notice id="past" tone="bg-warn-soft text-warn">
          These numbers come past their topic in Kafka: {pulse.past}. They are right, and come through it again once it
          can be followed.
        </Notice>
      )}
      {pulse && health === 'reconnecting' && (
        <Notice id="notice" tone="bg-warn-soft text-warn" action={<Button onClick={retryNow}>Try now</Button>}>
          The connection is lost. These are the numbers of {formatClock(pulse.receivedAt)}.
        </Notice>
      )}
      {differing > 0 && (
        <Notice id="differing" tone="bg-danger-soft text-danger">
          {differing === 1 ? '1 bucket in Redis differs' : `${formatCount(differing)} buckets in Redis differ`} from a
          recount of the audit&rsquo;s records.{' '}
          <a className="underline" href="/api/v1/proof">
            Which
          </a>
        </Notice>
      )}
      {lost > 0 && (
        <Notice id="losses" tone="bg-warn-soft text-warn">
          {formatCount(lost)} events were deleted from Kafka before they could be counted (
          {losses.map(({ topic, partition }) => `${topic}/${partition}`).join(', ')}). Keep them longer, or add
          processors.
        </Notice>
      )}
    </>
  );
}

function Notice({ id, tone, action, children }: { id: string; tone: string; action?: ReactNode; children: ReactNode }) {
  return (
    <div
      data-testid={id}
      className={cn('flex animate-fade-in flex-wrap items-center gap-x-3 gap-y-2 rounded-2xl px-4 py-3 text-[13px]', tone)}
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1 break-words">{children}</p>
      {action}
    </div>
  );
}
