const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 };

export function seconds(window) {
  return window === 'all' ? null : Number(window.slice(0, -1)) * UNIT_SECONDS[window.at(-1)];
}

/** The buckets of a window's series: seconds for a minute, minutes up to some hours, then hours. */
export function bucketName(window) {
  const length = seconds(window);
  if (length <= 120) return '1s';
  return length <= 6 * 3_600 ? '1m' : '1h';
}

const iso = (epochSeconds) => new Date(epochSeconds * 1000).toISOString().replace('.000', '');

function emptyCell() {
  return { n: 0, sum: 0, set: new Set() };
}

function addTo(cell, other) {
  cell.n += other.n;
  cell.sum += other.sum;
  for (const member of other.set) cell.set.add(member);
}

/** A metric's cells: per bucket of its finest window, and since the start, by group. */
export class Cells {
  constructor(metric) {
    this.metric = metric;
    const timed = metric.windows.filter((window) => window !== 'all');
    this.fine = Math.min(...timed.map((window) => seconds(bucketName(window))), 60);
    this.buckets = new Map();
    this.ever = new Map();
  }

  add(event, at) {
    const { metric } = this;
    if (!metric.test(event)) return;
    const key = JSON.stringify(metric.by ? metric.by.map((field) => event[field] ?? null) : []);
    const bucket = Math.floor(at / this.fine) * this.fine;
    if (!this.buckets.has(bucket)) this.buckets.set(bucket, new Map());
    for (const groups of [this.buckets.get(bucket), this.ever]) {
      if (!groups.has(key)) groups.set(key, emptyCell());
      const cell = groups.get(key);
      cell.n += 1;
      cell.sum += metric.of ? Number(event[metric.of]) || 0 : 0;
      if (metric.measure === 'unique' && event[metric.of] != null) cell.set.add(event[metric.of]);
    }
  }

  value(cell) {
    if (this.metric.measure === 'unique') return cell.set.size;
    return this.metric.measure === 'sum' ? Math.round(cell.sum * 100) / 100 : cell.n;
  }

  merged(from, to) {
    const groups = new Map();
    for (let bucket = from; bucket < to; bucket += this.fine) {
      for (const [key, cell] of this.buckets.get(bucket) ?? []) {
        if (!groups.has(key)) groups.set(key, emptyCell());
        addTo(groups.get(key), cell);
      }
    }
    return groups;
  }

  whole(groups) {
    const cell = emptyCell();
    for (const part of groups.values()) addTo(cell, part);
    return this.value(cell);
  }

  /** The answer of GET /metrics/{name} with every group. */
  read(window, now) {
    const { metric } = this;
    const length = seconds(window);
    const to = (Math.floor(now / this.fine) + 1) * this.fine;
    const groups = length === null ? this.ever : this.merged(to - length, to);
    const before = length === null ? null : this.merged(to - 2 * length, to - length);
    const answer = {
      metric: metric.name, window, from: length === null ? null : iso(to - length), to: iso(to),
      value: this.whole(groups), previous: before && this.whole(before),
    };
    if (!metric.by) return answer;
    const rows = [...groups].map(([key, cell]) => {
      const parts = JSON.parse(key);
      const previous = before && (before.has(key) ? this.value(before.get(key)) : 0);
      return { key: parts.length === 1 ? parts[0] : parts, value: this.value(cell), previous };
    });
    rows.sort((a, b) => b.value - a.value || (String(a.key) < String(b.key) ? -1 : 1));
    return { ...answer, groups: rows, totalGroups: rows.length };
  }

  /** Points [epochSeconds, value], one per bucket of the window. */
  series(window, now) {
    const length = seconds(window);
    if (length === null) return [];
    const to = (Math.floor(now / this.fine) + 1) * this.fine;
    const step = seconds(bucketName(window));
    const points = [];
    for (let t = Math.ceil((to - length) / step) * step; t < to; t += step) {
      points.push([t, this.whole(this.merged(t, t + step))]);
    }
    return points;
  }
}
