import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveMode } from './mode';

describe('the way numbers come', () => {
  const saved = new Map<string, string>();

  beforeEach(() => {
    saved.clear();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => saved.get(key) ?? null,
      setItem: (key: string, value: string) => saved.set(key, value),
    });
  });

  it('is what the pipeline declares until somebody chooses', () => {
    const mode = new LiveMode();
    const listener = vi.fn();
    mode.subscribe(listener);
    expect(mode.get()).toBe('sse');
    mode.declare('websocket');
    expect(mode.get()).toBe('websocket');
    mode.choose('polling');
    mode.declare('sse');
    expect(mode.get()).toBe('polling');
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it('is remembered', () => {
    new LiveMode().choose('websocket');
    expect(new LiveMode().get()).toBe('websocket');
    saved.set('millrace.live', 'pigeon');
    expect(new LiveMode().get()).toBe('sse');
  });
});
