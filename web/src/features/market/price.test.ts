import { expect, test } from 'vitest';
import type { Schemas } from '$lib/api/client';
import { isOld, newest } from './price.svelte';

const at = (minute: number) => `2026-11-21T10:${String(minute).padStart(2, '0')}:00Z`;
const lastPrice = {
	instrument: 'a:X',
	last: '10.5',
	at: at(0),
	change: 0.1,
	sketch: [9, 10.5],
	live: false,
	problem: null
};
const price = { last: '11', at: at(5), change: null, close: 11 } as Schemas['PriceView'];

test('what was told later replaces what was asked for, and goes on its sketch', () => {
	expect(newest(lastPrice, price)).toEqual({
		last: '11', change: 0.1, at: at(5), sketch: [9, 10.5, 11], problem: null
	}); // prettier-ignore
	expect(newest(undefined, price).last).toBe('11');
});

test('what was told before does not come back', () => {
	expect(newest({ ...lastPrice, at: at(9) }, price).last).toBe('10.5');
});

test('who knows nothing says why; who has not answered says nothing', () => {
	const none = { ...lastPrice, last: null, at: null, change: null, sketch: [] };
	expect(newest({ ...none, problem: 'unreachable' }, null).problem).toBe('unreachable');
	expect(newest(none, null).problem).toBe('no_price');
	expect(newest(undefined, null).problem).toBeNull();
});

test('a price is old after two minutes', () => {
	expect([1, 3].map((minute) => isOld(at(0), Date.parse(at(minute))))).toEqual([false, true]);
	expect(isOld(null, 0)).toBe(false);
});
