import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { startMock, type MockOptions } from '../dev/mock/server.mjs';

// Faults need a pipeline that breaks on command: always the mock.
let server: Server;
let origin: string;

async function start(options: MockOptions): Promise<void> {
  server = await startMock({ port: 0, rate: 20, historySeconds: 60, ...options });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function fault(faults: object): Promise<void> {
  await fetch(`${origin}/mock/faults`, { method: 'POST', body: JSON.stringify(faults) });
}

test.afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('an empty pipeline says how to send an event, and comes alive with the first', async ({ page, request }) => {
  await start({ rate: 0, historySeconds: 0 });
  await page.goto(`${origin}/dashboard/`);
  const command = await page.getByTestId('curl').innerText();
  expect(command).toContain(`${origin}/api/v1/streams/events/events`);
  const body = /-d '([\s\S]*)'$/.exec(command)?.[1] as string;
  await request.post(`${origin}/api/v1/streams/events/events`, { data: JSON.parse(body) });
  await expect(page.getByTestId('empty')).toBeHidden();
  await expect(page.getByTestId('events-total')).toHaveAttribute('data-value', '1');
  await expect(page.getByTestId('dead-letters')).toHaveAttribute('data-value', '0');
  await expect(page.getByTestId('value-page_views')).toHaveAttribute('data-value', '1');
});

test('a degraded pipeline says why, on the page and on the tab', async ({ page }) => {
  await start({});
  await page.goto(`${origin}/dashboard/`);
  await fault({ state: 'degraded', stateReason: 'Redis does not answer' });
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'degraded');
  await expect(page.getByTestId('notice')).toContainText('Redis does not answer');
  await expect(page).toHaveTitle(/Degraded/);
  await fault({ state: 'live' });
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('notice')).toBeHidden();
});

test('numbers that come past their topic say why', async ({ page }) => {
  await start({});
  await page.goto(`${origin}/dashboard/`);
  await expect(page.getByTestId('events-total')).toBeVisible();
  await expect(page.getByTestId('past')).toBeHidden();
  await fault({ through: 'snapshot', throughReason: 'it has said nothing new for 5 s' });
  await expect(page.getByTestId('past')).toContainText('it has said nothing new for 5 s');
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await fault({ through: 'stats' });
  await expect(page.getByTestId('past')).toBeHidden();
});

test('events that were lost are owned up to', async ({ page }) => {
  await start({});
  await fault({ losses: [{ topic: 'events', partition: 2, events: 1_200 }] });
  await page.goto(`${origin}/dashboard/`);
  await expect(page.getByTestId('losses')).toContainText('1,200 events were deleted from Kafka');
  await expect(page.getByTestId('losses')).toContainText('events/2');
});

test('numbers that are proven say so, and those that differ', async ({ page }) => {
  await start({});
  await page.goto(`${origin}/dashboard/`);
  await expect(page.getByTestId('events-total')).toBeVisible();
  await expect(page.getByTestId('proven')).toBeHidden();
  await fault({ proof: { equal: 60, last: new Date().toISOString(), waiting: null } });
  await page.reload();
  await expect(page.getByTestId('proven')).toContainText('proven');
  await fault({ proof: { different: 2, differing: 1 } });
  await page.reload();
  await expect(page.getByTestId('differing')).toContainText('1 bucket in Redis differs');
  await expect(page.getByTestId('proven')).toBeHidden();
});

test('without the stream the numbers are fetched, and the stream is taken up again', async ({ page }) => {
  await start({});
  await page.goto(`${origin}/dashboard/`);
  const connection = page.getByTestId('connection');
  await expect(connection).toHaveAttribute('data-state', 'live');
  await fault({ streamDown: true });
  await expect(connection).toHaveAttribute('data-state', 'reconnecting');
  await expect(page.getByTestId('notice')).toContainText('The connection is lost');
  await expect(connection).toHaveAttribute('data-state', 'polling');
  const total = page.getByTestId('events-total');
  const before = Number(await total.getAttribute('data-value'));
  await expect.poll(async () => Number(await total.getAttribute('data-value'))).toBeGreaterThan(before);
  await fault({ streamDown: false });
  await expect(connection).toHaveAttribute('data-state', 'live');
});

test('an API that cannot be reached is named, and found when it is back', async ({ page }) => {
  await start({});
  await fault({ down: true });
  await page.goto(`${origin}/dashboard/`);
  await expect(page.getByTestId('unreachable')).toContainText('The API does not answer');
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'reconnecting');
  await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible();
  // At once: it also tries by itself, and then there is nothing to click any more.
  await page.evaluate(async () => {
    await fetch('/mock/faults', { method: 'POST', body: '{"down":false}' });
    [...document.querySelectorAll('button')].find((button) => button.textContent === 'Try now')?.click();
  });
  await expect(page.getByTestId('card-active_users')).toBeVisible();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
});
