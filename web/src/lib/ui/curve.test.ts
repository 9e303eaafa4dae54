import { expect, test } from 'vitest';
import { extent, path, rounded } from './curve';

const line = (...values: (number | null)[]) => ({ values, tone: '' });

test('all lines are in sight, and what they are measured against', () => {
	expect(extent([line(2, null, 3), line(2.5)], 1)).toEqual({ low: 1, high: 3 });
	expect(extent([line(2, 3)], null)).toEqual({ low: 2, high: 3 });
});

test('what has no values, or one alone, still has a height', () => {
	expect(extent([line(null)], null)).toEqual({ low: 0, high: 1 });
	expect(extent([line(5, 5)], null)).toEqual({ low: 5, high: 6 });
});

test.each([
	[0.93, 1.18, [0.95, 1, 1.05, 1.1, 1.15]],
	[9_800, 34_700, [10_000, 15_000, 20_000, 25_000, 30_000]]
])('between %s and %s the axis names round values', (low, high, ticks) => {
	const found = rounded(low, high);
	expect(found).toHaveLength(ticks.length);
	for (const [place, tick] of ticks.entries()) expect(found[place]).toBeCloseTo(tick, 9);
});

test('a gap in the values lifts the pen', () => {
	const same = (value: number) => value;
	expect(path([1, 2, null, 4], same, same)).toBe('M0.0 1.0L1.0 2.0M3.0 4.0');
});
