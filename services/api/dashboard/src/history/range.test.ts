import { describe, expect, it } from 'vitest';
import { before, bestStep, fromField, isolated, lengthOf, periodOf, stepsFor, toField } from './range';

const NOW = Date.parse('2026-11-21T12:34:56Z');
const at = (iso: string) => Date.parse(iso);

describe('periods of history', () => {
  it('end with the step that now is in', () => {
    expect(periodOf('hour', 86_400_000, null, null, NOW)).toEqual({
      from: at('2026-11-20T13:00:00Z'),
      to: at('2026-11-21T13:00:00Z'),
      step: 'hour',
    });
    expect(periodOf('day', 3_600_000, null, null, NOW).from).toBe(at('2026-11-21T00:00:00Z'));
  });

  it('that are custom are made of whole steps around them', () => {
    expect(periodOf('hour', 1, at('2026-11-20T08:10:00Z'), at('2026-11-20T09:20:00Z'), NOW)).toEqual({
      from: at('2026-11-20T08:00:00Z'),
      to: at('2026-11-20T10:00:00Z'),
      step: 'hour',
    });
  });

  it('are compared with those of the same length just before', () => {
    expect(before({ from: 100, to: 160, step: 'minute' })).toEqual({ from: 40, to: 100, step: 'minute' });
  });

  it('are of no length where their ends are no range', () => {
    expect(lengthOf('custom', 5, 5)).toBeNull();
    expect(lengthOf('custom', null, 5)).toBeNull();
    expect(lengthOf('custom', 2, 5)).toBe(3);
    expect(lengthOf('1h', null, null)).toBe(3_600_000);
  });
});

describe('steps of history', () => {
  it('make neither too many points nor less than one', () => {
    expect(stepsFor(['minute', 'hour', 'day'], 3_600_000)).toEqual(['minute', 'hour']);
    expect(stepsFor(['minute', 'hour', 'day'], 86_400_000)).toEqual(['minute', 'hour', 'day']);
    expect(stepsFor(['minute', 'hour', 'day'], 7 * 86_400_000)).toEqual(['hour', 'day']);
    expect(stepsFor(['day'], 3_600_000)).toEqual(['day']);
    expect(stepsFor([], 3_600_000)).toEqual([]);
  });

  it('are by default the longest that makes a good chart', () => {
    expect(bestStep(['minute', 'hour'], 3_600_000)).toBe('minute');
    expect(bestStep(['minute', 'hour', 'day'], 86_400_000)).toBe('hour');
    expect(bestStep(['hour', 'day'], 30 * 86_400_000)).toBe('day');
    expect(bestStep(['day'], 86_400_000)).toBe('day');
  });
});

describe('fields of date and time', () => {
  it('give back what they were given, to the minute', () => {
    expect(fromField(toField(at('2026-11-21T12:34:00Z')))).toBe(at('2026-11-21T12:34:00Z'));
    expect(fromField('')).toBeNull();
    expect(toField(null)).toBe('');
  });
});

describe('values that no line shows', () => {
  it('stand alone', () => {
    expect(isolated([null, 1, null, 2, 3, null, 4])).toEqual([1, 6]);
    expect(isolated([5])).toEqual([0]);
    expect(isolated([1, 2])).toEqual([]);
  });
});
