import { expect, test } from 'vitest';
import { placeInFormula, withoutPlace } from './formula-place';
import {
	argumentOf,
	callAt,
	functionOf,
	wordsAt,
	type FormulaFunction,
	type Language
} from './formula-words';

const argument = (name: string, takes: 'series' | 'whole', given: string | number | null = null) => ({
	name,
	takes,
	default: given,
	low: null,
	high: null
});
const made = (name: string, args: FormulaFunction['arguments'], outputs = ['value'], more = false) => ({
	name,
	group: 'Windows',
	signature: `${name}()`,
	arguments: args,
	more,
	meaning: '',
	example: '',
	outputs,
	walks: false
});
const language: Language = {
	columns: ['close', 'open'],
	keywords: ['and', 'if'],
	forms: [],
	limits: [],
	functions: [
		made('sma', [argument('x', 'series'), argument('n', 'whole')]),
		made(
			'macd',
			[argument('x', 'series', 'close'), argument('fastperiod', 'whole', 12)],
			['macd', 'signal', 'hist']
		),
		made('max', [argument('x', 'series'), argument('y', 'series')], ['value'], true)
	]
};
const names = { series: [{ name: 'fast', note: '' }], parameters: ['length'] };
const words = (text: string, asked = false) =>
	wordsAt(text.replace('|', ''), text.indexOf('|'), asked, language, names)?.words.map(({ label }) => label);

test('series, columns, parameters and functions are offered where a name is written', () => {
	const all = ['fast', 'close', 'open', '$length', 'sma', 'macd', 'max', 'and', 'if'];
	expect(words('cl|')).toEqual(all);
	expect(words('|', true)).toEqual(all);
	expect(words('close * $le|')).toEqual(['$length']);
});

test('nothing is offered unasked, nor in a number', () => {
	expect(words('close + |')).toBeUndefined();
	expect(words('close + 1|', true)).toBeUndefined();
	expect(words('1.5e|')).toBeUndefined();
});

test('after a call its outputs are offered, and within one the numbers it takes', () => {
	expect(words('macd(sma(close, 3)).si|')).toEqual(['macd', 'signal', 'hist']);
	expect(words('sma(close, 3).|')).toBeUndefined();
	expect(words('macd(close, f|')?.[0]).toBe('fastperiod = ');
});

test('the call that is written is the innermost one that is open', () => {
	const at = (text: string) => callAt(text.replace('|', ''), text.indexOf('|'));
	expect(at('sma(max(close, 1), |')).toMatchObject({ name: 'sma', argument: 1, from: 0 });
	expect(at('1 + sma(max(close, |')).toMatchObject({ name: 'max', argument: 1 });
	expect(at('sma((close + |')).toMatchObject({ name: 'sma', argument: 0 });
	expect(at('sma(close, 3) + |')).toBeNull();
	expect(at('not (close|')).toBeNull();
	expect(at('macd(close, fastperiod = 1|')).toMatchObject({ name: 'macd', named: 'fastperiod' });
});

test('the argument that is written counts the inputs that were left out', () => {
	const of = (text: string) => {
		const call = callAt(text, text.length);
		const found = call && functionOf(language, call.name);
		return call && found ? found.arguments[argumentOf(found, call, text)]?.name : undefined;
	};
	expect(of('macd(close, ')).toBe('fastperiod');
	expect(of('macd(1')).toBe('fastperiod');
	expect(of('macd(fastperiod = ')).toBe('fastperiod');
	expect(of('sma(close, ')).toBe('n');
	expect(of('max(close, open, ')).toBe('y');
});

test('a path says where in the formula', () => {
	expect(withoutPlace('series.x.formula:line 2 col 5-9')).toBe('series.x.formula');
	expect(placeInFormula('clsoe + 1', 'series.x.formula:col 1-5')).toEqual({ from: 0, to: 5 });
	expect(placeInFormula('close +\n  hihg', 'series.x.formula:line 2 col 3-6')).toEqual({ from: 10, to: 14 });
	expect(placeInFormula('close +', 'series.x.formula:col 8')).toEqual({ from: 6, to: 7 });
	expect(placeInFormula('close', 'series.x.formula')).toEqual({ from: 0, to: 5 });
});
