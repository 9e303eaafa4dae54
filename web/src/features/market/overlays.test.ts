import { expect, test } from 'vitest';
import type { Schemas } from '$lib/api/client';
import { linesOf, nameOf, seriesOf } from './overlays';

const parameter = (name: string, value: number, kind = 'integer') =>
	({ name, label: name, kind, default: value, low: 1, high: 100 }) as Schemas['IndicatorParameter'];
const indicator = (id: string, pane: string, outputs: string[], parameters = [parameter('timeperiod', 14)]) =>
	[
		id,
		{ id, name: id, group: '', inputs: ['close'], parameters, outputs, pane } as Schemas['Indicator']
	] as const;
const catalog = new Map([
	indicator('rsi', 'own', ['real']),
	indicator(
		'bbands',
		'price',
		['upper', 'lower'],
		[parameter('timeperiod', 20), parameter('matype', 0, 'ma_type')]
	),
	indicator('macd', 'own', ['macd', 'signal'])
]);
const overlays = [
	{ indicator: 'bbands', parameters: { timeperiod: 50 } },
	{ indicator: 'unheard', parameters: {} },
	{ indicator: 'macd', parameters: {} }
];

test('an indicator is called by its parameters, also those that are its own', () => {
	expect(overlays.map((each) => nameOf(each, catalog))).toEqual(['BBANDS 50', 'UNHEARD', 'MACD 14']);
});

test('outputs that are no prices share a pane; what the catalog does not know is not asked for', () => {
	expect(Object.keys(seriesOf(overlays, catalog))).toEqual(['overlay_0', 'overlay_2']);
	expect(linesOf(overlays, catalog).map((line) => [line.column, line.pane])).toEqual([
		['overlay_0.upper', 'price'],
		['overlay_0.lower', 'price'],
		['overlay_2.macd', 'overlay_2'],
		['overlay_2.signal', 'overlay_2']
	]);
});

test('an indicator with one output has its name', () => {
	const [line] = linesOf([{ indicator: 'rsi', parameters: {} }], catalog);
	expect(line).toEqual({ column: 'overlay_0', label: 'RSI 14', pane: 'overlay_0' });
});
