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
		() => Date.now()
	);
	return { asked, previewer };
}

test('the first move asks at once; of those that follow only the last one waits', async () => {
	const { asked, previewer } = scripted();
	for (const fast of [1, 2, 3]) previewer.want(request(fast));
	expect(asked.map((each) => each.fast)).toEqual([1]);
	asked[0]?.resolve(10);
	await vi.advanceTimersByTimeAsync(0);
	expect(asked.map((each) => each.fast)).toEqual([1, 3]);
	expect([previewer.shown?.bars, previewer.of?.parameters?.fast, previewer.busy]).toEqual([10, 1, true]);
	asked[1]?.resolve(30);
	await vi.advanceTimersByTimeAsync(0);
	expect([previewer.shown?.bars, previewer.busy]).toEqual([30, false]);
});

test('an answer that is long in coming and overtaken is cancelled, and never shown', async () => {
	const { asked, previewer } = scripted();
	previewer.want(request(1));
	previewer.want(request(2));
	await vi.advanceTimersByTimeAsync(1_000);
	expect(asked[0]?.signal.aborted).toBe(true);
	asked[1]?.resolve(20);
	await vi.advanceTimersByTimeAsync(0);
	asked[0]?.resolve(10);
	await vi.advanceTimersByTimeAsync(0);
	expect(previewer.shown?.bars).toBe(20);
	expect(previewer.busy).toBe(false);
});

test('an answer that nothing overtakes is waited for', async () => {
	const { asked, previewer } = scripted();
	previewer.want(request(1));
	await vi.advanceTimersByTimeAsync(10_000);
	expect(asked[0]?.signal.aborted).toBe(false);
});
