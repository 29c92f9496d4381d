import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';
import type { DeadLetters, Metric, Pipeline, Stream, WindowValue } from '../src/api/types';
import { sampleEvent } from '../src/panels/sampleEvent';

/** A running pipeline, asked and fed beside the page. */
export class RunningPipeline {
  private readonly request: APIRequestContext;

  constructor(request: APIRequestContext) {
    this.request = request;
  }

  private async get<T>(path: string): Promise<T> {
    const response = await this.request.get(`/api/v1${path}`);
    expect(response.ok(), `${path} answered ${response.status()}`).toBe(true);
    return response.json();
  }

  describe = () => this.get<Pipeline>('/pipeline');

  metrics = async () => (await this.get<{ metrics: Metric[] }>('/metrics')).metrics;

  metric = (name: string, window: string, limit = 10) =>
    this.get<WindowValue>(`/metrics/${name}?${new URLSearchParams({ window, limit: `${limit}`, compare: 'previous' })}`);

  deadLetters = () => this.get<DeadLetters>('/dead-letters?limit=50');

  private async source(): Promise<Stream> {
    const stream = (await this.describe()).streams.find(({ source }) => source !== false);
    if (!stream) throw new Error('The pipeline has no stream to post to');
    return stream;
  }

  /** An event that every metric of the first stream counts, as far as can be told. */
  async sample(): Promise<{ [name: string]: unknown }> {
    const stream = await this.source();
    return sampleEvent(stream, await this.metrics(), new Date());
  }

  async post(event: unknown): Promise<void> {
    const stream = (await this.source()).name;
    const response = await this.request.post(`/api/v1/streams/${stream}/events`, { data: event as object });
    expect(response.ok(), `the collector answered ${response.status()}: ${await response.text()}`).toBe(true);
  }
}

export async function openDashboard(page: Page, path = '/dashboard/'): Promise<void> {
  await page.goto(path);
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
}

/** A number as the page has it. */
export async function valueOf(locator: Locator): Promise<number> {
  return Number(await locator.getAttribute('data-value'));
}

/** The page and the API move on every half second; somewhere in between they must agree. */
export async function expectAgreement(onPage: () => Promise<unknown>, inApi: () => Promise<unknown>): Promise<void> {
  await expect(async () => {
    const expected = await inApi();
    expect(await onPage()).toEqual(expected);
  }).toPass({ timeout: 60_000, intervals: [50, 120, 210, 330] });
}
