import { afterEach, expect, test } from 'vitest';
import { i18n } from '$lib/i18n/locale.svelte';
import { conditionsOf, parametersOf } from './conditions';
import { headOf, inWords } from './words';

afterEach(() => i18n.set('en'));

const crossing = { left: 'rsi', op: 'crosses_above', right: '$oversold' };
const document = {
	parameters: { oversold: { value: 30, low: 5 }, few: { value: 2 } },
	rules: [
		{
			when: {
				all: [
					{ left: 'fast', op: '>', right: 'slow' },
					{ any: [crossing, { not: { left: 'rsi', op: 'between', right: [40, 60] } }] },
					{ left: 'close', op: 'rising', bars: '$few', for: 3, within: 10 }
				]
			},
			unless: [{ name: 'wild', left: 'close', op: 'falling' }]
		},
		{
			when: {
				score: {
					of: [
						{ weight: 2, if: { left: 'a', op: '!=', right: 0.5 } },
						{ weight: 1, if: { at_least: { n: 1, of: [crossing] } } }
					],
					at_least: 2
				}
			}
		}
	]
};
const values = parametersOf(document);
const conditions = conditionsOf(document);
const at = (path: string) => {
	const condition = conditions.get(path);
	if (!condition) throw new Error(`nothing at ${path}`);
	return condition;
};

test('every condition stands at the path by which the server names it', () => {
	expect([...conditions.keys()]).toEqual([
		'rules[0].when',
		'rules[0].when.all[0]',
		'rules[0].when.all[1]',
		'rules[0].when.all[1].any[0]',
		'rules[0].when.all[1].any[1]',
		'rules[0].when.all[1].any[1].not',
		'rules[0].when.all[2]',
		'rules[0].unless[0]',
		'rules[1].when',
		'rules[1].when.score.of[0].if',
		'rules[1].when.score.of[1].if',
		'rules[1].when.score.of[1].if.at_least.of[0]'
	]);
});

test.each([
	['en', 'rules[0].when.all[0]', 'fast > slow'],
	['en', 'rules[0].when.all[1].any[0]', 'rsi crosses above oversold (30)'],
	['fr', 'rules[0].when.all[1].any[0]', 'rsi passe au-dessus de oversold (30)'],
	['en', 'rules[0].when.all[1].any[1].not', 'rsi between 40 and 60'],
	['en', 'rules[0].when.all[2]', 'close rising over 2 bars, for 3 bars, within 10 bars'],
	[
		'fr',
		'rules[0].when.all[2]',
		'close monte sur 2 bougies, pendant 3 bougies, dans les 10 dernières bougies'
	],
	['en', 'rules[0].unless[0]', 'close falling over 1 bar'],
	['en', 'rules[0].when.all[1]', 'rsi crosses above oversold (30) or (not: rsi between 40 and 60)'],
	['fr', 'rules[1].when.score.of[0].if', 'a ≠ 0,5'],
	['en', 'rules[1].when.score.of[1].if', 'at least 1 of: rsi crosses above oversold (30)']
] as const)('in %s, %s is said in one line', (locale, path, words) => {
	i18n.set(locale);
	expect(inWords(at(path), values)).toBe(words);
});

test('a combination is the head of its list, and a leaf says itself', () => {
	expect(headOf(at('rules[0].when'), values)).toBe('All of these');
	expect(headOf(at('rules[1].when'), values)).toBe('A score of at least 2');
	expect(headOf(at('rules[0].when.all[0]'), values)).toBe('fast > slow');
});

test('what is no condition is said to be none, and breaks nothing', () => {
	const [only] = [...conditionsOf({ rules: [{ when: 7 }, 'x', null] }).values()];
	expect(only && inWords(only, values)).toBe('a condition that this page does not know');
	expect(conditionsOf({ rules: 'none' }).size).toBe(0);
});
