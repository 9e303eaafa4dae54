import { expect, test } from 'vitest';
import { isoDay, reach } from './reach';

const now = Date.UTC(2026, 10, 21);

test.each([
	[1, '2026-11-14'],
	[60, '2025-11-21'],
	[1_440, '2016-11-23']
])('bars of %i minutes reach back to %s', (minutes, day) => {
	expect(isoDay(reach(minutes, now))).toBe(day);
});
