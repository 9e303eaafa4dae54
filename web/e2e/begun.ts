import { expect, type APIRequestContext } from '@playwright/test';

/** The first start seeds candles, strategies and finished runs in the background; answers the newest result's id. */
export async function begun(request: APIRequestContext): Promise<{ result: string; strategy: string }> {
	await expect
		.poll(async () => (await (await request.get('/api/v1/results')).json()).total, { timeout: 60_000 })
		.toBeGreaterThanOrEqual(2);
	const results = await (await request.get('/api/v1/results')).json();
	const strategies = await (await request.get('/api/v1/strategies')).json();
	return { result: results.items[0].id, strategy: strategies.items[0].id };
}
