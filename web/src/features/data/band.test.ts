import { expect, test } from 'vitest';
import { band } from './band';

const time = [10, 20, 30, 60, 70];

test.each([
	['one bar', 20, 20, { from: 1, to: 2 }],
	['several bars', 20, 60, { from: 1, to: 4 }],
	['the first', 10, 10, { from: 0, to: 1 }],
	['the last', 70, 70, { from: 4, to: 5 }],
	['missing ones', 40, 50, { from: 2.75, to: 3.25 }],
	['missing ones behind the last', 80, 90, { from: 4.75, to: 5.25 }]
])('the band of %s', (_, first, last, marked) => {
	expect(band(time, first, last)).toEqual(marked);
});
