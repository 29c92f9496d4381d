import type { LiveMessage } from '@/api/types';
import type { ConnectionState } from './connection';
import type { LiveStore } from './store';

/** The part of EventSource that is used; tests bring their own. */
export interface Source {
  readonly readyState: number;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface Fallback {
  start(): void;
  stop(): void;
}

const CLOSED = 2;
/** The `retry` that the server announces, which the browser keeps to by itself. */
const NATIVE_RETRY_MS = 2_000;
const NATIVE_RETRIES = 3;
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
const FIRST_MESSAGE_MS = 10_000;
const FALLBACK_AFTER_MS = 8_000;

/**
 * Keeps the server-sent event stream open. Brief cuts are left to the browser, which resumes with
 * Last-Event-ID; when that fails for good a fresh connection is made with growing pauses, resuming by
 * ?lastEventId=. While no stream is to be had for some time, the fallback fetches the numbers.
 */
export class LiveStream {
  private source: Source | null = null;
  private lastId = '';
  private attempt = 0;
  private nativeErrors = 0;
  private hasData = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private openTimer: ReturnType<typeof setTimeout> | undefined;
  private fallbackTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly store: LiveStore;
  private readonly connection: ConnectionState;
  private readonly fallback: Fallback;
  private readonly open: (url: string) => Source;

  constructor(
    store: LiveStore,
    connection: ConnectionState,
    fallback: Fallback,
    open: (url: string) => Source = (url) => new EventSource(url) as Source,
  ) {
    this.store = store;
    this.connection = connection;
    this.fallback = fallback;
    this.open = open;
  }

  start(): void {
    this.connect();
  }

  /** Ends it; a later start begins with a snapshot, for the numbers may have come another way meanwhile. */
  stop(): void {
    this.drop();
    this.lastId = '';
    this.hasData = false;
    this.attempt = 0;
    clearTimeout(this.retryTimer);
    clearTimeout(this.fallbackTimer);
    this.fallbackTimer = undefined;
    this.fallback.stop();
  }

  /** Tries at once, for instance when the network is back or somebody asks for it. */
  retryNow = (): void => {
    if (this.connection.get().via !== 'stream') this.connect();
  };

  /** Gives up a connection that is open but no longer brings news. */
  reconnect = (): void => {
    this.lost(false);
  };

  private connect(): void {
    this.drop();
    clearTimeout(this.retryTimer);
    this.nativeErrors = 0;
    const url = this.lastId ? `/api/v1/stream?lastEventId=${encodeURIComponent(this.lastId)}` : '/api/v1/stream';
    const source = this.open(url);
    this.source = source;
    this.openTimer = setTimeout(() => this.lost(false), FIRST_MESSAGE_MS);
    source.onopen = () => {
      // Resumed with nothing missed: no message need come, and the numbers on screen are right.
      if (this.hasData) this.live();
    };
    source.onerror = () => this.lost(source.readyState !== CLOSED);
    source.addEventListener('snapshot', (event) => this.receive(event, (message) => this.store.snapshot(message)));
    source.addEventListener('update', (event) => this.receive(event, (message) => this.store.update(message)));
  }

  private receive(event: MessageEvent<string>, apply: (message: LiveMessage) => void): void {
    try {
      apply(JSON.parse(event.data) as LiveMessage);
    } catch (cause) {
      console.error('A message of the stream could not be read; asking for a new snapshot', cause);
      this.lastId = '';
      this.lost(false);
      return;
    }
    this.lastId = event.lastEventId || this.lastId;
    this.hasData = true;
    this.live();
  }

  private live(): void {
    clearTimeout(this.openTimer);
    clearTimeout(this.fallbackTimer);
    this.fallbackTimer = undefined;
    this.attempt = 0;
    this.nativeErrors = 0;
    this.fallback.stop();
    this.connection.set({ via: 'stream' });
  }

  private lost(browserRetries: boolean): void {
    clearTimeout(this.openTimer);
    this.attempt += 1;
    this.fallbackTimer ??= setTimeout(() => this.fallback.start(), FALLBACK_AFTER_MS);
    if (browserRetries && ++this.nativeErrors < NATIVE_RETRIES) {
      this.announce(NATIVE_RETRY_MS);
      return;
    }
    this.drop();
    const pause = BACKOFF_MS[Math.min(this.attempt, BACKOFF_MS.length) - 1] as number;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), pause);
    this.announce(pause);
  }

  private announce(pause: number): void {
    const retryAt = Date.now() + pause;
    const polling = this.connection.get().via === 'polling';
    this.connection.set(polling ? { via: 'polling', retryAt } : { via: 'reconnecting', attempt: this.attempt, retryAt });
  }

  private drop(): void {
    clearTimeout(this.openTimer);
    if (!this.source) return;
    this.source.onopen = null;
    this.source.onerror = null;
    this.source.close();
    this.source = null;
  }
}
