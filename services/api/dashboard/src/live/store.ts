import type { LiveEntry, LiveMessage, PipelineState, Totals } from '@/api/types';
import { entryKey, mergeEntry } from './merge';

export interface Pulse {
  at: string;
  /** The pipeline's clock; null before the first event of an event-time pipeline. */
  now: string | null;
  totals: Totals;
  state: PipelineState;
  stateReason: string | null;
  /** Why the numbers came past the topic that they shall come through; null where they did not. */
  past: string | null;
  /** Whether they came through it. */
  throughTopic: boolean;
  /** How many messages came since the page was opened. */
  updates: number;
  /** When the message came in, in milliseconds of this browser's clock. */
  receivedAt: number;
}

type Listener = () => void;
type Schedule = (flush: () => void) => void;

/**
 * What is known of the pipeline: its pulse, and one entry per metric and window. Entries are replaced, never
 * changed, so a panel re-renders only when its own entry did. Listeners are told once per animation frame.
 */
export class LiveStore {
  private pulse: Pulse | null = null;
  private entries = new Map<string, LiveEntry>();
  private readonly pulseListeners = new Set<Listener>();
  private readonly entryListeners = new Map<string, Set<Listener>>();
  private readonly changed = new Set<string>();
  private pulseChanged = false;
  private scheduled = false;
  private readonly schedule: Schedule;
  private readonly clock: () => number;

  constructor(schedule: Schedule = (flush) => requestAnimationFrame(flush), clock: () => number = Date.now) {
    this.schedule = schedule;
    this.clock = clock;
  }

  getPulse = (): Pulse | null => this.pulse;

  getEntry = (metric: string, window: string): LiveEntry | undefined => this.entries.get(entryKey(metric, window));

  subscribePulse = (listener: Listener): (() => void) => {
    this.pulseListeners.add(listener);
    return () => this.pulseListeners.delete(listener);
  };

  subscribeEntry = (metric: string, window: string, listener: Listener): (() => void) => {
    const key = entryKey(metric, window);
    const listeners = this.entryListeners.get(key) ?? new Set();
    this.entryListeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.entryListeners.get(key) === listeners) this.entryListeners.delete(key);
    };
  };

  /** What is on screen: metric and window of every entry somebody listens to. */
  watched(): { metric: string; window: string }[] {
    return [...this.entryListeners.keys()].map((key) => {
      const bar = key.lastIndexOf('|');
      return { metric: key.slice(0, bar), window: key.slice(bar + 1) };
    });
  }

  /** Replaces everything. */
  snapshot(message: LiveMessage): void {
    for (const key of this.entries.keys()) this.changed.add(key);
    this.entries = new Map();
    this.apply(message);
  }

  /** Replaces what the message carries and keeps the rest. */
  update(message: LiveMessage): void {
    this.apply(message);
  }

  /** Replaces the given entries whole, series included; the answer of a poll. */
  replace(message: Omit<LiveMessage, 'metrics'>, entries: LiveEntry[]): void {
    for (const entry of entries) this.entries.delete(entryKey(entry.metric, entry.window));
    this.apply({ ...message, metrics: entries });
  }

  private apply(message: LiveMessage): void {
    const { at, now, totals, state, stateReason, through, throughReason } = message;
    const updates = (this.pulse?.updates ?? 0) + 1;
    const past = through === 'snapshot' ? (throughReason ?? 'it is not known why') : null;
    this.pulse = {
      at, now, totals, state, stateReason, past, throughTopic: through === 'stats', updates, receivedAt: this.clock(),
    };
    this.pulseChanged = true;
    for (const incoming of message.metrics) {
      const key = entryKey(incoming.metric, incoming.window);
      this.entries.set(key, mergeEntry(this.entries.get(key), incoming));
      this.changed.add(key);
    }
    if (!this.scheduled) {
      this.scheduled = true;
      this.schedule(this.flush);
    }
  }

  private readonly flush = (): void => {
    this.scheduled = false;
    const keys = [...this.changed];
    this.changed.clear();
    if (this.pulseChanged) {
      this.pulseChanged = false;
      for (const listener of [...this.pulseListeners]) listener();
    }
    for (const key of keys) {
      for (const listener of [...(this.entryListeners.get(key) ?? [])]) listener();
    }
  };
}
