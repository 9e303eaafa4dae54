import { afterEach, beforeEach, expect, test } from 'vitest';
import { i18n } from '$lib/i18n/locale.svelte';
import { preferences } from '$lib/preferences.svelte';
import { ago, count, decimal, direction, instant, measure, money, NOTHING, percent, ratio } from './index';

beforeEach(() => {
	i18n.set('en');
	preferences.zone = 'utc';
});
afterEach(() => i18n.set('en'));

test('a decimal string is shown exactly, beyond what a float holds', () => {
	expect(money('90071992547409931234.56')).toBe('90,071,992,547,409,931,234.56');
	expect(decimal('0.12345678')).toBe('0.12345678');
});

test.each([
	['250.5', '+250.50'],
	['-250.5', '\u2212250.50'],
	['0.00', '0.00']
])('with a sign, %s is %s', (amount, text) => {
	expect(money(amount, { sign: true })).toBe(text);
});

test('numbers follow the language, also those that were shown before the switch', () => {
	const both = () => [money('1234567.5'), percent(0.0512)];
	expect(both()).toEqual(['1,234,567.50', '5.12%']);
	i18n.set('fr');
	expect(both()).toEqual(['1\u00a0234\u00a0567,50', '5,12\u00a0%']);
});

test('what is not known is a dash', () => {
	expect([money(null), percent(undefined), ratio(NaN), ratio(Infinity), count(null), instant(null)]).toEqual(
		Array(6).fill(NOTHING)
	);
});

test('times are in UTC unless the settings say otherwise', () => {
	expect(instant('2026-11-21T14:05:00Z')).toMatch(/Nov 21, 2026.*14:05/);
});

test.each([
	['2026-11-21T12:00:00Z', '4 min. ago', '2026-11-21T12:04:10Z'],
	['2026-11-21T12:00:00Z', '2 hr. ago', '2026-11-21T14:59:00Z']
])('%s is %s at %s', (at, text, now) => {
	expect(ago(at, Date.parse(now))).toBe(text);
});

test.each([
	['12.5', 'up'],
	['-0.01', 'down'],
	['0.00', 'flat'],
	['-0.00', 'flat'],
	[1e-9, 'up'],
	[null, 'flat']
] as const)('%s goes %s', (value, way) => {
	expect(direction(value)).toBe(way);
});

test.each([
	[65_432.123456, '65,432.1'],
	[0.000123456789, '0.000123457'],
	[-19.29, '\u221219.29'],
	[Number.NaN, NOTHING]
])('%s is measured as %s', (value, text) => {
	expect(measure(value)).toBe(text);
});

test('a measure says its sign where it is asked, and nothing has none', () => {
	expect(measure(0.5, { sign: true })).toBe('+0.5');
	expect(measure(0, { sign: true })).toBe('0');
});
