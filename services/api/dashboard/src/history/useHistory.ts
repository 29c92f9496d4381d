import { useCallback, useEffect, useState } from 'react';
import { api, type HistoryQuery } from '@/api/client';
import type { History } from '@/api/types';

export interface Past {
  current: History;
  /** Of the same length just before. */
  previous: History;
}

export type PastState =
  | { state: 'loading'; past: Past | null }
  | { state: 'ready'; past: Past }
  | { state: 'failed'; reason: string; past: null };

interface Asked {
  name: string;
  current: HistoryQuery;
  previous: HistoryQuery;
}

interface Answered {
  /** What was asked. */
  key: string;
  /** What the answer is of, whatever the time. */
  subject: string;
  past: Past | null;
  reason: string | null;
}

const subjectOf = ({ name, current: { group } }: Asked) => JSON.stringify([name, group]);

/** A metric over a period and the one before; what was there stays while another period of it is fetched. */
export function useHistory(asked: Asked | null): PastState & { retry: () => void } {
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify([asked, attempt]);

  useEffect(() => {
    const [wanted] = JSON.parse(key) as [Asked | null];
    if (!wanted) return;
    const controller = new AbortController();
    const settle = (past: Past | null, reason: string | null) => {
      if (!controller.signal.aborted) setAnswered({ key, subject: subjectOf(wanted), past, reason });
    };
    Promise.all([
      api.history(wanted.name, wanted.current, controller.signal),
      api.history(wanted.name, wanted.previous, controller.signal),
    ]).then(
      ([current, previous]) => settle({ current, previous }, null),
      (cause: unknown) => settle(null, cause instanceof Error ? cause.message : 'History could not be read'),
    );
    return () => controller.abort();
  }, [key]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const mine = answered && asked && answered.subject === subjectOf(asked) ? answered : null;
  if (mine?.key === key) {
    return mine.past ? { state: 'ready', past: mine.past, retry } : { state: 'failed', reason: mine.reason ?? '', past: null, retry };
  }
  return { state: 'loading', past: mine?.past ?? null, retry };
}

/** The time, which moves on now and then while the page is seen. */
export function useSlowNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
