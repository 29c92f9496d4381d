import type { Point } from '@/api/types';

interface Sample {
  /** Milliseconds of this browser's clock. */
  at: number;
  events: number;
}

const KEEP_MS = 125_000;
const AVERAGE_MS = 5_000;

/** Events per second, from samples of the running total. */
export class RateMeter {
  private samples: Sample[] = [];

  /** Notes the total; a falling total is a new count, and starts over. */
  add(at: number, events: number): void {
    const last = this.samples.at(-1);
    if (last && events < last.events) this.samples = [];
    this.samples.push({ at, events });
    const keepFrom = at - KEEP_MS;
    while ((this.samples[0]?.at ?? Infinity) < keepFrom) this.samples.shift();
  }

  /** The average over the last seconds; null until there are two samples. */
  current(): number | null {
    const last = this.samples.at(-1);
    const first = this.samples.find((sample) => sample.at >= (last?.at ?? 0) - AVERAGE_MS);
    if (!last || !first || first === last) return null;
    return ((last.events - first.events) * 1000) / (last.at - first.at);
  }

  /** Events per second between one sample and the next, by the second it ended in. */
  points(): Point[] {
    const points: Point[] = [];
    for (let i = 1; i < this.samples.length; i++) {
      const before = this.samples[i - 1] as Sample;
      const sample = this.samples[i] as Sample;
      if (sample.at > before.at) {
        points.push([sample.at / 1000, ((sample.events - before.events) * 1000) / (sample.at - before.at)]);
      }
    }
    return points;
  }
}
