/** The JSON of the pipeline's API. Times are ISO-8601 in UTC unless a comment says otherwise. */

export interface Field {
  name: string;
  type: string;
  required?: boolean;
  enum?: string[];
}

export interface Stream {
  name: string;
  topic: string;
  /** False for a stream that is made from another one: nothing can be posted to it. */
  source?: boolean;
  fields: Field[];
}

export interface Panel {
  metric: string;
  title: string;
  kind: 'number' | 'ranking' | 'percentiles' | 'rows';
  /** The window shown first. */
  window: string;
  windows: string[];
}

export interface Pipeline {
  name: string;
  title: string;
  /** How the numbers are to reach this page, unless its reader chose. */
  live?: 'sse' | 'websocket' | 'polling';
  /** `event`: "now" is the highest event time seen, as in a replay of old data. */
  clock: 'wall' | 'event';
  streams: Stream[];
  panels: Panel[];
}

export interface Metric {
  name: string;
  title: string;
  measure: string;
  /** How it follows from other metrics, when its measure is "formula". */
  formula?: string;
  of: string | null;
  by: string[] | null;
  where: string | null;
  unit: string | null;
  /** The stream that it measures; null for a formula. */
  from: string | null;
  windows: string[];
  /** The steps of its history, shortest first; empty where it has none. */
  history?: Step[];
  /** Whether unique is an estimate. */
  approximate?: true;
  /** The field that identifies a row, of latest. */
  key?: string;
  /** The fields of longitude and latitude, where its rows have them. */
  position?: string[];
  fences?: Fence[];
}

/** An area that rows are counted in: of each polygon its rings, each of longitude and latitude. */
export interface Fence {
  name: string;
  area: { type: 'MultiPolygon'; coordinates: number[][][][] };
}

/** How many rows are in a fence, and in which states the most of them. */
export interface FenceCount {
  fence: string;
  value: number;
  groups: { key: string | null; value: number }[];
}

export interface Position {
  lon: number;
  lat: number;
}

/** Null when the optional field was missing; an array when the metric has several `by` fields. */
export type GroupKey = string | null | (string | null)[];

/** How numbers are distributed; all but the count are null where there are none. */
export interface Percentiles {
  count: number;
  min: number | null;
  p50: number | null;
  average: number | null;
  p75: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

/** For how many milliseconds rows have been in their state. */
export interface Ages {
  min: number;
  p50: number;
  average: number;
  p75: number;
  p90: number;
  p99: number;
  max: number;
}

export interface Group {
  key: GroupKey;
  /** What belongs to groups for which there was no room; its key says "(other)". */
  other?: true;
  value: number;
  previous?: number | null;
  percentiles?: Percentiles;
  ages?: Ages;
}

/** A metric over one window: from inclusive, to exclusive, `from` null for the window "all". */
export interface WindowValue {
  metric: string;
  window: string;
  from: string | null;
  to: string;
  /** Null when there is none, as an average of nothing. */
  value: number | null;
  previous?: number | null;
  /** Where its numbers are estimates, or made of such. */
  estimated?: true;
  /** Relative standard error of numbers that are estimates. */
  error?: number;
  percentiles?: Percentiles;
  /** Of latest; null where there is no row. */
  ages?: Ages | null;
  /** Of latest: how many rows are kept, and how many were dropped to keep to that. */
  limit?: number;
  dropped?: number;
  /** Of latest with fences. */
  fences?: FenceCount[];
  groups?: Group[];
  totalGroups?: number;
}

/** Epoch seconds of the bucket's start, and the metric over that bucket. */
export type Point = [t: number, value: number];

export interface LiveEntry extends WindowValue {
  series: Point[];
}

/** The newest event of a key. */
export interface Row {
  key: string;
  value: string | null;
  at: string;
  /** Since when it is in its state. */
  since: string;
  position: Position | null;
  /** Those that it is in, where the metric has any. */
  fences?: string[];
}

export interface Rows {
  metric: string;
  now: string | null;
  totalRows: number;
  limit: number;
  dropped: number;
  rows: Row[];
}

export interface Totals {
  events: number;
  valid: number;
  invalid: number;
  /** Part of `invalid`. */
  late: number;
}

export type PipelineState = 'live' | 'waiting' | 'degraded';

/** Data of the `snapshot` and `update` messages; an update carries only what changed. */
export interface LiveMessage {
  at: string;
  now: string | null;
  totals: Totals;
  state: PipelineState;
  stateReason: string | null;
  /** Which way the numbers came; absent where the manifest does not have them come through the topic. */
  through?: 'stats' | 'snapshot';
  /** Why they came past the topic. */
  throughReason?: string | null;
  metrics: (WindowValue & { series?: Point[] })[];
}

export interface Series {
  metric: string;
  window: string;
  bucket?: string;
  /** Null where nothing happened that makes a number. */
  points: { t: string; value: number | null }[];
}

/** How long a point of history is: a minute, hour or day of UTC. */
export type Step = 'minute' | 'hour' | 'day';

/** A number of the past; null where there is none, or none is known. */
export interface PastNumber {
  value: number | null;
  /** Of averages: how many numbers it is of. */
  count?: number;
  percentiles?: Percentiles;
  /** Of unique: whether it comes from a sketch. */
  estimated?: boolean;
}

export interface History extends PastNumber {
  metric: string;
  unit: string | null;
  step: Step;
  from: string;
  to: string;
  /** When history was complete last; null where it never was. */
  asOf: string | null;
  /** Relative standard error of what is estimated. */
  error?: number;
  groups?: (PastNumber & { key: GroupKey })[];
  totalGroups?: number;
  groupsKept?: number;
  /** Over groups that were not kept; null where all were. */
  other?: number | null;
  points: (PastNumber & { t: string })[];
}

export interface DeadLetter {
  stream: string;
  topic: string;
  partition: number;
  offset: number;
  /** Which element of an exploded array; null: the whole event. */
  element: number | null;
  at: string;
  reason: string;
  cause: string | null;
  event: string;
}

export interface DeadLetters {
  total: number;
  late: number;
  /** How many there are of each kind of fault; empty where that is not known. */
  causes: Record<string, number>;
  recent: DeadLetter[];
}

export interface Status {
  state: PipelineState;
  stateReason: string | null;
  now: string | null;
  totals: Totals;
  losses?: { topic: string; partition: number; events: number }[];
  proof?: ProofSummary;
}

/** How many buckets were compared with a recount of the audit's records. */
export interface ProofSummary {
  equal: number;
  different: number;
  skipped: number;
  /** Those that differed when they were compared last. */
  differing: number;
  last: string | null;
  waiting: string | null;
}
