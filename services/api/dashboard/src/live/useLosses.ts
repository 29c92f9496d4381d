import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import type { Status } from '@/api/types';
import { useConnection } from './hooks';

const EVERY_MS = 30_000;

/** Events that Kafka deleted before they were counted, by partition; asked for now and then. */
export function useLosses(): NonNullable<Status['losses']> {
  const { via } = useConnection();
  const [losses, setLosses] = useState<NonNullable<Status['losses']>>([]);
  useEffect(() => {
    if (via !== 'stream' && via !== 'polling') return;
    const abort = new AbortController();
    const ask = () =>
      api.status(abort.signal).then(
        (status) => setLosses((status.losses ?? []).filter(({ events }) => events > 0)),
        // The connection's state already says that the API is away.
        () => undefined,
      );
    void ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [via]);
  return losses;
}
