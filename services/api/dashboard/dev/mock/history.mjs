const STEP_SECONDS = { minute: 60, hour: 3_600, day: 86_400 };
const MOST = 11_000;
const KEPT_SECONDS = 45 * 86_400;

/** The same number for the same text, from 0 to 1. */
function noise(text) {
  let hash = 2_166_136_261;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}

const iso = (epochSeconds) => new Date(epochSeconds * 1000).toISOString().replace('.000', '');

/** A past that was made up, but is always the same: waves over days and weeks, a metric and group each at its height. */
export class MockHistory {
  constructor(scenario, pipeline) {
    this.scenario = scenario;
    this.pipeline = pipeline;
    this.begin = Math.floor(Date.now() / 86_400_000) * 86_400 - KEPT_SECONDS;
  }

  keys(metric) {
    return metric.by ? [...this.pipeline.cells.get(metric.name).ever.keys()].slice(0, 40) : ['[]'];
  }

  number(metric, key, at, step, rank) {
    const day = (at % 86_400) / 86_400;
    const week = (at % 604_800) / 604_800;
    const height = (400 / (rank + 1)) * (1 + 0.6 * Math.sin((day - 0.3) * 2 * Math.PI)) * (1 + 0.2 * Math.sin(week * 2 * Math.PI));
    const wobble = 0.8 + 0.4 * noise(`${metric.name}${key}${Math.floor(at / step)}`);
    const grown = metric.measure === 'unique' ? Math.sqrt(step / 60) : step / 60;
    return Math.round(height * wobble * grown);
  }

  point(metric, keys, at, step, now) {
    if (at < this.begin || at > now) return null;
    return keys.reduce((sum, [key, rank]) => sum + this.number(metric, key, at, step, rank), 0);
  }

  /** The answer of GET /metrics/{name}/history: a status and a body, or the text of a problem. */
  answer(metric, query) {
    const now = this.pipeline.clock(Date.now()) / 1000;
    const step = STEP_SECONDS[query.get('step') ?? 'hour'];
    if (!step) return { status: 400, problem: `The parameter "step" is "${query.get('step')}"; write minute, hour or day` };
    const times = ['from', 'to'].map((name) => (query.has(name) ? Date.parse(query.get(name)) / 1000 : null));
    if (times.some(Number.isNaN)) return { status: 400, problem: 'The parameter "from" or "to" is no time in ISO-8601' };
    const to = Math.ceil((times[1] ?? now) / step) * step;
    const from = Math.floor((times[0] ?? to - 24 * step) / step) * step;
    if (to <= from) return { status: 400, problem: 'The parameter "to" is not after from' };
    if ((to - from) / step > MOST) return { status: 400, problem: 'The parameter "step" is too short for this range' };
    const all = this.keys(metric).map((key, rank) => [key, rank]);
    const wanted = query.getAll('group').map((part) => (part === '\u0018' ? null : part));
    const keys = wanted.length > 0 ? all.filter(([key]) => key === JSON.stringify(wanted)) : all;
    const estimated = metric.measure === 'unique' && step > 60;
    const mark = estimated ? { estimated: true } : {};
    const points = [];
    for (let at = from; at < to; at += step) points.push({ t: iso(at), value: this.point(metric, keys, at, step, now), ...mark });
    const known = points.filter(({ value }) => value !== null);
    const sum = (of) => of.reduce((total, { value }) => total + value, 0);
    const key = (parts) => (parts.length === 1 ? parts[0] : parts);
    const groups = all
      .map(([name, rank]) => {
        const ats = known.map(({ t }) => Date.parse(t) / 1000);
        return { key: key(JSON.parse(name)), value: ats.reduce((total, at) => total + this.number(metric, name, at, step, rank), 0), ...mark };
      })
      .sort((a, b) => b.value - a.value);
    return {
      status: 200,
      points,
      body: {
        metric: metric.name, unit: metric.unit ?? null, step: query.get('step') ?? 'hour', from: iso(from), to: iso(to),
        asOf: new Date(Date.now() - 4_000).toISOString(),
        ...(wanted.length > 0 && { group: key(wanted) }),
        value: known.length > 0 ? sum(known) : null, ...mark, ...(estimated && { error: 0.0115 }),
        ...(metric.by && wanted.length === 0 && {
          groups: known.length > 0 ? groups.slice(0, Number(query.get('limit') ?? 10)) : [], totalGroups: groups.length, groupsKept: 1_000, other: null,
        }),
        points,
      },
    };
  }
}
