/** Why a run did what it did: from a candle to its outcome, from the funnel to a run without a condition, and whether it knew the future. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { begun } from './begun';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const widths = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** A finished run of rules with a tree of conditions and a veto, over two years of hours; answers its id. */
async function run(request: APIRequestContext): Promise<string> {
	await begun(request);
	const templates = await (await request.get('/api/v1/catalog/templates')).json();
	const { document } = templates.find((each: { id: string }) => each.id === 'rsi_reversion');
	const [enter] = document.rules;
	const calm = {
		any: [{ left: 'close', op: '>', right: 'trend' }, { not: { left: 'rsi', op: '>', right: 60 } }]
	};
	enter.when = { all: [enter.when, calm, { left: 'volume', op: '>', right: 0, for: 3 }] };
	const session = await (await request.post('/api/v1/sessions', { data: { document } })).json();
	await expect
		.poll(async () => (await (await request.get(`/api/v1/jobs/${session.job_id}`)).json()).state)
		.toBe('finished');
	return session.id;
}

async function opened(page: Page, id: string): Promise<void> {
	await page.goto(`/results/${id}`);
	await expect(page.locator('main dl abbr').first()).toBeVisible();
	await expect(page.getByTestId('candles')).not.toHaveAttribute('data-bars', '0');
}

async function clickCandle(page: Page): Promise<void> {
	const candles = page.getByTestId('candles');
	await candles.scrollIntoViewIfNeeded();
	const box = await candles.boundingBox();
	if (!box) throw new Error('the chart is not drawn');
	await page.mouse.click(box.x + box.width * 0.5, box.y + 120);
}

const traced = (page: Page) => page.locator('section[aria-label="Why at this bar"]');
const lookAhead = (page: Page) => page.getByRole('button', { name: 'Look-ahead' });

test('from a candle to its outcome, and from the funnel to a run without a condition', async ({ page }) => {
	test.setTimeout(180_000);
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	const id = await run(page.request);
	await opened(page, id);
	const bar = traced(page);

	await test.step('click a candle and read', async () => {
		await clickCandle(page);
		await expect(bar.getByRole('status')).toHaveText(
			/Entered|Exited|Held|Vetoed by trend falls|No signal|Warming up/
		);
		await expect(bar.getByText('rsi crosses above oversold (30)')).toBeVisible();
		await expect(bar.getByText('volume > 0, for 3 bars')).toBeVisible();
		await expect(bar.getByText('Unless: trend falls')).toBeVisible();
	});

	await test.step('step from bar to bar', async () => {
		const title = bar.getByRole('heading', { level: 2 });
		const before = (await title.textContent()) ?? '';
		await bar.getByRole('button', { name: 'Next bar' }).click();
		await expect(title).not.toHaveText(before);
		await bar.getByRole('button', { name: 'Previous bar' }).click();
		await expect(title).toHaveText(before);
	});

	await test.step('choose a bar by keyboard', async () => {
		const title = bar.getByRole('heading', { level: 2 });
		const before = (await title.textContent()) ?? '';
		await page.getByTestId('candles').focus();
		for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowLeft');
		await expect(title).toHaveText(before);
		await page.keyboard.press('Enter');
		await expect(title).not.toHaveText(before);
	});

	await test.step('go to the next bar like it, and back to the decisions', async () => {
		const outcome = (await bar.getByRole('status').textContent()) ?? '';
		await bar.getByRole('button', { name: `Next: ${outcome.trim()}` }).click();
		await expect(bar.getByRole('status')).toHaveText(outcome);
		await bar.getByRole('button', { name: 'Back to the decisions' }).click();
		await expect(bar).toBeHidden();
		await expect(page.getByRole('heading', { name: 'Decisions' })).toBeVisible();
	});

	await test.step('list the bars of an outcome, and jump to one', async () => {
		await page.getByRole('tab', { name: 'Why' }).click();
		await page.getByRole('button', { name: /^Entered/ }).click();
		const row = page.getByRole('region', { name: 'Bars: Entered' }).locator('tbody tr').first();
		await expect(row).toContainText('RSI leaves oversold');
		await row.click();
		await expect(bar.getByRole('status')).toHaveText('Entered');
		await expect(bar.getByText('rsi crosses above oversold (30)')).toBeVisible();
	});

	await test.step('run it without a condition', async () => {
		await page.getByRole('button', { name: /^Without this condition: rsi crosses above/ }).click();
		const dialog = page.getByRole('dialog');
		await expect(dialog.getByRole('img', { name: 'Equity with and without the condition' })).toBeVisible();
		await expect(dialog.getByRole('row', { name: /^Return/ })).toContainText('%');
		await dialog.getByRole('button', { name: 'Open as a new strategy' }).click();
		await page.waitForURL(/\/strategies\/\w+/);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('RSI reversion (one condition less)');
	});

	await test.step('ask whether it knows the future', async () => {
		await opened(page, id);
		await lookAhead(page).click();
		await expect(page.getByRole('dialog')).toContainText('No look-ahead found at 200 points', {
			timeout: 60_000
		});
	});

	expect(problems).toEqual([]);
});

const leak = {
	honest: false,
	points: 200,
	found: 214,
	leaks: [
		{
			how: 'poisoned',
			known_until: '2024-03-01T10:00:00Z',
			instrument: 'synthetic:BTC/USDT',
			closed_at: '2024-03-01T09:00:00Z',
			decision: true,
			series: ['<b>normal</b>', 'signal']
		}
	]
};

// Both themes and both widths; axe.spec.ts tries all four of every page.
for (const [theme, width] of [
	['light', 'desktop'],
	['dark', 'phone']
] as const) {
	test(`nothing of it is a barrier, ${theme}, ${width}`, async ({ browser, baseURL, request }) => {
		test.setTimeout(120_000);
		const viewport = widths[width];
		const id = await run(request);
		const context = await browser.newContext({
			baseURL: baseURL ?? '',
			colorScheme: theme,
			reducedMotion: 'reduce',
			viewport
		});
		const page = await context.newPage();
		const clean = async (state: string) => {
			await page.waitForLoadState('networkidle');
			const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
			const found = violations.map(
				(each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`
			);
			expect.soft(found, `${state}, ${theme}, ${width}`).toEqual([]);
		};
		await opened(page, id);
		await clickCandle(page);
		await expect(traced(page).getByRole('status')).toBeVisible();
		await page.getByRole('tab', { name: 'Why' }).click();
		await page.getByRole('button', { name: /^Vetoed/ }).click();
		await expect(page.getByRole('region', { name: /^Bars: Vetoed/ })).toBeVisible();
		await clean('a bar and the funnel');

		await page.getByRole('button', { name: 'Without this veto: trend falls' }).click();
		await expect(page.getByRole('dialog').getByRole('row', { name: /^Trades/ })).toBeVisible();
		await clean('without a veto');
		await page.keyboard.press('Escape');

		await page.route('**/api/v1/lookahead/*', (route) => route.fulfill({ json: leak }));
		await lookAhead(page).click();
		await expect(page.getByRole('dialog')).toContainText('Look-ahead found: 214 leaks', {
			timeout: 60_000
		});
		await expect(page.getByRole('dialog')).toContainText('<b>normal</b>');
		await clean('leaks');
		await context.close();
	});
}
