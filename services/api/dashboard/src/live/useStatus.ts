import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import type { Status } from '@/api/types';
import { useConnection } from './hooks';

const EVERY_MS = 30_000;

/** What is asked for only now and then: events that were never counted, and whether numbers are proven. */
export function useStatus(): Status | null {
  const { via } = useConnection();
  const [status, setStatus] = useState<Status | null>(null);
  useEffect(() => {
    if (via !== 'stream' && via !== 'polling') return;
    const abort = new AbortController();
    // Where it fails, the connection's state already says that the API is away.
    const ask = () => api.status(abort.signal).then(setStatus, () => undefined);
    void ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [via]);
  return status;
}
