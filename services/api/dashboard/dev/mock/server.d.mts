import type { Server } from 'node:http';

export interface MockOptions {
  /** 0 picks a free one. */
  port?: number;
  name?: 'clickstream' | 'orders' | 'weblog';
  /** Events per second. */
  rate?: number;
  /** Seconds of events before the start. */
  historySeconds?: number;
  seed?: number;
}

export function startMock(options?: MockOptions): Promise<Server>;
