import { useState } from 'react';
import type { Metric, Pipeline } from '@/api/types';
import { CopyButton } from '@/components/CopyButton';
import { Card } from '@/components/ui/card';
import { parseTime } from '@/format/time';
import { usePulse } from '@/live/hooks';
import { curlCommand, sampleEvent } from './sampleEvent';

/** Shown until the first event: how to send one. */
export function EmptyState({ pipeline, metrics }: { pipeline: Pipeline; metrics: Metric[] }) {
  const pulse = usePulse();
  const [opened] = useState(() => new Date());
  const stream = pipeline.streams.find(({ source }) => source !== false);
  if (!pulse || pulse.totals.events > 0) return null;
  const eventTime = pipeline.clock === 'event' ? parseTime(pulse.now) : null;
  const at = eventTime === null ? opened : new Date(eventTime);
  const command = stream && curlCommand(location.origin, stream.name, sampleEvent(stream, metrics, at));
  return (
    <Card aria-label="No events yet" data-testid="empty" className="grid gap-6 p-6 sm:p-8 lg:grid-cols-[2fr_3fr] lg:gap-10">
      <div>
        <h2 className="text-xl font-semibold tracking-[-0.02em]">No events yet</h2>
        <p className="mt-2 max-w-md text-muted">
          The pipeline is ready and waiting. Send a first event, and the numbers below start to move. No need to reload.
        </p>
      </div>
      {command && (
        <div className="min-w-0 rounded-xl bg-sunken p-4">
          <pre data-testid="curl" tabIndex={0} aria-label="Command that sends an event" className="overflow-x-auto font-mono text-xs leading-6 whitespace-pre-wrap wrap-anywhere text-ink-2">
            {command}
          </pre>
          <div className="mt-3 flex justify-end">
            <CopyButton text={command} label="Copy command" />
          </div>
        </div>
      )}
    </Card>
  );
}
