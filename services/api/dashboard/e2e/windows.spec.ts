import { test } from '@playwright/test';
import { expectAgreement, openDashboard, RunningPipeline, valueOf } from './pipeline';

test('another window shows that window, also after a reload', async ({ page, request }) => {
  const pipeline = new RunningPipeline(request);
  const panel = (await pipeline.describe()).panels.find(({ windows }) => windows.length > 1);
  if (!panel) throw new Error('No metric of this pipeline has several windows');
  const { metric, windows } = panel;
  const other = windows.at(-1) as string;
  const card = page.getByTestId(new RegExp(`^(card|ranking)-${metric}$`));
  const agrees = () =>
    expectAgreement(
      () => valueOf(card.getByTestId(`value-${metric}`)),
      async () => (await pipeline.metric(metric, other)).value,
    );
  await openDashboard(page);
  await card.getByTestId('windows').getByText(other === 'all' ? 'All' : other, { exact: true }).click();
  await agrees();
  await page.reload();
  await agrees();
});
