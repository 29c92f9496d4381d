import type { Fence, Position } from '@/api/types';

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** From degrees to a picture of a size, both axes to the same scale in the middle of it. */
export interface Projection {
  x: (lon: number) => number;
  y: (lat: number) => number;
  /** Metres that a unit of the picture stands for. */
  metres: number;
}

const METRES_PER_DEGREE = 111_320;
/** About a hundred metres: less is not zoomed into. */
const LEAST_SPAN = 0.001;
/** How many of a thousand positions at each end do not stretch the map. */
const STRAY = 20;

function bulk(values: number[]): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const stray = Math.floor((sorted.length * STRAY) / 1_000);
  return [sorted[stray] as number, sorted[sorted.length - 1 - stray] as number];
}

function widened([low, high]: [number, number], limit: number): [number, number] {
  const more = Math.max(0, (LEAST_SPAN - (high - low)) / 2);
  // whole steps, so that a map does not move with every row
  const step = 2 ** Math.ceil(Math.log2((high - low + 2 * more) / 16));
  return [Math.max(-limit, Math.floor((low - more) / step) * step), Math.min(limit, Math.ceil((high + more) / step) * step)];
}

/** What a map shows: all fences, and all positions but for a few far away; null where there is nothing. */
export function boundsOf(fences: Fence[], positions: Position[]): Bounds | null {
  const corners = fences.flatMap((fence) => fence.area.coordinates.flat(2));
  const lons = corners.map(([lon]) => lon as number);
  const lats = corners.map(([, lat]) => lat as number);
  if (positions.length > 0) {
    lons.push(...bulk(positions.map(({ lon }) => lon)));
    lats.push(...bulk(positions.map(({ lat }) => lat)));
  }
  if (lons.length === 0) return null;
  const range = (values: number[]): [number, number] => [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const [west, east] = widened(range(lons), 180);
  const [south, north] = widened(range(lats), 90);
  return { west, south, east, north };
}

/** Equirectangular, as large as fits, in the middle of the picture. */
export function project({ west, south, east, north }: Bounds, width: number, height: number): Projection {
  const shrink = Math.max(0.01, Math.cos((((south + north) / 2) * Math.PI) / 180));
  const scale = Math.min(width / ((east - west) * shrink), height / (north - south));
  const left = (width - (east - west) * shrink * scale) / 2;
  const top = (height - (north - south) * scale) / 2;
  return {
    x: (lon) => left + (lon - west) * shrink * scale,
    y: (lat) => top + (north - lat) * scale,
    metres: METRES_PER_DEGREE / scale,
  };
}

/** A fence's outline as SVG has it; with the rule `evenodd` its holes stay open. */
export function outline({ area }: Fence, { x, y }: Projection): string {
  const ring = (points: number[][]) =>
    `M${points.map(([lon, lat]) => `${x(lon as number).toFixed(1)},${y(lat as number).toFixed(1)}`).join('L')}Z`;
  return area.coordinates.flat().map(ring).join('');
}

/** Where a fence's name is written: in the middle of its top. */
export function labelAt({ area }: Fence, { x, y }: Projection): [number, number] {
  const points = area.coordinates.flatMap((polygon) => polygon[0] ?? []);
  const lons = points.map(([lon]) => lon as number);
  const lats = points.map(([, lat]) => lat as number);
  return [x((lons.reduce((a, b) => Math.min(a, b)) + lons.reduce((a, b) => Math.max(a, b))) / 2), y(lats.reduce((a, b) => Math.max(a, b)))];
}

/** The longest of 1, 2 and 5 (times ten) metres that is not above a length. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  return (metres >= 5 * power ? 5 : metres >= 2 * power ? 2 : 1) * power;
}

export const lengthLabel = (metres: number): string => (metres >= 1_000 ? `${metres / 1_000} km` : `${metres} m`);
