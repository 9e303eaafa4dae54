import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Schemas } from '$lib/api/client';
import { Previewer, type PreviewRequest } from './preview.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const answer = (bars: number) => ({ bars }) as Schemas['Preview'];
const request = (fast: number): PreviewRequest => ({ document: {}, parameters: { fast } });

function scripted() {
	const asked: { fast: number; signal: AbortSignal; resolve: (bars: number) => void }[] = [];
	const previewer = new Previewer(
		(wanted, signal) =>
			new Promise((resolve) =>
				asked.push({ fast: wanted.parameters?.fast ?? 0, signal, resolve: (bars) => resolve(answer(bars)) })
			),
		100
	);
	return { asked, previewer };
}

test('quick moves ask once, for the last of them', async () => {
	const { asked, previewer } = scripted();
	for (const fast of [1, 2, 3]) previewer.want(request(fast));
	await vi.advanceTimersByTimeAsync(100);
	expect(asked.map((each) => each.fast)).toEqual([3]);
});

test('an answer that was overtaken is cancelled, and never shown', async () => {
	const { asked, previewer } = scripted();
	previewer.want(request(1));
	await vi.advanceTimersByTimeAsync(100);
	previewer.want(request(2));
	expect(asked[0]?.signal.aborted).toBe(true);
	await vi.advanceTimersByTimeAsync(100);
	asked[1]?.resolve(20);
	await vi.advanceTimersByTimeAsync(0);
	asked[0]?.resolve(10);
	await vi.advanceTimersByTimeAsync(0);
	expect(previewer.shown?.bars).toBe(20);
	expect(previewer.busy).toBe(false);
});
