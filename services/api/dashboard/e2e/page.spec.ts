import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { openDashboard, RunningPipeline } from './pipeline';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is amiss for assistive technology, ${colorScheme}`, async ({ page, request }) => {
    const metric = (await new RunningPipeline(request).describe()).panels[0]?.metric;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const path of ['/dashboard/', '/dashboard/?open=dead-letters', `/dashboard/?open=metric:${metric}`]) {
      await openDashboard(page, path);
      if (path.includes('?')) await expect(page.getByRole('dialog')).toBeVisible();
      await page.waitForTimeout(500);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
    }
  });
}

for (const width of [360, 768, 1920]) {
  test(`nothing sticks out at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openDashboard(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.getByTestId('dead-letters').click();
    const sheet = page.getByTestId('dead-letter-sheet');
    await expect(sheet).toBeInViewport();
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await expect(page.getByTestId('dead-letters')).toBeFocused();
  });
}

test('the browser has nothing to complain about', async ({ page, request }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const metric = (await new RunningPipeline(request).describe()).panels[0]?.metric;
  await openDashboard(page, `/dashboard/?open=metric:${metric}`);
  await expect(page.getByTestId('metric-dialog')).toBeVisible();
  await page.waitForTimeout(1_500);
  expect(complaints).toEqual([]);
});

test('numbers that change move nothing on the page', async ({ page }) => {
  await openDashboard(page);
  const shift = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
          }).observe({ type: 'layout-shift' });
          setTimeout(() => resolve(sum), 3_000);
        }),
    );
  // Not while it is still being put together.
  await expect(async () => expect(await shift()).toBeLessThan(0.01)).toPass({ timeout: 30_000 });
});
