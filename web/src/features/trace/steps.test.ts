import { expect, test } from 'vitest';
import { drawn } from './steps';

const step = (path: string, alone: number, through: number, veto: string | null = null) => ({
	path,
	veto,
	alone,
	through
});

test('steps are as wide as the bars at which they hold, against the widest of their rule', () => {
	const steps = drawn({ rule: 'r', bars: 1000, steps: [step('a', 50, 50), step('b', 200, 40)] });
	expect(steps.map(({ alone, left }) => [alone, left])).toEqual([
		[0.25, 0.25],
		[1, 0.2]
	]);
	expect(steps.every(({ only }) => !only)).toBe(true);
});

test('a veto says what it stopped of what had come through, not where it holds by itself', () => {
	const [, veto] = drawn({ rule: 'r', bars: 1000, steps: [step('a', 50, 50), step('v', 900, 30, 'wild')] });
	expect(veto).toMatchObject({ stopped: 20, alone: 1, left: 0.6, only: false });
});

test('the only condition of a rule cannot be taken away, a veto beside it can', () => {
	const steps = drawn({ rule: 'r', bars: 0, steps: [step('a', 0, 0), step('v', 0, 0, 'wild')] });
	expect(steps.map(({ only }) => only)).toEqual([true, false]);
});
