import { expect, test } from 'vitest';
import { actionAs, levelAs, linesOf, type Prices } from './levels';

const prices: Prices = {
	close: 100,
	value: (series) => (series === 'atr' ? 2 : null),
	parameter: (name) => (name === 'stop' ? 0.05 : null)
};
const told = (then: unknown) =>
	linesOf(then, prices).map(({ tone, number, price }) => [tone, number, Math.round(price * 100) / 100]);

test('a long bracket lies around the entry, with every way to say a level', () => {
	const then = {
		action: 'enter_long',
		limit: { offset: -0.01 },
		stop_loss: '$stop',
		take_profit: [
			{ at: { series: 'atr', times: 2 }, share: 0.5 },
			{ at: { price: 120 }, share: 0.5 }
		],
		trailing_stop: { distance: 0.1 },
		scale_in: [{ at: -0.02, size: 0.1 }]
	};
	expect(told(then)).toEqual([
		['entry', 1, 99],
		['stop', 1, 94.05],
		['profit', 1, 103],
		['profit', 2, 120],
		['trailing', 1, 89.1],
		['rung', 1, 97.02]
	]);
});

test('a short one lies the other way', () => {
	expect(
		told({ action: 'enter_short', stop_loss: 0.02, take_profit: 0.04, scale_in: [{ at: -0.01, size: 1 }] })
	).toEqual([
		['entry', 1, 100],
		['stop', 1, 102],
		['profit', 1, 96],
		['rung', 1, 101]
	]);
});

test('what cannot be known is not drawn', () => {
	expect(
		told({ action: 'enter_long', stop_loss: { series: 'unknown', times: 2 }, take_profit: '$other' })
	).toEqual([['entry', 1, 100]]);
	expect(told({ action: 'exit' })).toEqual([]);
});

test('another action keeps what it has a place for', () => {
	const entry = { action: 'enter_long', size: 0.5, stop_loss: 0.02, limit: { offset: 0 }, later: 1 };
	expect(actionAs('enter_short', entry)).toEqual({ ...entry, action: 'enter_short' });
	expect(actionAs('target', entry)).toEqual({ action: 'target', size: 0.5, stop_loss: 0.02, later: 1 });
	expect(actionAs('exit', entry)).toEqual({ action: 'exit', later: 1 });
	expect(actionAs('enter_long', { action: 'exit' })).toEqual({ action: 'enter_long', size: 1 });
});

test('a level told otherwise', () => {
	expect(levelAs('series', 0.02, 100, 'atr')).toEqual({ series: 'atr', times: 2 });
	expect(levelAs('price', 0.02, 100, 'atr')).toEqual({ price: 100 });
	expect(levelAs('fraction', { price: 3 }, 100, 'atr')).toBe(0.02);
});
