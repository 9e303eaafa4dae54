/** What can stand where a value is asked for: a number, `$a parameter`, or a series by name. */
import type { Schemas } from '$lib/api/client';
import { isObject, read, type Json } from './paths';
import { COLUMNS } from './rename';

export interface Choice {
	/** As it is written in the document. */
	name: string;
	kind: 'column' | 'series' | 'parameter';
	note: string;
}

/** What was typed: a number where it is one; nothing where there is nothing. */
export function operandOf(text: string): number | string | undefined {
	const trimmed = text.trim();
	if (!trimmed) return undefined;
	const number = Number(trimmed.replace(',', '.'));
	return Number.isFinite(number) && /\d/.test(trimmed) && !/^0[xbo]/i.test(trimmed) ? number : trimmed;
}

export const typed = (value: Json): string =>
	typeof value === 'number' || typeof value === 'string'
		? String(value)
		: value == null
			? ''
			: JSON.stringify(value);

/** Every output of every series, the columns of the bars, and the parameters. */
export function choicesOf(document: Json, catalog: ReadonlyMap<string, Schemas['Indicator']>): Choice[] {
	const series = entries(read(document, ['series']));
	const parameters = entries(read(document, ['parameters']));
	return [
		...series.flatMap(([name, one]) =>
			outputsOf(name, one, catalog).map((each) => ({
				name: each,
				kind: 'series' as const,
				note: summaryOf(one)
			}))
		),
		...COLUMNS.map((name) => ({ name, kind: 'column' as const, note: '' })),
		...parameters.map(([name, one]) => ({
			name: `$${name}`,
			kind: 'parameter' as const,
			note: isObject(one) ? typed(one.value) : ''
		}))
	];
}

/** The first output goes by the name of the series alone. */
function outputsOf(name: string, series: Json, catalog: ReadonlyMap<string, Schemas['Indicator']>): string[] {
	const id = isObject(series) ? series.indicator : undefined;
	const outputs = (typeof id === 'string' && catalog.get(id)?.outputs) || [];
	return [name, ...outputs.slice(1).map((output) => `${name}.${output}`)];
}

/** A series in a few letters: `sma(close, $fast)`. */
export function summaryOf(series: Json): string {
	if (!isObject(series)) return '';
	const coarser = typeof series.timeframe === 'string' ? ` · ${series.timeframe}` : '';
	if (typeof series.formula === 'string') return series.formula + coarser;
	const inputs = Array.isArray(series.inputs) ? series.inputs : [];
	const parameters = isObject(series.parameters) ? Object.values(series.parameters) : [];
	const inside = [...inputs, ...parameters].map(typed).join(', ');
	return `${typed(series.indicator)}${inside ? `(${inside})` : ''}${coarser}`;
}

const entries = (value: Json): [string, Json][] => (isObject(value) ? Object.entries(value) : []);
