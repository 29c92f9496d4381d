import type { Point } from '@/api/types';

interface Sample {
  /** Milliseconds of this browser's clock. */
  at: number;
  events: number;
}

const KEEP_MS = 125_000;
const AVERAGE_MS = 5_000;
const EVENED_MS = 4_000;
/** A shorter stretch says little: a tick more or less falls into it. */
const STEADY_MS = 2_500;

const perSecond = (from: Sample, to: Sample) => ((to.events - from.events) * 1000) / (to.at - from.at);

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
    return perSecond(first, last);
  }

  /** Events per second up to each sample, evened out over the seconds before it. */
  points(): Point[] {
    const points: Point[] = [];
    let first = 0;
    this.samples.forEach((sample, i) => {
      while (first < i - 1 && (this.samples[first] as Sample).at < sample.at - EVENED_MS) first++;
      const before = this.samples[first] as Sample;
      if (sample.at - before.at >= STEADY_MS) points.push([sample.at / 1000, perSecond(before, sample)]);
    });
    return points;
  }
}
