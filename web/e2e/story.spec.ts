/** One person's first hour: from a template to a result, in two languages, and on candles of their own. */
import { expect, test, type Page } from '@playwright/test';
import { begun } from './begun';

/** Two thousand hours that rise and fall, so that any crossing rule trades. */
function candles(): Buffer {
	const lines = ['time,open,high,low,close,volume'];
	for (let hour = 0; hour < 2_000; hour += 1) {
		const price = 100 + 10 * Math.sin(hour / 40);
		const row = [price, price + 1, price - 1, price + 0.5].map((value) => value.toFixed(2));
		lines.push([1_704_067_200 + 3_600 * hour, ...row, 10].join(','));
	}
	return Buffer.from(lines.join('\n'));
}

async function chartDrawn(page: Page): Promise<void> {
	await expect(page.locator('main canvas').first()).toBeVisible();
	await expect(page.locator('main dl abbr').first()).toBeVisible();
}

test('from a template to a result, and to one on own candles', async ({ page }) => {
	test.setTimeout(240_000);
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	await begun(page.request);

	await test.step('pick a template', async () => {
		await page.goto('/');
		await page.getByRole('link', { name: 'Strategies' }).first().click();
		await page.getByRole('button', { name: 'Use the template SMA cross' }).click();
		await page.waitForURL(/\/strategies\/\w+/);
		await expect(page.getByText('Valid', { exact: true })).toBeVisible();
	});

	await test.step('change a parameter, watch the preview, and save', async () => {
		const fast = page.getByRole('slider', { name: 'Slider of fast' });
		await expect(fast).toBeVisible();
		await expect(page.getByText(/17,527 bars in/)).toBeVisible();
		await fast.focus();
		for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight');
		await expect(page.getByText('Unsaved changes')).toBeVisible();
		await page.getByRole('button', { name: 'Save', exact: true }).first().click();
		await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
		await expect(page.getByText('Version 2', { exact: true })).toBeVisible();
	});

	await test.step('run it and read the result', async () => {
		await page.getByRole('link', { name: 'Run a backtest' }).click();
		await page.waitForURL(/\/backtest/);
		await page.getByRole('button', { name: /^Start/ }).click();
		await page.waitForURL(/\/(sessions|results)\/\w+/);
		await chartDrawn(page);
		await expect(page.getByText('Final equity').first()).toBeVisible();
	});

	await test.step('click a trade', async () => {
		const row = page.getByRole('region', { name: 'Trades' }).locator('tbody tr').nth(2);
		await row.click();
		await expect(row).toHaveAttribute('aria-selected', 'true');
	});

	await test.step('switch to French and dark, without a reload', async () => {
		await page.getByRole('button', { name: 'Passer au français' }).click();
		await expect(page.getByText('Capital final').first()).toBeVisible();
		await page.getByRole('button', { name: 'Thème sombre' }).click();
		await expect(page.locator('html')).toHaveClass(/dark/);
		await page.reload();
		await expect(page.getByText('Capital final').first()).toBeVisible();
		await expect(page.locator('html')).toHaveClass(/dark/);
		await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
	});

	await test.step('find it in the list', async () => {
		await page.getByRole('link', { name: 'Résultats' }).first().click();
		await expect(page.locator('main tbody tr').first()).toContainText('SMA cross');
		await page.getByRole('button', { name: 'Switch to English' }).click();
	});

	await test.step('import own candles', async () => {
		await page.getByRole('link', { name: 'Data' }).first().click();
		await page
			.locator('input[type=file]')
			.setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: candles() });
		await expect(page.getByText(/2,000 bars of file:mine/)).toBeVisible();
	});

	await test.step('a wrong file is refused with its line', async () => {
		const wrong = Buffer.from(
			'time,open,high,low,close,volume\n1704067200,1,2,0.5,1.5,1\n1704070800,1,x,0.5,1.5,1\n'
		);
		await page
			.locator('input[type=file]')
			.setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer: wrong });
		await expect(page.getByText(/line 3/).first()).toBeVisible();
	});

	await test.step('run on them', async () => {
		const document = (await (await page.request.get('/api/v1/catalog/templates')).json()).find(
			(each: { id: string }) => each.id === 'sma_cross'
		).document;
		const data = { document, universe: ['file:mine'] };
		const session = await (await page.request.post('/api/v1/sessions', { data })).json();
		await page.goto(`/sessions/${session.id}`);
		await chartDrawn(page);
		await expect(page.getByText('file:mine').first()).toBeVisible();
	});

	expect(problems).toEqual([]);
});

test('a hostile name is text', async ({ page }) => {
	const templates = await (await page.request.get('/api/v1/catalog/templates')).json();
	const name = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
	const document = { ...templates[0].document, name };
	const made = await (await page.request.post('/api/v1/strategies', { data: { document } })).json();
	for (const path of ['/strategies', `/strategies/${made.id}`, '/']) {
		await page.goto(path);
		await expect(page.getByText(name).first()).toBeVisible();
		expect(await page.title()).not.toBe('1');
		expect(await page.locator('main img').count()).toBe(0);
	}
});

test('the palette goes where it is told', async ({ page }) => {
	await begun(page.request);
	await page.goto('/');
	await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox').fill('momentum');
	await page
		.getByRole('option', { name: /Momentum basket/ })
		.first()
		.click();
	await page.waitForURL(/\/(strategies|results)\/\w+/);
});
