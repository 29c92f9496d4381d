import { describe, expect, it } from 'vitest';
import { changeOf } from './change';
import { keyId, keyLabel } from './key';
import { formatExact, formatRate, formatTick, formatValue } from './number';
import { formatAgo, formatBucket, parseTime } from './time';
import { previousName, windowName } from './window';

describe('values', () => {
  it.each([
    [0, null, '0'],
    [1_234, null, '1,234'],
    [999_999, null, '999,999'],
    [1_234_567, null, '1.235M'],
    [0.125, null, '0.13'],
    [-3, null, '-3'],
    [0, 'bytes', '0 B'],
    [1_023, 'bytes', '1,023 B'],
    [1_536, 'bytes', '1.50 KiB'],
    [12.34 * 1024 ** 2, 'bytes', '12.3 MiB'],
    [512 * 1024 ** 3, 'bytes', '512 GiB'],
    [0.25, 'percent', '25%'],
    [0.0312, 'percent', '3.1%'],
    [9.5, 'USD', '$9.50'],
    [20_605.2, 'USD', '$20,605'],
    [2_500_000, 'EUR', '€2.5M'],
    [850, 'ms', '850 ms'],
    [90, 's', '1.5 min'],
    [12, 'requests', '12 requests'],
  ])('%s %s reads %s', (value, unit, expected) => {
    expect(formatValue(value, unit)).toBe(expected);
  });

  it.each([null, undefined, NaN, Infinity])('%s is never shown as a number', (value) => {
    expect(formatValue(value, null)).toBe('–');
    expect(formatExact(value, 'bytes')).toBe('no value');
  });

  it('keeps every digit where all are asked for', () => {
    expect(formatExact(1_234_567.891, null)).toBe('1,234,567.891');
    expect(formatExact(1_536, 'bytes')).toBe('1,536 bytes');
    expect(formatExact(1_234_567.5, 'USD')).toBe('$1,234,567.50');
  });

  it('has short ticks and rates', () => {
    expect(formatTick(2_500, null)).toBe('2.5K');
    expect(formatTick(2_048, 'bytes')).toBe('2 KiB');
    expect([0, 0.04, 3.14159, 99.6, NaN].map(formatRate)).toEqual(['0', '<0.1', '3.1', '100', '0']);
  });
});

describe('changes', () => {
  it('are relative and absolute', () => {
    expect(changeOf(110, 100, null)).toEqual({ direction: 'up', relative: '10%', absolute: '+10' });
    expect(changeOf(75, 100, null)).toEqual({ direction: 'down', relative: '25%', absolute: '−25' });
    expect(changeOf(1_024, 2_048, 'bytes')).toMatchObject({ absolute: '−1.00 KiB' });
  });

  it('say "new" rather than infinity, and nothing where nothing compares', () => {
    expect(changeOf(5, 0, null)).toMatchObject({ direction: 'up', relative: 'new' });
    expect(changeOf(0, 0, null)).toMatchObject({ direction: 'same', relative: '0%' });
    expect(changeOf(5, null, null)).toBeNull();
    expect(changeOf(NaN, 5, null)).toBeNull();
  });

  it('stay short', () => {
    expect(changeOf(1_000_000, 1, null)?.relative).toBe('>9,999%');
    expect(changeOf(100_001, 100_000, null)?.relative).toBe('<0.1%');
  });
});

describe('windows', () => {
  it('have names', () => {
    expect(['5m', '1h', '1d', 'day', 'all'].map(windowName)).toEqual([
      'last 5 minutes',
      'last hour',
      'last day',
      'this day',
      'since the start',
    ]);
    expect(previousName('15m')).toBe('previous 15 minutes');
  });
});

describe('times', () => {
  it('are no time when they are none', () => {
    expect([null, undefined, '', 'soon'].map(parseTime)).toEqual([null, null, null, null]);
    expect(parseTime('1970-01-01T00:00:01Z')).toBe(1_000);
  });

  it('of buckets are as precise as the bucket', () => {
    const t = Date.parse('2026-03-04T05:06:07Z') / 1000;
    expect([1, 60, 3_600, 86_400].map((width) => formatBucket(t, width))).toEqual(['05:06:07', '05:06', '4 Mar, 05:06', '4 Mar']);
  });

  it('ago', () => {
    const now = Date.parse('2026-03-04T05:06:07Z');
    expect([500, 12_000, 200_000, 7_300_000].map((back) => formatAgo(now - back, now))).toEqual(['just now', '12 s ago', '3 min ago', '2 h ago']);
    expect(formatAgo(now + 5_000, now)).toBe('just now');
  });
});

describe('keys', () => {
  it('read as text, and differ when they are different', () => {
    expect([null, '', '(none)', ['DE', null]].map(keyLabel)).toEqual(['(none)', '(empty)', '(none)', 'DE · (none)']);
    expect(new Set([null, '', 'null', '(none)', ['DE', null]].map(keyId)).size).toBe(5);
  });
});
