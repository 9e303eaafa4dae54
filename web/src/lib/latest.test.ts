import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Latest } from './latest';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const forever = () => new Promise<void>(() => undefined);

test('of what is wanted within a pause the last alone is done', () => {
	const [latest, done] = [new Latest(100), [] as string[]];
	for (const name of ['one', 'two', 'three']) {
		latest.want(async () => void done.push(name));
		vi.advanceTimersByTime(60);
	}
	vi.advanceTimersByTime(40);
	expect(done).toEqual(['three']);
});

test('what is overtaken while it runs is told so, and what overtakes it is not', () => {
	const [latest, signals] = [new Latest(100), [] as AbortSignal[]];
	const work = (signal: AbortSignal) => {
		signals.push(signal);
		return forever();
	};
	latest.want(work);
	vi.advanceTimersByTime(100);
	latest.want(work);
	vi.advanceTimersByTime(100);
	expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
});

test('once it is left, what waits is not begun and what runs is cut short', () => {
	const [latest, signals] = [new Latest(100), [] as AbortSignal[]];
	latest.want((signal) => {
		signals.push(signal);
		return forever();
	});
	vi.advanceTimersByTime(100);
	latest.want(() => Promise.reject(new Error('it is not begun')));
	latest.leave();
	vi.advanceTimersByTime(500);
	expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});
