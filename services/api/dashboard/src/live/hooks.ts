import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveEntry } from '@/api/types';
import { parseTime } from '@/format/time';
import type { Mode } from './mode';
import { type Connection, connection, mode, pipelineSource, type PipelineInfo, type Pulse, store } from './sources';

export function usePulse(): Pulse | null {
  return useSyncExternalStore(store.subscribePulse, store.getPulse);
}

/** The pipeline's clock in epoch milliseconds as last heard, without asking to be told when it moves. */
export const pipelineNow = (): number | null => parseTime(store.getPulse()?.now);

/** A metric over a window; re-renders only when that changed. */
export function useEntry(metric: string, window: string): LiveEntry | undefined {
  const subscribe = useCallback(
    (listener: () => void) => store.subscribeEntry(metric, window, listener),
    [metric, window],
  );
  const get = useCallback(() => store.getEntry(metric, window), [metric, window]);
  return useSyncExternalStore(subscribe, get);
}

export function useConnection(): Connection {
  return useSyncExternalStore(connection.subscribe, connection.get);
}

export function useMode(): Mode {
  return useSyncExternalStore(mode.subscribe, mode.get);
}

export function usePipeline(): PipelineInfo {
  return useSyncExternalStore(pipelineSource.subscribe, pipelineSource.get);
}

/** This browser's clock in milliseconds, moving on every second. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
