import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/api/client';
import type { Group, LiveEntry } from '@/api/types';
import { keyId } from '@/format/key';

/** The most the API gives at once. */
const PAGE_LIMIT = 1_000;
const REFRESH_MS = 3_000;

interface Loaded {
  groups: Group[];
  total: number;
}

async function load(metric: string, window: string, count: number, signal: AbortSignal): Promise<Loaded> {
  // Groups move between pages while they are fetched; the first sight of a key counts.
  const byKey = new Map<string, Group>();
  let total = 0;
  for (let offset = 0; offset < count; offset += PAGE_LIMIT) {
    const limit = Math.min(PAGE_LIMIT, count - offset);
    const page = await api.metric(metric, { window, limit, offset }, signal);
    for (const group of page.groups ?? []) {
      if (!byKey.has(keyId(group.key))) byKey.set(keyId(group.key), group);
    }
    total = page.totalGroups ?? byKey.size;
    if (offset + limit >= total) break;
  }
  return { groups: [...byKey.values()], total: Math.max(total, byKey.size) };
}

/** The highest `count` groups, fetched anew as the live entry moves, at most every few seconds. */
export function useGroups(metric: string, window: string, count: number, entry: LiveEntry | undefined) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const lastStart = useRef(-Infinity);
  const lastQuestion = useRef('');

  useEffect(() => {
    const question = `${metric} ${window} ${count} ${tries}`;
    const wait = question === lastQuestion.current ? lastStart.current + REFRESH_MS - Date.now() : 0;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      lastStart.current = Date.now();
      lastQuestion.current = question;
      load(metric, window, count, abort.signal).then(
        (next) => {
          setLoaded(next);
          setError(null);
        },
        (cause: unknown) => {
          if (!abort.signal.aborted) setError(cause instanceof Error ? cause.message : 'The groups cannot be fetched');
        },
      );
    }, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [metric, window, count, tries, entry]);

  const retry = useCallback(() => setTries((n) => n + 1), []);
  const groups = loaded?.groups ?? entry?.groups ?? [];
  return { groups, total: loaded?.total ?? entry?.totalGroups ?? groups.length, error, retry };
}
