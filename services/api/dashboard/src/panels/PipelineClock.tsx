import type { Pipeline } from '@/api/types';
import { formatClock, formatDateTime, parseTime, zoneName } from '@/format/time';
import { useNow, usePulse } from '@/live/hooks';

/**
 * The pipeline's "now". A wall clock moves on between messages; an event clock stands where the newest event
 * put it, and may be years back, so it shows the date.
 */
export function PipelineClock({ clock }: { clock: Pipeline['clock'] }) {
  const pulse = usePulse();
  const here = useNow();
  const now = parseTime(pulse?.now);
  if (!pulse || now === null) return <p className="text-[13px] leading-5 text-muted">Live analytics</p>;
  const shown = clock === 'wall' ? now + Math.max(0, here - pulse.receivedAt) : now;
  const iso = new Date(shown).toISOString();
  return (
    <p className="truncate text-[13px] leading-5 text-muted" title={`The pipeline’s clock: ${iso}`}>
      <time dateTime={iso} data-testid="clock">
        {clock === 'event' ? formatDateTime(shown) : formatClock(shown)}
      </time>{' '}
      {zoneName(shown)}
      {clock === 'event' && <span className="hidden sm:inline"> · event time</span>}
    </p>
  );
}
