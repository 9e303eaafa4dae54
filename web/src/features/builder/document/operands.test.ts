import { expect, test } from 'vitest';
import type { Schemas } from '$lib/api/client';
import { choicesOf, operandOf, summaryOf } from './operands';

test.each([
	['30', 30],
	[' -0,5 ', -0.5],
	['1e3', 1000],
	['$fast', '$fast'],
	['macd.signal', 'macd.signal'],
	['0x10', '0x10'],
	['Infinity', 'Infinity'],
	['', undefined]
])('%j is read as %j', (text, value) => expect(operandOf(text)).toBe(value));

test('every output can be chosen, the first by the name of its series', () => {
	const macd = { id: 'macd', outputs: ['macd', 'signal', 'hist'] } as Schemas['Indicator'];
	const document = { series: { m: { indicator: 'macd' } }, parameters: { fast: { value: 3 } } };
	const names = choicesOf(document, new Map([['macd', macd]])).map((each) => each.name);
	expect(names).toEqual(['m', 'm.signal', 'm.hist', 'open', 'high', 'low', 'close', 'volume', '$fast']);
});

test('a series in a few letters', () => {
	expect(
		summaryOf({ indicator: 'sma', inputs: ['close'], parameters: { timeperiod: '$fast' }, timeframe: '4h' })
	).toBe('sma(close, $fast) · 4h');
	expect(summaryOf({ formula: 'high - low' })).toBe('high - low');
	expect(summaryOf(3)).toBe('');
});
