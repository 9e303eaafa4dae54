import { expect, test } from 'vitest';
import { Optimistic } from './optimistic.svelte';

/** Sends that are answered when the test says so. */
function wire() {
	const sent: { done: () => void; refused: () => void }[] = [];
	const send = () =>
		new Promise<void>((resolve, reject) =>
			sent.push({ done: resolve, refused: () => reject(new Error('no')) })
		);
	return { sent, send };
}
const plus = (more: string) => (value: string) => value + more;

test('a change shows at once, and stays when it is done', async () => {
	const { sent, send } = wire();
	const kept = new Optimistic('a', () => undefined);
	const done = kept.change(plus('b'), send, plus('b'));
	expect(kept.value).toBe('ab');
	await Promise.resolve();
	sent[0]?.done();
	expect(await done).toBe(true);
	expect(kept.value).toBe('ab');
});

test('what is refused is taken back alone, and said', async () => {
	const { sent, send } = wire();
	const told: unknown[] = [];
	const kept = new Optimistic('a', (error) => told.push(error));
	const first = kept.change(plus('b'), send, plus('b'));
	const second = kept.change(plus('c'), send, plus('c'));
	expect(kept.value).toBe('abc');
	await Promise.resolve();
	sent[0]?.refused();
	expect(await first).toBe(false);
	expect([kept.value, told.length]).toEqual(['ac', 1]);
	sent[1]?.done();
	expect(await second).toBe(true);
	expect(kept.value).toBe('ac');
});

test('changes are sent one after the other', async () => {
	const { sent, send } = wire();
	const kept = new Optimistic('', () => undefined);
	const both = [kept.change(plus('a'), send, plus('a')), kept.change(plus('b'), send, plus('b'))];
	await Promise.resolve();
	expect(sent).toHaveLength(1);
	sent[0]?.done();
	await both[0];
	await Promise.resolve();
	expect(sent).toHaveLength(2);
	sent[1]?.done();
	await both[1];
	expect(kept.value).toBe('ab');
});
