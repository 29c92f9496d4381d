import { describe, expect, it } from 'vitest';
import type { LiveEntry } from '@/api/types';
import { colorOf, countIn, stateColors } from './states';

const entry = (...keys: (string | null)[]): LiveEntry => ({
  metric: 'm', window: 'all', from: null, to: '2026-01-01T12:00:00Z', value: 1, series: [], groups: keys.map((key) => ({ key, value: 1 })),
});

describe('colours of states', () => {
  it('stay the same in whatever order the states come', () => {
    expect(stateColors(entry('b', 'a', null))).toEqual(stateColors(entry(null, 'a', 'b')));
    expect(stateColors(entry('b', 'a')).map(({ label }) => label)).toEqual(['a', 'b']);
  });

  it('are shared when they run out, and by states that are not listed', () => {
    const colors = stateColors(entry(...'abcdefghi'));
    expect(new Set(colors.map(({ color }) => color)).size).toBe(8);
    expect(colorOf(colors, 'i')).toBe(colorOf(colors, 'elsewhere'));
    expect(colorOf(colors, 'a')).not.toBe(colorOf(colors, 'b'));
  });

  it('are one where there are no states', () => {
    expect(colorOf([], null)).toBe('var(--state-1)');
  });
});

describe('states in a fence', () => {
  it('are none where all are told, and unknown where they are not', () => {
    const groups = [{ key: 'a', value: 2 }, { key: null, value: 1 }];
    expect(countIn({ fence: 'f', value: 3, groups }, '"a"')).toBe(2);
    expect(countIn({ fence: 'f', value: 3, groups }, 'null')).toBe(1);
    expect(countIn({ fence: 'f', value: 3, groups }, '"b"')).toBe(0);
    expect(countIn({ fence: 'f', value: 4, groups }, '"b"')).toBeNull();
  });
});
