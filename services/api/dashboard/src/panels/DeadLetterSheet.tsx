import { Inbox } from 'lucide-react';
import { api } from '@/api/client';
import type { DeadLetter } from '@/api/types';
import { CopyButton } from '@/components/CopyButton';
import { Button } from '@/components/ui/button';
import { Dialog, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { formatCount } from '@/format/number';
import { formatAgo, parseTime } from '@/format/time';
import { useNow, usePulse } from '@/live/hooks';
import { useRefreshed } from '@/live/useRefreshed';

const LIMIT = 50;

/** What did not count, and why: newest first, with the raw event and where it lies in Kafka. */
export function DeadLetterSheet({ onClose }: { onClose: () => void }) {
  const invalid = usePulse()?.totals.invalid;
  const { answer, error, retry } = useRefreshed('dead letters', invalid, () => api.deadLetters(LIMIT));
  return (
    <Dialog side="right" onClose={onClose} data-testid="dead-letter-sheet">
      <div className="border-b p-5 pr-14 sm:px-6">
        <DialogTitle className="text-lg font-semibold tracking-[-0.015em]">Dead letters</DialogTitle>
        <DialogDescription className="mt-0.5 text-[13px] text-muted">
          {answer && answer.total > 0
            ? `${formatCount(answer.total)} kept, ${formatCount(answer.late)} of them late. The newest ${answer.recent.length}:`
            : 'Events that were not counted, and why.'}
        </DialogDescription>
      </div>
      <div className="flex flex-1 flex-col overflow-y-auto">
        {error && (
          <div role="alert" className="flex items-center justify-between gap-3 bg-danger-soft px-6 py-3 text-danger">
            {error} <Button onClick={retry}>Try again</Button>
          </div>
        )}
        {answer && <Causes causes={answer.causes} />}
        {answer ? <Letters letters={answer.recent} /> : !error && <LetterSkeletons />}
      </div>
    </Dialog>
  );
}

/** How many there are of each kind of fault, most first. */
function Causes({ causes }: { causes: Record<string, number> }) {
  const sorted = Object.entries(causes).sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return null;
  return (
    <ul aria-label="Dead letters by cause" className="flex flex-wrap gap-x-5 gap-y-1 border-b px-5 py-3 text-[13px] sm:px-6">
      {sorted.map(([cause, count]) => (
        <li key={cause} data-testid="dead-letter-cause" data-cause={cause} data-value={count}>
          <span className="text-muted">{cause}</span> <span className="font-medium">{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}

function Letters({ letters }: { letters: DeadLetter[] }) {
  const now = useNow();
  if (letters.length === 0) {
    return (
      <div className="m-auto flex flex-col items-center gap-2 p-8 text-center text-muted">
        <Inbox aria-hidden className="size-8" strokeWidth={1.25} />
        <p>None. Every event was valid and on time.</p>
      </div>
    );
  }
  return (
    <ul className="divide-y">
      {letters.map((letter) => (
        <Letter
          key={`${letter.stream}:${letter.topic}:${letter.partition}:${letter.offset}:${letter.element ?? ''}`}
          letter={letter}
          now={now}
        />
      ))}
    </ul>
  );
}

function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}

function Letter({ letter, now }: { letter: DeadLetter; now: number }) {
  const at = parseTime(letter.at);
  const element = letter.element === null ? '' : ` [${letter.element}]`;
  const position = `${letter.topic}/${letter.partition} @ ${letter.offset}${element}`;
  return (
    <li data-testid="dead-letter" data-offset={letter.offset} className="p-5 sm:px-6">
      <div className="flex items-baseline justify-between gap-4">
        <p className="min-w-0 font-medium break-words">{letter.reason}</p>
        {at !== null && (
          <time dateTime={letter.at} title={letter.at} className="shrink-0 text-[13px] text-muted">
            {formatAgo(at, now)}
          </time>
        )}
      </div>
      <pre
        tabIndex={0}
        aria-label="Raw event"
        className="mt-3 max-h-56 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap text-ink-2"
      >
        {letter.event === '' ? '(an empty message)' : pretty(letter.event)}
      </pre>
      <div className="mt-2 flex items-center justify-between gap-3">
        <p className="min-w-0 truncate text-[13px] text-muted" title="stream, then topic/partition @ offset, and the element of an array">
          {letter.stream} · <span className="font-mono text-xs">{position}</span>
        </p>
        <CopyButton text={letter.event} />
      </div>
    </li>
  );
}

function LetterSkeletons() {
  return (
    <div className="flex flex-col gap-6 p-6">
      {[0, 1, 2].map((i) => (
        <div key={i} className="flex flex-col gap-3">
          <Skeleton className="h-4 w-3/5" />
          <Skeleton className="h-24" />
        </div>
      ))}
    </div>
  );
}
