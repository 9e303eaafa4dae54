import { expect, test } from 'vitest';
import { best } from './figures';

test.each([
	[[1, 3, 2], 'more', [1]],
	[[1, 3, 2], 'less', [0]],
	[[2, null, 2, 1], 'more', [0, 2]],
	[[2, 2], 'more', []],
	[[null, 2], 'more', []],
	[[1, 2], null, []]
] as const)('of %j, %s is better: %j', (values, better, places) => {
	expect([...best(values, better)]).toEqual(places);
});
