import { expect, test } from 'vitest';
import { hasCoarserBars, limitsOf } from './offered';

const limits = (properties: object) => ({
	properties: { limits: { anyOf: [{ type: 'object', properties }, { type: 'null' }] } }
});

test('what can only be nothing is not offered', () => {
	const number = { anyOf: [{ $ref: '#/$defs/number' }, { type: 'null' }] };
	expect(
		limitsOf(limits({ leverage: number, daily_loss: { type: 'null' }, safety_mode: { enum: [false, null] } }))
	).toEqual([{ key: 'leverage', flag: false }]);
	expect(limitsOf(limits({ safety_mode: { type: ['boolean', 'null'] } }))).toEqual([
		{ key: 'safety_mode', flag: true }
	]);
	expect(limitsOf(null)).toEqual([]);
});

test('coarser bars are offered where a series may have a timeframe', () => {
	const schema = (timeframe: object) => ({ $defs: { series: { anyOf: [{ properties: { timeframe } }] } } });
	expect(hasCoarserBars(schema({ type: 'null' }))).toBe(false);
	expect(hasCoarserBars(schema({ anyOf: [{ enum: ['1h'] }, { type: 'null' }] }))).toBe(true);
});
