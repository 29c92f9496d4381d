import { Cells } from './windows.mjs';

const KEPT_MESSAGES = 240;

/** The kind of fault that a reason tells of. */
const causeOf = (reason) =>
  reason === 'not JSON' ? 'malformed' : reason.startsWith('late') ? 'late' : reason.startsWith('required') ? 'missing' : 'type';

/** A pipeline in memory: takes events, counts them, and says what changed since the last look. */
export class MockPipeline {
  constructor(scenario, { historySeconds = 0, rate = 0 } = {}) {
    this.scenario = scenario;
    this.rate = rate;
    this.cells = new Map(scenario.metrics.map((metric) => [metric.name, new Cells(metric)]));
    this.totals = { events: 0, valid: 0, invalid: 0, late: 0 };
    this.state = { state: 'live', stateReason: null };
    this.losses = [];
    this.proof = { equal: 0, different: 0, skipped: 0, differing: 0, last: null, waiting: 'no window is closed yet' };
    this.deadLetters = [];
    this.causes = {};
    this.offset = 0;
    this.boot = 'mock';
    this.messages = [];
    this.shown = new Map();
    this.shownRest = '';
    const now = Date.now();
    for (let second = historySeconds; second > 0; second--) this.generate(now - second * 1000, this.rateAt(now / 1000 - second));
  }

  /** The pipeline's "now" at a time of this machine's clock; both in milliseconds. */
  clock(at) {
    return at + this.scenario.clockOffsetMs;
  }

  /** Waves over minutes with some noise, so that there is something to see. */
  rateAt(epochSeconds) {
    const wave = 1 + 0.3 * Math.sin(epochSeconds / 97) + 0.2 * Math.sin(epochSeconds / 23) + 0.12 * Math.sin(epochSeconds / 3.1);
    return this.rate * wave;
  }

  generate(at, count) {
    this.owed = (this.owed ?? 0) + count;
    for (; this.owed >= 1; this.owed--) {
      const event = this.scenario.next(new Date(this.clock(at)));
      const odd = (this.offset * 2_654_435_761) % 997;
      if (odd === 5) event[this.scenario.time] = new Date(this.clock(at) - 600_000).toISOString();
      if (odd === 6) delete event[this.scenario.fields.find((f) => f.type === 'string').name];
      this.take(JSON.stringify(event), at);
    }
  }

  /** Counts a raw event, or keeps it as a dead letter; answers the reason, or null. */
  take(raw, at = Date.now()) {
    const offset = this.offset++;
    this.totals.events += 1;
    const reason = this.check(raw, at);
    if (reason === null) {
      const event = JSON.parse(raw);
      this.totals.valid += 1;
      for (const cells of this.cells.values()) cells.add(event, Date.parse(event[this.scenario.time]) / 1000);
      return null;
    }
    this.totals.invalid += 1;
    if (reason.startsWith('late')) this.totals.late += 1;
    this.deadLetters.unshift({
      stream: 'events', topic: 'events', partition: offset % 6, offset: Math.floor(offset / 6),
      element: null, at: new Date(at).toISOString(), reason, cause: causeOf(reason), event: raw.slice(0, 2_000),
    });
    this.causes[causeOf(reason)] = (this.causes[causeOf(reason)] ?? 0) + 1;
    this.deadLetters.length = Math.min(this.deadLetters.length, 1_000);
    return reason;
  }

  check(raw, at) {
    let event;
    try {
      event = JSON.parse(raw);
    } catch {
      return 'not JSON';
    }
    const missing = this.scenario.fields.find((field) => field.required && event?.[field.name] === undefined);
    if (missing) return `required field ${missing.name} is missing`;
    const time = Date.parse(event[this.scenario.time]);
    if (Number.isNaN(time)) return `field ${this.scenario.time} is not a timestamp`;
    const behind = this.clock(at) - time;
    return behind > 120_000 ? `late by ${Math.round(behind / 60_000)} min, more than the allowed 2 min` : null;
  }

  rest(now = Date.now()) {
    return { at: new Date(now).toISOString(), now: new Date(this.clock(now)).toISOString(), totals: { ...this.totals }, ...this.state };
  }

  *everyEntry(now) {
    for (const { name, windows } of this.scenario.metrics) {
      const cells = this.cells.get(name);
      const seconds = this.clock(now) / 1000;
      for (const window of windows) {
        const entry = cells.read(window, seconds);
        yield { ...entry, ...(entry.groups && { groups: entry.groups.slice(0, 10) }), series: cells.series(window, seconds) };
      }
    }
  }

  /** Compares with what was shown last; an update with the differences, or null. */
  tick(now = Date.now()) {
    const metrics = [];
    for (const entry of this.everyEntry(now)) {
      const key = `${entry.metric}|${entry.window}`;
      const text = JSON.stringify(entry);
      const before = this.shown.get(key);
      if (before?.text === text) continue;
      const known = new Map(before?.series);
      this.shown.set(key, { text, series: entry.series });
      metrics.push({ ...entry, series: entry.series.filter(([t, value]) => known.get(t) !== value) });
    }
    const rest = JSON.stringify([this.totals, this.state]);
    if (metrics.length === 0 && rest === this.shownRest) return null;
    this.shownRest = rest;
    const message = { seq: (this.messages.at(-1)?.seq ?? 0) + 1, data: { ...this.rest(now), metrics } };
    this.messages.push(message);
    if (this.messages.length > KEPT_MESSAGES) this.messages.shift();
    return message;
  }

  snapshot(now = Date.now()) {
    return { seq: this.messages.at(-1)?.seq ?? 0, data: { ...this.rest(now), metrics: [...this.everyEntry(now)] } };
  }

  /** Updates missed since an id, or null when a snapshot is needed. */
  missedSince(id) {
    const [boot, seq] = [id.slice(0, id.lastIndexOf('-')), Number(id.slice(id.lastIndexOf('-') + 1))];
    const oldest = this.messages[0]?.seq ?? 1;
    if (boot !== this.boot || !(seq >= oldest - 1) || seq > (this.messages.at(-1)?.seq ?? 0)) return null;
    return this.messages.filter((message) => message.seq > seq);
  }
}
