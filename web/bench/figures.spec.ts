/** What the page has to reach, measured in headless Chromium against the real platform and printed; nothing here is asserted as a time. */
import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { begun } from '../e2e/begun';

const MILLION = 1_000_000;
const MINUTES = 100_000;

function say(name: string, figure: string, asked: string): void {
	console.log(`${name.padEnd(52)} ${figure.padStart(14)}   asked: ${asked}`);
}

/** A walk of minutes as CSV, the same each time. */
function minutes(bars: number): Buffer {
	const lines = ['time,open,high,low,close,volume'];
	let [price, seed] = [100, 42];
	for (let bar = 0; bar < bars; bar += 1) {
		seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		const close = price * (1 + (seed / 4_294_967_296 - 0.5) * 0.002);
		const [high, low] = [Math.max(price, close) * 1.0003, Math.min(price, close) * 0.9997];
		lines.push(
			`${1_577_836_800 + 60 * bar},${price.toFixed(4)},${high.toFixed(4)},${low.toFixed(4)},${close.toFixed(4)},10`
		);
		price = Number(close.toFixed(4));
	}
	return gzipSync(lines.join('\n'));
}

async function imported(request: APIRequestContext, name: string, bars: number): Promise<void> {
	const answer = await request.post(`/api/v1/market/import?instrument=${name}`, {
		data: minutes(bars),
		timeout: 120_000
	});
	expect(answer.status()).toBe(201);
}

async function ordered(request: APIRequestContext, name: string): Promise<string> {
	const templates = await (await request.get('/api/v1/catalog/templates')).json();
	const document = templates.find((each: { id: string }) => each.id === 'sma_cross').document;
	const data = { document, universe: [name], timeframe: '1m' };
	return (await (await request.post('/api/v1/sessions', { data })).json()).id;
}

/** The legend reads a bar: the candles are drawn. */
async function drawn(page: Page): Promise<void> {
	await page.locator('abbr[title="Open"]').waitFor({ timeout: 60_000 });
}

/** Frames a second over six seconds from the first one on. */
function framesOf(page: Page): Promise<number> {
	return page.evaluate(
		() =>
			new Promise<number>((resolve) => {
				let [first, count] = [0, 0];
				const frame = (now: number) => {
					first ||= now;
					if (now - first < 6_000) requestAnimationFrame(frame);
					else resolve((count * 1000) / (now - first));
					count += 1;
				};
				requestAnimationFrame(frame);
			})
	);
}

test('JavaScript of the shell', async ({ page }) => {
	await begun(page.request);
	let bytes = 0;
	page.on('response', async (response) => {
		if (response.url().endsWith('.js')) bytes += gzipSync(await response.body()).length;
	});
	await page.goto('/nowhere');
	await page.waitForLoadState('networkidle');
	say('shell, JavaScript gzipped', `${(bytes / 1024).toFixed(0)} KiB`, 'at most 150 KiB');
});

test('a session of a million bars, from the click to the drawn page', async ({ page }) => {
	test.setTimeout(300_000);
	await begun(page.request);
	await imported(page.request, 'file:million', MILLION);
	const took: number[] = [];
	for (let round = 0; round < 5; round += 1) {
		await page.goto('/results');
		await page.waitForLoadState('networkidle');
		const start = performance.now();
		const id = await ordered(page.request, 'file:million');
		await page.goto(`/sessions/${id}`);
		await drawn(page);
		took.push(performance.now() - start);
	}
	took.sort((a, b) => a - b);
	say(
		'1,000,000 bars, order to drawn page, median of 5',
		`${((took[2] ?? 0) / 1000).toFixed(2)} s`,
		'at most 3 s'
	);
});

test('frames a second over a hundred thousand bars', async ({ page }) => {
	test.setTimeout(180_000);
	await begun(page.request);
	await imported(page.request, 'file:minutes', MINUTES);
	const ceiling = await framesOf(page); // of the page that is still blank
	await page.goto(`/sessions/${await ordered(page.request, 'file:minutes')}`);
	await drawn(page);
	const chart = page
		.locator('[role=group]')
		.filter({ has: page.locator('canvas') })
		.first();
	await chart.focus();
	const frames = framesOf(page);
	for (const key of [
		'-',
		'-',
		'ArrowLeft',
		'ArrowLeft',
		'PageUp',
		'+',
		'ArrowRight',
		'-',
		'PageDown',
		'ArrowLeft'
	]) {
		await page.keyboard.press(key);
		await page.waitForTimeout(500);
	}
	const fps = (await frames).toFixed(1);
	say('100,000 bars, scrolled and zoomed by keyboard', `${fps} of ${ceiling.toFixed(1)} fps`, '60 fps');
});

test('Lighthouse', async ({ page, baseURL }) => {
	test.setTimeout(300_000);
	const { result } = await begun(page.request);
	const chrome =
		'--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync';
	for (const path of ['/', `/results/${result}`]) {
		const report = JSON.parse(
			execFileSync(
				'npx',
				[
					'--yes',
					'lighthouse@12.8.2',
					`${baseURL}${path}`,
					'--quiet',
					'--output=json',
					'--preset=desktop',
					'--no-enable-error-reporting',
					`--chrome-flags=${chrome}`
				],
				{
					env: { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? 'chromium' },
					maxBuffer: 1 << 28,
					encoding: 'utf8'
				}
			)
		);
		const score = (name: string) => Math.round(report.categories[name].score * 100).toString();
		const name = path === '/' ? 'dashboard' : 'result';
		say(`Lighthouse desktop, ${name}: performance`, score('performance'), 'at least 95');
		say(`Lighthouse desktop, ${name}: accessibility`, score('accessibility'), '100');
	}
});
