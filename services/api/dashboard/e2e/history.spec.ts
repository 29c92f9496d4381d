import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { History } from '../src/api/types';
import { openDashboard } from './pipeline';

// The mock has a long past, and can lose it; a pipeline that runs for a test has none.

test.afterEach(({ request }) => request.post('/mock/faults', { data: { historyDown: false } }));

test('the past of a metric is shown beside the period before, and of one group', async ({ page, request }) => {
  await openDashboard(page);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'History' }).click();
  await expect(page).toHaveURL(/\/dashboard\/history$/);
  await page.getByTestId('history-metric').selectOption({ value: 'page_views' });
  await page.getByTestId('history-range').getByRole('radio', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/metric=page_views/);
  await expect(page.getByTestId('history-step')).toHaveValue('hour');
  const rows = page.getByTestId('history-table').locator('tbody tr');
  await page.getByTestId('history-step').selectOption('day');
  await expect(rows).toHaveCount(7);
  await page.getByTestId('history-step').selectOption('hour');
  await expect(rows).toHaveCount(60);
  await page.getByRole('button', { name: 'All 168' }).click();
  await expect(rows).toHaveCount(168);

  const href = (await page.getByTestId('history-csv').getAttribute('href')) as string;
  const past: History = await (await request.get(href.replace('&format=csv', ''))).json();
  expect(past.points).toHaveLength(168);
  const csv = await request.get(href);
  expect(csv.headers()['content-type']).toContain('text/csv');
  expect((await csv.text()).split('\r\n')).toHaveLength(170);

  const first = page.getByTestId('history-groups').getByRole('button').first();
  const group = (await first.innerText()).trim();
  await first.click();
  await expect(page.getByTestId('history-card')).toContainText(group);
  await expect(page.getByTestId('history-groups')).toBeHidden();
  await page.getByRole('button', { name: 'All groups' }).click();
  await expect(page.getByTestId('history-groups')).toBeVisible();

  await page.reload();
  await expect(page.getByTestId('history-step')).toHaveValue('hour');
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await expect(page.getByTestId('events-total')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('history-card')).toBeVisible();
});

test('the chart is read with the arrow keys', async ({ page }) => {
  await openDashboard(page, '/dashboard/history?metric=active_users');
  const chart = page.getByTestId('history-chart');
  await expect(chart).toHaveAttribute('aria-label', /24 hours, beside the 24 before: 24 points, lowest/);
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('history-readout')).toContainText('before:');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('history-readout')).toBeHidden();
});

test('a time of the reader’s own, also one of which nothing is known', async ({ page }) => {
  await openDashboard(page, '/dashboard/history');
  await page.getByTestId('history-range').getByRole('radio', { name: 'Between two times' }).click();
  await page.getByTestId('history-from').fill('2020-01-01T00:00');
  await page.getByTestId('history-to').fill('2020-01-02T00:00');
  await expect(page.getByTestId('history-empty')).toContainText('Nothing is known of this time');
  await page.getByTestId('history-to').fill('2019-01-02T00:00');
  await expect(page.getByTestId('history-message')).toContainText('a later one to end with');
});

test('what is wrong is told, and tried again', async ({ page, request }) => {
  await request.post('/mock/faults', { data: { historyDown: true } });
  await openDashboard(page, '/dashboard/history');
  await expect(page.getByTestId('history-message')).toContainText('Mongo, which does not answer now');
  await request.post('/mock/faults', { data: { historyDown: false } });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('history-card')).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page of the past is for everybody, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await openDashboard(page, '/dashboard/history?metric=page_views&range=custom&from=1795000000000&to=1795100000000');
      await expect(page.getByTestId('history-range')).toBeVisible();
      await page.goto('/dashboard/history?metric=page_views');
      await expect(page.getByTestId('history-card')).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
    }
  });
}
