import { describe, expect, it } from 'vitest';
import { RateMeter } from './rate';

describe('the rate', () => {
  it('is unknown before there are two samples', () => {
    const meter = new RateMeter();
    expect(meter.current()).toBeNull();
    meter.add(0, 100);
    expect(meter.current()).toBeNull();
    expect(meter.points()).toEqual([]);
  });

  it('averages over the last seconds', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 10; second++) meter.add(second * 1000, second < 5 ? 0 : (second - 5) * 30);
    expect(meter.current()).toBe(30);
  });

  it('falls to zero when nothing comes', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 10; second++) meter.add(second * 1000, Math.min(second, 4) * 10);
    expect(meter.current()).toBe(0);
  });

  it('starts over when the count does', () => {
    const meter = new RateMeter();
    meter.add(0, 1_000);
    meter.add(1_000, 0);
    meter.add(2_000, 8);
    expect(meter.current()).toBe(8);
  });

  it('forgets what is older than two minutes', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 600; second++) meter.add(second * 1000, second);
    expect(meter.points().length).toBeLessThanOrEqual(126);
    expect(meter.points().every(([, value]) => value === 1)).toBe(true);
  });
});
