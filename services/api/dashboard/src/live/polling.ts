import { api } from '@/api/client';
import type { LiveEntry } from '@/api/types';
import { parseTime } from '@/format/time';
import type { ConnectionState } from './connection';
import type { LiveStore } from './store';
import type { Fallback } from './stream';

const EVERY_MS = 3_000;

async function fetchEntry(metric: string, window: string, signal: AbortSignal): Promise<LiveEntry> {
  const [value, series] = await Promise.all([
    api.metric(metric, { window }, signal),
    api.series(metric, window, signal),
  ]);
  return {
    ...value,
    series: series.points.flatMap((point) => {
      const t = parseTime(point.t);
      return t === null || point.value === null ? [] : [[t / 1000, point.value] as [number, number]];
    }),
  };
}

/** Fetches what is on screen every few seconds while no stream is to be had. */
export class Polling implements Fallback {
  private running: AbortController | null = null;
  private chosen = false;
  private readonly store: LiveStore;
  private readonly connection: ConnectionState;

  constructor(store: LiveStore, connection: ConnectionState) {
    this.store = store;
    this.connection = connection;
  }

  /** Begins; `chosen` where no stream is wanted. */
  start(chosen = false): void {
    this.chosen = chosen;
    if (this.running) return;
    this.running = new AbortController();
    void this.run(this.running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.running = null;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.poll(signal);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  private async poll(signal: AbortSignal): Promise<void> {
    const before = this.connection.get();
    const retryAt = 'retryAt' in before ? before.retryAt : Date.now();
    try {
      const watched = this.store.watched();
      const [status, entries] = await Promise.all([
        api.status(signal),
        Promise.all(watched.map(({ metric, window }) => fetchEntry(metric, window, signal))),
      ]);
      if (signal.aborted) return;
      const { now, totals, state, stateReason } = status;
      this.store.replace({ at: new Date().toISOString(), now, totals, state, stateReason }, entries);
      this.connection.set(this.chosen ? { via: 'polling', retryAt, chosen: true } : { via: 'polling', retryAt });
    } catch {
      if (signal.aborted) return;
      const current = this.connection.get();
      if (current.via === 'polling' || this.chosen) this.connection.set({ via: 'reconnecting', attempt: 1, retryAt: 'retryAt' in current ? current.retryAt : Date.now() });
    }
  }
}
