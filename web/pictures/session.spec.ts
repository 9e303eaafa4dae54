/** The pictures of the pages, taken from the running product: `make pictures`. */
import { test } from '@playwright/test';
import { begun } from '../e2e/begun';

test('the page of a session', async ({ browser, baseURL, request }) => {
	await begun(request);
	const { items } = await (await request.get('/api/v1/results?search=SMA')).json();
	const context = await browser.newContext({
		baseURL: baseURL ?? '',
		colorScheme: 'dark',
		viewport: { width: 1600, height: 1000 }
	});
	const page = await context.newPage();
	await page.goto(`/results/${items[0].id}`);
	await page.locator('abbr[title="Open"]').waitFor();
	const trades = page.getByRole('region', { name: 'Trades' });
	await trades.locator('tbody tr').nth(3).click();
	await page.evaluate(() => window.scrollTo(0, 0));
	await page.waitForTimeout(2_000);
	await page.screenshot({ path: '../docs/pictures/session.png' });
	await context.close();
});
