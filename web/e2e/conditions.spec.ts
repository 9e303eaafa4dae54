import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';

/** A conditions file from the clipboard to a new version and back, by form, by text and from its history. */
const FILE = {
	name: 'Dips <b>quoted</b>',
	timeframe: '15m',
	core_pairs: ['BTCUSDT', 'ETH/USDT', 'nope'],
	long: {
		thresholds: {
			score: 3,
			conditions: [
				{ name: 'oversold', weight: 2, indicator: 'RSI', period: 14, op: '<', value: 30 },
				{ weight: 1, left: 'close', op: '>', right: { indicator: 'ema', period: 50, timeframe: '4h' } },
				{ weight: 1, left: 'close', op: 'nearly', right: 1 }
			]
		},
		antifilters: [{ name: 'wild bar', formula: '(high - low) / close', op: '>', value: 0.05 }],
		fast_track: [
			{
				all: [
					{ left: 'rsi', op: '<', right: 15 },
					{ left: 'close', op: 'rising' }
				]
			}
		],
		size: 0.5,
		stop_loss: 0.02,
		smart_averaging: [{ at: -0.01, size: 0.25 }]
	}
};

async function imported(page: Page): Promise<void> {
	await page.goto('/conditions');
	await page.getByRole('button', { name: 'Import conditions' }).first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Or paste its text').fill(JSON.stringify(FILE, null, 2));
	await dialog.getByRole('button', { name: 'Import', exact: true }).click();
	await expect(dialog.getByText('2 entries cannot be understood')).toBeVisible();
	await expect(dialog.getByText('long.thresholds.conditions[2].op')).toBeVisible();
	await expect(dialog.getByText('core_pairs[2]')).toBeVisible();
	await dialog.getByRole('button', { name: 'Import without them' }).click();
	await expect(page).toHaveURL(/\?strategy=/);
	await expect(page.getByLabel('Name', { exact: true })).toHaveValue(FILE.name);
}

const editor = (page: Page, label: string): Locator => page.getByRole('textbox', { name: label });

async function apply(page: Page, note: string): Promise<void> {
	await page.getByRole('button', { name: 'Apply changes' }).click();
	const dialog = page.getByRole('dialog', { name: 'Review the changes' });
	await expect(dialog).toBeVisible();
	await dialog.getByLabel('What changed').fill(note);
	await dialog.getByRole('button', { name: 'Apply changes' }).click();
	await expect(dialog).toBeHidden();
}

test('a file is imported, edited in the form, reviewed, applied and restored', async ({ page }) => {
	await imported(page);
	await expect(page.getByText('Version 1', { exact: true })).toBeVisible();
	const long = page.getByRole('region', { name: 'Long' });
	await expect(long.getByText('A combination of conditions')).toBeVisible();

	await long.getByLabel('Score to reach').fill('2');
	await page.getByRole('textbox', { name: 'Add a pair' }).fill('SOLUSDT');
	await page.keyboard.press('Enter');
	await expect(page.getByText('SOLUSDT')).toBeVisible();
	await long.getByLabel('Thresholds 1: Name').fill('very oversold');

	await page.getByRole('tab', { name: 'JSON' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'changed blocks' })).toHaveText('3 changed blocks');
	await page.getByRole('button', { name: 'Revert this block' }).first().focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('status').filter({ hasText: 'changed blocks' })).toHaveText('2 changed blocks');
	await expect(editor(page, 'Draft')).not.toContainText('SOLUSDT');

	await apply(page, 'an easier score');
	await expect(page.getByText('Version 2', { exact: true })).toBeVisible();
	await expect(page.getByRole('status').filter({ hasText: 'changed block' })).toHaveText('0 changed blocks');

	await page.getByRole('tab', { name: 'History' }).click();
	await expect(page.getByRole('cell', { name: 'an easier score' })).toBeVisible();
	await page.getByRole('button', { name: 'Restore' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'changed blocks' })).toHaveText('2 changed blocks');
	await apply(page, 'back');
	await page.getByRole('tab', { name: 'Form' }).click();
	await expect(page.getByLabel('Score to reach')).toHaveValue('3');
});

test('what is wrong is said where it is, and nothing is lost on reload', async ({ page }) => {
	await imported(page);
	const long = page.getByRole('region', { name: 'Long' });
	await long.getByLabel('Score to reach').fill('three');
	const problems = page.getByRole('region', { name: 'What is wrong' });
	await expect(problems.getByText('long.thresholds.score')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Apply changes' })).toBeDisabled();
	await page.reload();
	await expect(long.getByLabel('Score to reach')).toHaveValue('three');
	await problems.getByRole('button', { name: /long\.thresholds\.score/ }).click();
	await expect(editor(page, 'Draft')).toContainText('"three"');
	await page.getByRole('button', { name: 'More actions' }).click();
	await page.getByRole('menuitem', { name: 'Discard the draft' }).click();
	await expect(problems).toBeHidden();
});

test('a strategy that no file can say is told so, place by place', async ({ page, request }) => {
	const made = await request.post('/api/v1/strategies', { data: { template: 'sma_cross' } });
	await page.goto(`/conditions?strategy=${(await made.json()).id}`);
	await expect(page.getByText('A conditions file has no words for this strategy')).toBeVisible();
	await expect(page.getByText('parameters.fast')).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
	test(`the editor has no barrier, ${theme}, wide and on a phone`, async ({ browser, baseURL }) => {
		const context = await browser.newContext({
			baseURL: baseURL ?? '',
			colorScheme: theme,
			reducedMotion: 'reduce'
		});
		const page = await context.newPage();
		await imported(page);
		await page.getByLabel('Score to reach').fill('2');
		for (const viewport of [
			{ width: 1440, height: 900 },
			{ width: 390, height: 844 }
		]) {
			await page.setViewportSize(viewport);
			for (const tab of ['Form', 'JSON', 'History']) {
				await page.getByRole('tab', { name: tab }).click();
				if (tab === 'JSON')
					await expect(page.getByRole('button', { name: 'Revert this block' })).toBeVisible();
				await page.waitForLoadState('networkidle');
				const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze(); // prettier-ignore
				const found = violations.map(
					(each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`
				);
				expect.soft(found, `${tab}, ${viewport.width}`).toEqual([]);
				const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
				expect.soft(wide, `${tab} is as wide as ${viewport.width}`).toBe(false);
			}
		}
		await context.close();
	});
}
