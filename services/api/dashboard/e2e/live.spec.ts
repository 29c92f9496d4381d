import { expect, test, type Locator } from '@playwright/test';
import { expectAgreement, openDashboard, RunningPipeline, valueOf } from './pipeline';

const rowsOf = (list: Locator) =>
  list.locator('li[data-key]').evaluateAll((rows) => rows.map((row) => [row.dataset.key, Number(row.dataset.value)]));

test('every panel shows what the API says', async ({ page, request }) => {
  const pipeline = new RunningPipeline(request);
  await openDashboard(page);
  const { title, panels } = await pipeline.describe();
  await expect(page.getByTestId('title')).toHaveText(title);
  for (const { metric, kind, window } of panels) {
    const card = page.getByTestId(kind === 'number' ? `card-${metric}` : `ranking-${metric}`);
    await expect(card).toBeVisible();
    await expectAgreement(
      () => valueOf(card.getByTestId(`value-${metric}`)),
      async () => (await pipeline.metric(metric, window)).value,
    );
    if (kind === 'number') continue;
    await expectAgreement(
      () => rowsOf(card),
      async () => {
        const { groups = [] } = await pipeline.metric(metric, window);
        return groups.map(({ key, value }) => [typeof key === 'string' ? key : JSON.stringify(key), value]);
      },
    );
  }
  expect(await page.locator('body').innerText()).not.toMatch(/NaN|undefined|Infinity/);
});

test('an event that is posted moves the numbers without a reload', async ({ page, request }) => {
  const pipeline = new RunningPipeline(request);
  await openDashboard(page);
  const total = page.getByTestId('events-total');
  const before = await valueOf(total);
  const event = await pipeline.sample();
  for (let i = 0; i < 5; i++) await pipeline.post(event);
  await expect.poll(() => valueOf(total)).toBeGreaterThanOrEqual(before + 5);
});

test('a new group appears with its count, and can be found', async ({ page, request }) => {
  const pipeline = new RunningPipeline(request);
  const ranking = (await pipeline.metrics()).find(({ measure, by, from, windows }) =>
    measure === 'count' && by?.length === 1 && from && windows.length > 0);
  if (!ranking) throw new Error('No metric of this pipeline counts by one field');
  const key = `/e2e-${Date.now()}`;
  const event = { ...(await pipeline.sample()), [ranking.by?.[0] as string]: key };
  await openDashboard(page);
  for (let i = 0; i < 4; i++) await pipeline.post(event);
  const card = page.getByTestId(`ranking-${ranking.name}`);
  await card.getByRole('button', { name: /show more|details/i }).click();
  const dialog = page.getByTestId('metric-dialog');
  await dialog.getByRole('searchbox').fill(key);
  await expect(dialog.locator(`li[data-key="${key}"]`)).toHaveAttribute('data-value', '4');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('"Show more" fetches what the card has no room for', async ({ page, request }) => {
  const pipeline = new RunningPipeline(request);
  const panels = (await pipeline.describe()).panels.filter(({ kind }) => kind === 'ranking');
  const counts = await Promise.all(panels.map(async ({ metric, window }) => (await pipeline.metric(metric, window)).totalGroups ?? 0));
  const at = counts.findIndex((count) => count > 10);
  expect(at, 'a panel with more than ten groups').toBeGreaterThanOrEqual(0);
  await openDashboard(page);
  await page.getByTestId(`ranking-${panels[at]?.metric}`).getByRole('button', { name: 'Show more' }).click();
  const rows = page.getByTestId('metric-dialog').locator('li[data-key]');
  await expect.poll(() => rows.count()).toBeGreaterThan(10);
});

test('an invalid event becomes a dead letter that says why', async ({ page, request }) => {
  const pipeline = new RunningPipeline(request);
  await openDashboard(page);
  const card = page.getByTestId('dead-letters');
  const before = await valueOf(card);
  const marker = `e2e-${Date.now()}`;
  await pipeline.post({ nothing: marker });
  await expect.poll(() => valueOf(card)).toBeGreaterThan(before);
  await card.click();
  const letter = page.getByTestId('dead-letter').filter({ hasText: marker });
  await expect(letter).toBeVisible();
  const known = (await pipeline.deadLetters()).recent.find(({ event }) => event.includes(marker));
  expect(known?.reason).toBeTruthy();
  await expect(letter).toContainText(known?.reason as string);
  await expect(letter).toContainText(`${known?.topic}/${known?.partition} @ ${known?.offset}`);
  const cause = page.locator(`[data-testid=dead-letter-cause][data-cause=${known?.cause}]`);
  await expect.poll(() => valueOf(cause)).toBeGreaterThan(0);
});

test('the theme is chosen, remembered, and follows the system when told so', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openDashboard(page);
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-theme', 'light');
  await page.getByRole('radio', { name: 'Dark' }).click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('radio', { name: 'As the system' }).click();
  await expect(root).toHaveAttribute('data-theme', 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(root).toHaveAttribute('data-theme', 'dark');
});
