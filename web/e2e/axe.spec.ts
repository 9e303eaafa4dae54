import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { begun } from './begun';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const widths = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

for (const theme of ['light', 'dark'] as const) {
	for (const [width, viewport] of Object.entries(widths)) {
		test(`no page has a barrier, ${theme}, ${width}`, async ({ browser, baseURL, request }) => {
			const { result, strategy } = await begun(request);
			const context = await browser.newContext({
				baseURL: baseURL ?? '',
				colorScheme: theme,
				reducedMotion: 'reduce',
				viewport
			});
			const page = await context.newPage();
			const refused: string[] = [];
			page.on('console', (message) => {
				const asked = message.text().includes('Not found: /nowhere');
				if (message.type() === 'error' && !asked) refused.push(message.text());
			});
			const paths = [
				'/',
				'/backtest',
				'/strategies',
				`/strategies/${strategy}`,
				'/conditions',
				'/results',
				`/results/${result}`,
				'/data',
				'/market?instrument=synthetic:BTC/USDT&i=sma',
				'/settings',
				'/nowhere'
			];
			for (const path of paths) {
				await page.goto(path);
				await expect(page.locator('main')).toBeVisible();
				await page.waitForLoadState('networkidle');
				const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
				const found = violations.map(
					(each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`
				);
				expect.soft(found, `${path}, ${theme}, ${width}`).toEqual([]);
			}
			expect(refused, 'nothing was logged as an error').toEqual([]);
			await context.close();
		});
	}
}
