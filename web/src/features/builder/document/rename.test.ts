import { expect, test } from 'vitest';
import { refusal, renameParameter, renameSeries, unused, usesOf } from './rename';

const document = {
	name: 'fast',
	parameters: { fast: { value: 10 }, slow: { value: 30 } },
	series: {
		fast: { indicator: 'sma', inputs: ['close'], parameters: { timeperiod: '$fast' } },
		macd: { indicator: 'macd', inputs: ['fast'] },
		spread: { formula: 'fast - faster + max(fast, $fast) + fast (1) + x.fast' }
	},
	rules: [
		{
			id: 'fast',
			name: '$fast',
			when: {
				all: [
					{ left: 'fast', op: '>', right: '$fast' },
					{ left: 'macd.signal', op: 'between', right: ['fast', 2] }
				]
			},
			unless: [{ name: 'fast', left: 'spread', op: 'rising', bars: '$fast' }],
			then: { action: 'enter_long', size: '$fast', stop_loss: { series: 'fast', times: 2 } }
		}
	]
};

test('a renamed series is followed everywhere, and nothing else is touched', () => {
	const renamed = renameSeries(document, 'fast', 'quick');
	expect(Object.keys(renamed.series)).toEqual(['quick', 'macd', 'spread']);
	expect(renamed.series.spread.formula).toBe('quick - faster + max(quick, $fast) + fast (1) + x.fast');
	expect(renamed.rules[0]?.when.all[0]).toEqual({ left: 'quick', op: '>', right: '$fast' });
	expect(renamed.rules[0]?.when.all[1]?.right).toEqual(['quick', 2]);
	expect(renamed.rules[0]?.then.stop_loss.series).toBe('quick');
	expect([renamed.name, renamed.rules[0]?.id, renamed.rules[0]?.unless[0]?.name]).toEqual([
		'fast',
		'fast',
		'fast'
	]);
	expect(renameSeries(renamed, 'quick', 'fast')).toEqual(document);
});

test('one output of a renamed series goes with it', () => {
	expect(renameSeries(document, 'macd', 'm').rules[0]?.when.all[1]?.left).toBe('m.signal');
});

test('a renamed parameter is followed everywhere', () => {
	const renamed = renameParameter(document, 'fast', 'period');
	expect(renamed.series.fast.parameters.timeperiod).toBe('$period');
	expect(renamed.series.spread.formula).toContain('max(fast, $period)');
	expect(renamed.rules[0]?.name).toBe('$fast');
	expect(usesOf(renamed, 'parameters', 'period')).toEqual([
		'series.fast.parameters.timeperiod',
		'series.spread.formula',
		'rules[0].when.all[0].right',
		'rules[0].unless[0].bars',
		'rules[0].then.size'
	]);
});

test('names that cannot be are refused', () => {
	expect(refusal(document, 'series', 'fast', '2nd')).toBe('identifier');
	expect(refusal(document, 'series', 'fast', 'close')).toBe('taken');
	expect(refusal(document, 'series', 'fast', 'macd')).toBe('taken');
	expect(refusal(document, 'series', 'fast', 'fast')).toBeNull();
	expect(unused(['sma', 'sma_2'], 'sma')).toBe('sma_3');
});

test('a series called __proto__ is one as any other', () => {
	const hostile = JSON.parse('{"series": {"__proto__": {"formula": "close"}}, "rules": []}') as object;
	expect(JSON.stringify(renameSeries(hostile, 'other', 'x'))).toBe(JSON.stringify(hostile));
	expect(JSON.stringify(renameSeries(hostile, '__proto__', 'x'))).toContain('"x":{"formula":"close"}');
});
