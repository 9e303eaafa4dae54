import { expect, test } from 'vitest';
import { changed, read } from './address';

const shown = {
	instrument: 'binance:BTC/USDT:USDT',
	timeframe: '4h',
	overlays: [
		{ indicator: 'bbands', parameters: { timeperiod: 20, nbdevup: 2.5 } },
		{ indicator: 'rsi', parameters: {} }
	],
	session: '01abc',
	list: '01def'
};

test('what is written into an address is read from it', () => {
	expect(read(new URLSearchParams(changed(new URLSearchParams(), shown)))).toEqual(shown);
});

test('a change leaves the rest as it is', () => {
	const before = new URLSearchParams(changed(new URLSearchParams(), shown));
	const after = read(new URLSearchParams(changed(before, { overlays: [], session: '' })));
	expect(after).toEqual({ ...shown, overlays: [], session: '' });
});

test.each(['i=sma*timeperiod*x', 'i=<script>', 'i=sma*time%20period*1', 'i='])(
	'an indicator that cannot be is left out: %s',
	(address) => expect(read(new URLSearchParams(address)).overlays).toEqual([])
);

test('an instrument without a venue is none', () => {
	expect(read(new URLSearchParams('instrument=BTC')).instrument).toBe('');
});
