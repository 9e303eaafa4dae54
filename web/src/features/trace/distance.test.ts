import { expect, test } from 'vitest';
import { reach } from './distance';

test('the threshold stands in the middle, and the ends are never reached', () => {
	expect(reach(0, 30, 30)).toBe(0);
	expect(reach(1e12, 1e12, 1)).toBeLessThan(1);
	expect(reach(-1e12, 1, 1e12)).toBeGreaterThan(-1);
});

test('farther is farther, in both directions and at any size', () => {
	for (const size of [1e-6, 1, 1e6]) {
		const reaches = [-2, -0.1, 0.01, 0.5, 3].map((part) => reach(part * size, size, size));
		expect(reaches).toEqual(reaches.toSorted((a, b) => a - b));
		expect(new Set(reaches).size).toBe(5);
	}
});

test('at zero there is still a scale', () => {
	expect(reach(0, 0, 0)).toBe(0);
});
