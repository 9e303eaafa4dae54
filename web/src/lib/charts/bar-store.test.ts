import { expect, test } from 'vitest';
import { BarStore } from './bar-store';
import type { Columns } from './columns';

/** Bars at these times; the close is ten times the time, unless it is given. */
const bars = (time: number[], close = time.map((each) => each * 10)): Columns => ({
	time: Uint32Array.from(time),
	values: new Map([['close', Float32Array.from(close)]])
});
const shown = (store: BarStore) =>
	[...store.times].map((time, place) => `${time}@${store.value('close', place)}`).join(' ');

test('bars grow at both ends', () => {
	const store = new BarStore();
	store.append(bars([5, 6]));
	store.prepend(bars([3, 4]));
	store.append(bars([7]));
	expect(shown(store)).toBe('3@30 4@40 5@50 6@60 7@70');
});

test('the last bar may come again, changed', () => {
	const store = new BarStore();
	store.append(bars([1, 2]));
	store.append(bars([2, 3], [21, 30]));
	expect(shown(store)).toBe('1@10 2@21 3@30');
});

test('bars that are there may come again, and say where the change begins', () => {
	const store = new BarStore();
	store.append(bars([4, 5, 6]));
	expect(store.append(bars([5, 6, 7], [51, 61, 71]))).toBe(1);
	expect(shown(store)).toBe('4@40 5@51 6@61 7@71');
});

test('bars that are older than the last and not there are dropped', () => {
	const store = new BarStore();
	store.append(bars([5, 8]));
	expect(store.append(bars([3, 6]))).toBe(store.length);
	expect(shown(store)).toBe('5@50 8@80');
});

test('what a bar that comes again does not bring stays as it was', () => {
	const store = new BarStore();
	store.append({ time: Uint32Array.of(2), values: new Map([['close', Float32Array.of(1)], ['ema', Float32Array.of(7)]]) }); // prettier-ignore
	store.append(bars([2, 3], [21, 30]));
	expect(shown(store)).toBe('2@21 3@30');
	expect([...(store.column('ema') ?? [])]).toEqual([7, NaN]);
});

test('a page that overlaps brings only what is older', () => {
	const store = new BarStore();
	store.append(bars([5, 6]));
	expect(store.prepend(bars([3, 4, 5], [30, 40, 99]))).toBe(2);
	expect(shown(store)).toBe('3@30 4@40 5@50 6@60');
});

test('a column that a page does not have is unknown there', () => {
	const store = new BarStore();
	store.append({ time: Uint32Array.of(2), values: new Map([['close', Float32Array.of(1)], ['ema', Float32Array.of(7)]]) }); // prettier-ignore
	store.prepend(bars([1]));
	expect([...(store.column('ema') ?? [])]).toEqual([NaN, 7]);
});

test.each([
	[0, -1],
	[10, 0],
	[19, 0],
	[20, 1],
	[99, 2]
])('the bar at %i has the place %i', (time, place) => {
	const store = new BarStore();
	store.append(bars([10, 20, 30]));
	expect(store.placeAt(time)).toBe(place);
});

test('a hundred thousand bars, one by one and page by page, are all there', () => {
	const store = new BarStore();
	for (let time = 50_000; time < 100_000; time += 1) store.append(bars([time]));
	for (let first = 40_000; first >= 0; first -= 10_000) {
		store.prepend(bars(Array.from({ length: 10_000 }, (_, place) => first + place)));
	}
	expect(store.length).toBe(100_000);
	expect(store.times.every((time, place) => time === place)).toBe(true);
	expect(store.value('close', 77_777)).toBe(777_770);
});
