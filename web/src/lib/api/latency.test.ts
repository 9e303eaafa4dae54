import { expect, test } from 'vitest';
import { Latency } from './latency.svelte';

test('of a hundred calls the last fifty are measured, and all are counted', () => {
	const latency = new Latency();
	for (let call = 1; call <= 100; call += 1) latency.add('GET /a', call);
	latency.add('GET /b', 200);
	expect(latency.timings).toEqual([
		{ endpoint: 'GET /b', calls: 1, median: 200, p95: 200 },
		{ endpoint: 'GET /a', calls: 100, median: 75, p95: 98 }
	]);
});
