import { TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { formatClock } from '@/format/time';
import { cn } from '@/lib/cn';
import { healthOf } from '@/live/health';
import { useConnection, usePulse } from '@/live/hooks';
import { retryNow } from '@/live/sources';

/** Says above the numbers why they may be old. */
export function Notice() {
  const pulse = usePulse();
  const health = healthOf(useConnection(), pulse);
  if (!pulse || (health !== 'degraded' && health !== 'reconnecting')) return null;
  const degraded = health === 'degraded';
  return (
    <div
      data-testid="notice"
      className={cn(
        'flex animate-fade-in flex-wrap items-center gap-x-3 gap-y-2 rounded-2xl px-4 py-3 text-[13px]',
        degraded ? 'bg-danger-soft text-danger' : 'bg-warn-soft text-warn',
      )}
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1 break-words">
        {degraded
          ? (pulse.stateReason ?? 'The pipeline reports a fault.')
          : `The connection is lost. These are the numbers of ${formatClock(pulse.receivedAt)}.`}
      </p>
      {!degraded && <Button onClick={retryNow}>Try now</Button>}
    </div>
  );
}
