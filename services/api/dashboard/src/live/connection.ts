/** How the numbers reach this page. Times are milliseconds of this browser's clock. */
export type Connection =
  | { via: 'connecting' }
  | { via: 'stream' }
  | { via: 'reconnecting'; attempt: number; retryAt: number }
  /** `chosen`: because the reader wants it, not for want of a stream. */
  | { via: 'polling'; retryAt: number; chosen?: boolean };

/** Holds the connection's state; told at once, not per frame, for the tab's title must move while hidden. */
export class ConnectionState {
  private current: Connection = { via: 'connecting' };
  private readonly listeners = new Set<() => void>();

  get = (): Connection => this.current;

  set(next: Connection): void {
    if (next.via === this.current.via && (next.via === 'stream' || next.via === 'connecting')) return;
    this.current = next;
    for (const listener of [...this.listeners]) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
