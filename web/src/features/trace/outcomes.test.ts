import { afterEach, expect, test } from 'vitest';
import { i18n } from '$lib/i18n/locale.svelte';
import { inOrder, meaningOf, outcomeOf, toneOf } from './outcomes';

afterEach(() => i18n.set('en'));

test.each([
	['en', 'entered', 'Entered'],
	['fr', 'entered', 'Entrée'],
	['en', 'vetoed:wild: bar', 'Vetoed by wild: bar'],
	['fr', 'vetoed:wild: bar', 'Veto de wild: bar'],
	['en', 'refused:insufficient_margin', 'Refused: not enough margin'],
	['fr', 'refused:something_new', 'Refusé : something new'],
	['en', 'asked', 'asked']
] as const)('in %s, %s is %s', (locale, outcome, words) => {
	i18n.set(locale);
	expect(outcomeOf(outcome)).toBe(words);
});

test('what is newer than this page means nothing to it, and is idle', () => {
	expect(meaningOf('asked')).toBe('');
	expect(toneOf('asked')).toBe('idle');
});

test('what was done comes first, what is unknown last, the more frequent of a kind before the other', () => {
	const outcomes = {
		warming_up: 9,
		asked: 5,
		'vetoed:b': 1,
		'vetoed:a': 2,
		held: 3,
		entered: 1,
		no_signal: 50
	};
	expect(inOrder(outcomes).map(([outcome]) => outcome)).toEqual([
		'entered', 'held', 'vetoed:a', 'vetoed:b', 'no_signal', 'warming_up', 'asked'
	]); // prettier-ignore
});
