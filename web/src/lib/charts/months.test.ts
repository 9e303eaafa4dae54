import { expect, test } from 'vitest';
import { strength, years } from './months';

test('a year has twelve months, and a year without any is there', () => {
	const rows = years([
		{ year: 2024, month: 12, value: 0.1 },
		{ year: 2026, month: 1, value: null }
	]);
	expect(rows.map((row) => row.year)).toEqual([2024, 2025, 2026]);
	expect(rows.every((row) => row.months.length === 12)).toBe(true);
	expect(rows.map((row) => row.total === null)).toEqual([false, true, true]);
});

test('returns of months multiply to the year', () => {
	const [row] = years([
		{ year: 2024, month: 1, value: 0.1 },
		{ year: 2024, month: 2, value: -0.1 }
	]);
	expect(row?.total).toBeCloseTo(-0.01);
});

test('the colour grows with the value and stays within its bounds', () => {
	expect([strength(0, 0.1), strength(-0.05, 0.1), strength(0.2, 0.1), strength(0, 0)]).toEqual([
		8, 36, 64, 8
	]);
});
