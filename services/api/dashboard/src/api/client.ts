import type { DeadLetters, GroupKey, History, Metric, Pipeline, Rows, Series, Status, Step, WindowValue } from './types';

const BASE = '/api/v1';
const TIMEOUT_MS = 8_000;

/** What went wrong, in words a person can act on; `status` is null when the API did not answer at all. */
export class ApiError extends Error {
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const fallback = `The API answered ${response.status} ${response.statusText}`.trim();
  try {
    const problem: { detail?: unknown; title?: unknown } = await response.json();
    const text = [problem.detail, problem.title].find((part) => typeof part === 'string');
    return new ApiError(typeof text === 'string' ? text : fallback, response.status);
  } catch {
    return new ApiError(fallback, response.status);
  }
}

let answeredIn: number | null = null;

/** How long the API took for its last answer, in milliseconds; null before the first. */
export const lastAnswerMs = (): number | null => answeredIn;

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const begin = performance.now();
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      headers: { accept: 'application/json' },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(
      timeout.aborted ? `The API did not answer within ${TIMEOUT_MS / 1000} s` : 'The API cannot be reached',
      null,
    );
  }
  answeredIn = performance.now() - begin;
  if (!response.ok) throw await problemOf(response);
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError('The API answered with something that is not JSON', response.status);
  }
}

export interface MetricQuery {
  window: string;
  limit?: number;
  offset?: number;
}

/** Which rows: those in a state, and in a fence. */
export interface RowQuery {
  value?: string | null;
  fence?: string | null;
  limit: number;
}

/** What of the past; times in epoch milliseconds. */
export interface HistoryQuery {
  from: number;
  to: number;
  step: Step;
  /** Only this group; undefined for all. */
  group?: GroupKey;
  limit?: number;
}

/** Stands for a group of events in which the field was missing. */
const MISSING_GROUP = '\u0018';

function historyPath(name: string, { from, to, step, group, limit }: HistoryQuery): string {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), step });
  if (group !== undefined) {
    for (const part of Array.isArray(group) ? group : [group]) query.append('group', part ?? MISSING_GROUP);
  }
  if (limit !== undefined) query.set('limit', `${limit}`);
  return `${metricPath(name)}/history?${query}`;
}

/** Where the same is as CSV. */
export const historyCsv = (name: string, query: HistoryQuery): string => `${BASE}${historyPath(name, query)}&format=csv`;

const metricPath = (name: string) => `/metrics/${encodeURIComponent(name)}`;

export const api = {
  pipeline: (signal?: AbortSignal) => get<Pipeline>('/pipeline', signal),

  metrics: async (signal?: AbortSignal) => (await get<{ metrics: Metric[] }>('/metrics', signal)).metrics,

  metric: (name: string, { window, limit = 10, offset = 0 }: MetricQuery, signal?: AbortSignal) => {
    const query = new URLSearchParams({ window, limit: `${limit}`, offset: `${offset}`, compare: 'previous' });
    return get<WindowValue>(`${metricPath(name)}?${query}`, signal);
  },

  series: (name: string, window: string, signal?: AbortSignal) =>
    get<Series>(`${metricPath(name)}/series?${new URLSearchParams({ window })}`, signal),

  rows: (name: string, { value, fence, limit }: RowQuery, signal?: AbortSignal) => {
    const query = new URLSearchParams({ limit: `${limit}`, ...(value != null && { value }), ...(fence != null && { fence }) });
    return get<Rows>(`${metricPath(name)}/rows?${query}`, signal);
  },

  history: (name: string, query: HistoryQuery, signal?: AbortSignal) => get<History>(historyPath(name, query), signal),

  deadLetters: (limit: number, signal?: AbortSignal) => get<DeadLetters>(`/dead-letters?limit=${limit}`, signal),

  status: (signal?: AbortSignal) => get<Status>('/status', signal),
};
