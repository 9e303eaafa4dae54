import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BarStore } from './bar-store';
import type { Candles } from './candles.svelte';
import type { Columns } from './columns';
import { Tail } from './tail';

const bars = (time: number[], close = 1): Columns => ({
	time: Uint32Array.from(time),
	values: new Map([['close', new Float32Array(time.length).fill(close)]])
});

/** A chart that writes down what it is told to draw. */
class Chart {
	store = new BarStore();
	from = 0;
	to = 0;
	home = true;
	gone = false;
	bars = 0;
	loading = false;
	failure: unknown = null;
	drawn: string[] = [];
	chart = { timeScale: () => ({ scrollToPosition: () => undefined }) };
	point = () => undefined;
	prepend(older: Columns): number {
		return this.store.prepend(older);
	}
	draw(from: number, to: number): void {
		[this.from, this.to] = [from, to];
		this.drawn.push(`all to ${to}`);
	}
	update(first: number): void {
		this.to = this.store.length;
		this.drawn.push(`from ${first}`);
	}
}

let chart: Chart;
let push: (newer: Columns) => void;
let left: number;

beforeEach(async () => {
	vi.useFakeTimers();
	chart = new Chart();
	left = 0;
	const source = {
		before: () => Promise.resolve(bars([10, 20, 30])),
		follow: (hear: typeof push) => {
			push = hear;
			return () => void (left += 1);
		}
	};
	const tail = new Tail(chart as unknown as Candles, source);
	chart.drawn = [];
	await tail.begin();
	expect(chart.drawn).toEqual(['all to 3']);
	chart.drawn = [];
	tails.push(tail);
});
const tails: Tail[] = [];
afterEach(() => {
	for (const tail of tails.splice(0)) tail.end();
	expect(left).toBe(1);
	vi.useRealTimers();
});

function frame(...pushed: Columns[]): string[] {
	pushed.forEach((each) => push(each));
	vi.advanceTimersByTime(20);
	return chart.drawn.splice(0);
}

test('what comes in one frame is drawn once, from the first bar that has changed', () => {
	expect(frame(bars([30], 2), bars([30], 3), bars([40]))).toEqual(['from 2']);
	expect(chart.store.value('close', 2)).toBe(3);
	expect(frame(bars([40], 5))).toEqual(['from 3']);
});

test('bars further back that come again are drawn with all others', () => {
	expect(frame(bars([10, 20, 30], 4))).toEqual(['all to 3']);
});

test('whoever looks at the past is not disturbed, and finds what came', () => {
	chart.home = false;
	expect(frame(bars([40]))).toEqual([]);
	expect([chart.store.length, chart.bars]).toEqual([4, 4]);
});

test('many bars at once are not drawn one by one', () => {
	const many = Array.from({ length: 500 }, (_, place) => 40 + place);
	expect(frame(bars(many))).toEqual(['all to 503']);
});

test('what is older than all that is there changes nothing', () => {
	expect(frame(bars([5]))).toEqual([]);
});
