import { ApiError, api } from '@/api/client';
import type { Metric, Pipeline } from '@/api/types';

export type PipelineInfo =
  | { state: 'loading' }
  | { state: 'ready'; pipeline: Pipeline; metrics: Map<string, Metric> }
  | { state: 'failed'; reason: string; retryAt: number };

const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** What the pipeline declares; asked for until it is known, and again whenever `refresh` is called. */
class PipelineSource {
  private info: PipelineInfo = { state: 'loading' };
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  get = (): PipelineInfo => this.info;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  refresh = async (): Promise<void> => {
    clearTimeout(this.timer);
    try {
      const [pipeline, metrics] = await Promise.all([api.pipeline(), api.metrics()]);
      this.attempts = 0;
      const next = { state: 'ready' as const, pipeline, metrics: new Map(metrics.map((m) => [m.name, m])) };
      if (!this.sameAs(next)) this.set(next);
    } catch (cause) {
      // What is known stays good while the API is away.
      if (this.info.state === 'ready') return;
      const pause = BACKOFF_MS[Math.min(this.attempts++, BACKOFF_MS.length - 1)] as number;
      this.timer = setTimeout(() => void this.refresh(), pause);
      const reason = cause instanceof ApiError ? cause.message : 'The API cannot be reached';
      this.set({ state: 'failed', reason, retryAt: Date.now() + pause });
    }
  };

  private sameAs(next: PipelineInfo & { state: 'ready' }): boolean {
    if (this.info.state !== 'ready') return false;
    const text = (info: typeof next) => JSON.stringify([info.pipeline, [...info.metrics]]);
    return text(this.info) === text(next);
  }

  private set(info: PipelineInfo): void {
    this.info = info;
    for (const listener of [...this.listeners]) listener();
  }
}

export const pipelineSource = new PipelineSource();
