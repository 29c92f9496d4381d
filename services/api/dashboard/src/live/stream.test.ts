import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionState } from './connection';
import { LiveStore } from './store';
import { LiveStream, type Source } from './stream';

class FakeSource implements Source {
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    this.listeners.set(type, listener);
  }

  close() {
    this.closed = true;
  }

  send(type: string, id: string, data: unknown) {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    this.listeners.get(type)?.({ data: text, lastEventId: id } as MessageEvent<string>);
  }

  /** The browser goes on trying by itself. */
  hiccup() {
    this.readyState = 0;
    this.onerror?.();
  }

  /** The browser has given up, as after an answer that is no stream. */
  fail() {
    this.readyState = 2;
    this.onerror?.();
  }
}

function message(events: number, value: number) {
  const at = '2026-01-01T12:00:00Z';
  const metrics = [{ metric: 'users', window: '5m', from: at, to: at, value, series: [] }];
  return { at, now: at, totals: { events, valid: events, invalid: 0, late: 0 }, state: 'live', stateReason: null, metrics };
}

describe('the stream', () => {
  let sources: FakeSource[];
  let store: LiveStore;
  let connection: ConnectionState;
  const fallback = { start: vi.fn(), stop: vi.fn() };
  const last = () => sources.at(-1) as FakeSource;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.clearAllMocks();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    sources = [];
    store = new LiveStore((flush) => flush());
    connection = new ConnectionState();
    const open = (url: string) => {
      sources.push(new FakeSource(url));
      return last();
    };
    new LiveStream(store, connection, fallback, open).start();
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('is live from the first snapshot on', () => {
    expect(last().url).toBe('/api/v1/stream');
    last().onopen?.();
    expect(connection.get().via).toBe('connecting');
    last().send('snapshot', 'b-1', message(1, 5));
    expect(connection.get().via).toBe('stream');
    last().send('update', 'b-2', message(2, 6));
    expect(store.getEntry('users', '5m')?.value).toBe(6);
  });

  it('leaves a short cut to the browser and is live again when it opens', () => {
    last().send('snapshot', 'b-1', message(1, 5));
    last().hiccup();
    expect(connection.get()).toMatchObject({ via: 'reconnecting', attempt: 1, retryAt: Date.now() + 2_000 });
    expect(sources).toHaveLength(1);
    last().onopen?.();
    expect(connection.get().via).toBe('stream');
    expect(store.getEntry('users', '5m')?.value).toBe(5);
  });

  it('makes a fresh connection when the browser gave up, resuming after the last message', () => {
    last().send('snapshot', 'b-1', message(1, 5));
    last().send('update', 'b-2', message(2, 6));
    last().fail();
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
    expect(last().url).toBe('/api/v1/stream?lastEventId=b-2');
    last().send('update', 'b-3', message(3, 7));
    expect(connection.get().via).toBe('stream');
    expect(store.getEntry('users', '5m')?.value).toBe(7);
  });

  it('waits longer after each failure', () => {
    const pauses = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000];
    for (const [failures, pause] of pauses.entries()) {
      last().fail();
      expect(connection.get()).toMatchObject({ attempt: failures + 1, retryAt: Date.now() + pause });
      vi.advanceTimersByTime(pause - 1);
      expect(sources).toHaveLength(failures + 1);
      vi.advanceTimersByTime(1);
      expect(sources).toHaveLength(failures + 2);
    }
  });

  it('takes over from a browser that tries in vain', () => {
    last().send('snapshot', 'b-1', message(1, 5));
    for (let i = 0; i < 3; i++) last().hiccup();
    expect(sources[0]?.closed).toBe(true);
    vi.advanceTimersByTime(4_000);
    expect(sources).toHaveLength(2);
  });

  it('does not wait forever for a first message that a proxy holds back', () => {
    last().onopen?.();
    vi.advanceTimersByTime(10_000);
    expect(connection.get().via).toBe('reconnecting');
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
  });

  it('starts the fallback after some time without a stream, once, and stops it when the stream is back', () => {
    last().fail();
    vi.advanceTimersByTime(7_999);
    expect(fallback.start).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fallback.start).toHaveBeenCalledOnce();
    fallback.stop.mockClear();
    last().send('snapshot', 'b-9', message(1, 5));
    expect(fallback.stop).toHaveBeenCalled();
  });

  it('stays "polling" while it goes on trying', () => {
    last().fail();
    connection.set({ via: 'polling', retryAt: 0 });
    vi.advanceTimersByTime(1_000);
    last().fail();
    expect(connection.get()).toEqual({ via: 'polling', retryAt: Date.now() + 2_000 });
  });

  it('asks for a new snapshot when a message cannot be read', () => {
    last().send('snapshot', 'b-1', message(1, 5));
    last().send('update', 'b-2', '{"cut');
    expect(connection.get().via).toBe('reconnecting');
    vi.advanceTimersByTime(1_000);
    expect(last().url).toBe('/api/v1/stream');
  });
});
