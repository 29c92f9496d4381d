import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveMessage } from '@/api/types';
import { LiveStore } from './store';

const AT = '2026-01-01T12:00:00Z';

function message(events: number, ...metrics: LiveMessage['metrics']): LiveMessage {
  return { at: AT, now: AT, totals: { events, valid: events, invalid: 0, late: 0 }, state: 'live', stateReason: null, metrics };
}

function entry(metric: string, value: number, window = '5m') {
  return { metric, window, from: AT, to: AT, value, previous: 0, series: [] };
}

describe('the store', () => {
  let frames: (() => void)[];
  let store: LiveStore;
  const frame = () => frames.splice(0).forEach((flush) => flush());

  beforeEach(() => {
    frames = [];
    store = new LiveStore((flush) => frames.push(flush), () => 42);
  });

  it('has nothing before the first message', () => {
    expect(store.getPulse()).toBeNull();
    expect(store.getEntry('users', '5m')).toBeUndefined();
  });

  it('takes a snapshot', () => {
    store.snapshot(message(3, entry('users', 7), entry('users', 9, '1h')));
    expect(store.getPulse()).toMatchObject({ totals: { events: 3 }, receivedAt: 42 });
    expect(store.getEntry('users', '5m')?.value).toBe(7);
    expect(store.getEntry('users', '1h')?.value).toBe(9);
  });

  it('knows which way the numbers came', () => {
    store.snapshot(message(3));
    expect(store.getPulse()).toMatchObject({ past: null, throughTopic: false });
    store.update({ ...message(4), through: 'stats', throughReason: null });
    expect(store.getPulse()).toMatchObject({ past: null, throughTopic: true });
    store.update({ ...message(5), through: 'snapshot', throughReason: 'it is silent' });
    expect(store.getPulse()).toMatchObject({ past: 'it is silent', throughTopic: false });
  });

  it('keeps in an update what the update does not carry', () => {
    store.snapshot(message(3, entry('users', 7), entry('views', 1)));
    const users = store.getEntry('users', '5m');
    store.update(message(4, entry('views', 2)));
    expect(store.getEntry('users', '5m')).toBe(users);
    expect(store.getEntry('views', '5m')?.value).toBe(2);
    expect(store.getPulse()?.totals.events).toBe(4);
  });

  it('forgets in a snapshot what the snapshot does not carry', () => {
    store.snapshot(message(3, entry('users', 7)));
    const told = vi.fn();
    store.subscribeEntry('users', '5m', told);
    store.snapshot(message(3, entry('views', 7)));
    frame();
    expect(store.getEntry('users', '5m')).toBeUndefined();
    expect(told).toHaveBeenCalledOnce();
  });

  it('tells only those whose entry changed, once per frame', () => {
    const [users, views, pulse] = [vi.fn(), vi.fn(), vi.fn()];
    store.subscribeEntry('users', '5m', users);
    store.subscribeEntry('views', '5m', views);
    store.subscribePulse(pulse);
    store.update(message(1, entry('users', 1)));
    store.update(message(2, entry('users', 2)));
    expect(users).not.toHaveBeenCalled();
    expect(frames).toHaveLength(1);
    frame();
    expect(users).toHaveBeenCalledOnce();
    expect(pulse).toHaveBeenCalledOnce();
    expect(views).not.toHaveBeenCalled();
  });

  it('knows what is watched until nobody listens', () => {
    const one = store.subscribeEntry('a|b', '5m', () => {});
    const two = store.subscribeEntry('a|b', '5m', () => {});
    one();
    expect(store.watched()).toEqual([{ metric: 'a|b', window: '5m' }]);
    two();
    expect(store.watched()).toEqual([]);
  });

  it('takes the whole series of a poll instead of merging it', () => {
    const series = [[1_767_268_800, 5] as [number, number]];
    store.snapshot(message(1, { ...entry('users', 1), series }));
    store.replace(message(2), [{ ...entry('users', 2), series: [[1_767_268_860, 6]] }]);
    expect(store.getEntry('users', '5m')?.series).toEqual([[1_767_268_860, 6]]);
  });
});
