import { describe, expect, it } from 'vitest';
import type { Fence } from '@/api/types';
import { boundsOf, labelAt, lengthLabel, outline, project, roundLength } from './projection';

const fence = (...coordinates: number[][][][]): Fence => ({ name: 'f', area: { type: 'MultiPolygon', coordinates } });
const square = [[12, 41], [13, 41], [13, 42], [12, 42], [12, 41]];
const hole = [[12.4, 41.4], [12.6, 41.4], [12.6, 41.6], [12.4, 41.4]];

describe('what a map shows', () => {
  it('is nothing of nothing', () => {
    expect(boundsOf([], [])).toBeNull();
  });

  it('holds every fence and nearly every row', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ lon: 12.5 + i / 100, lat: 41.5 }));
    const bounds = boundsOf([fence([square])], [...rows, { lon: 0, lat: 0 }]);
    expect(bounds?.west).toBeLessThanOrEqual(12);
    expect(bounds?.west).toBeGreaterThan(11);
    expect(bounds?.east).toBeGreaterThan(13.4);
    expect(bounds?.east).toBeLessThan(14.5);
    expect(bounds?.south).toBeLessThanOrEqual(41);
    expect(bounds?.north).toBeGreaterThanOrEqual(42);
  });

  it('stays within the Earth, and is never a point', () => {
    const all = boundsOf([fence([[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]])], []);
    expect(all).toEqual({ west: -180, south: -90, east: 180, north: 90 });
    const point = boundsOf([], [{ lon: 12, lat: 41 }]);
    expect((point?.east ?? 0) - (point?.west ?? 0)).toBeGreaterThan(0);
    expect(boundsOf([], [{ lon: 180, lat: 90 }])?.north).toBe(90);
  });

  it('does not move with every row', () => {
    const rows = (shift: number) => [{ lon: 12.01 + shift, lat: 41.01 }, { lon: 12.97, lat: 41.97 - shift }];
    expect(boundsOf([], rows(0.001))).toEqual(boundsOf([], rows(0)));
  });
});

describe('a projection', () => {
  const { x, y, metres } = project({ west: 12, south: 59.5, east: 14, north: 60.5 }, 400, 200);

  it('fits the picture with north above, and keeps lengths in proportion', () => {
    expect(y(60.5)).toBeCloseTo(0);
    expect(y(59.5)).toBeCloseTo(200);
    expect(x(14) - x(12)).toBeCloseTo(200);
    expect(x(13)).toBeCloseTo(200);
    expect(metres * 200).toBeCloseTo(111_320);
  });

  it('draws outlines with their holes, and names above', () => {
    const to = project({ west: 12, south: 41, east: 13, north: 42 }, 100, 100);
    const path = outline(fence([square, hole], [[[12, 41], [12.1, 41], [12, 41.1], [12, 41]]]), to);
    expect(path.match(/M/g)).toHaveLength(3);
    expect(path.match(/Z/g)).toHaveLength(3);
    const [left, top] = labelAt(fence([square, hole]), to);
    expect(left).toBeCloseTo(50);
    expect(top).toBeCloseTo(0);
  });
});

describe('lengths', () => {
  it('are round', () => {
    expect([1, 1.9, 2, 4.9, 5, 99, 1_234, 730_000].map(roundLength)).toEqual([1, 1, 2, 2, 5, 50, 1_000, 500_000]);
    expect([50, 1_000, 20_000].map(lengthLabel)).toEqual(['50 m', '1 km', '20 km']);
  });
});
