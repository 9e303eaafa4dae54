/** What the pages read of a document that may be anything: it is the server that says whether it can be run. */
export interface Parameter {
	name: string;
	value: number;
	low: number | null;
	high: number | null;
	step: number | null;
}

export type Document = Record<string, unknown>;

export function asDocument(text: string): Document | null {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : null;
	} catch {
		return null;
	}
}

export function parametersOf(document: Document | null): Parameter[] {
	const declared = document?.parameters;
	if (!isObject(declared)) return [];
	return Object.entries(declared).flatMap(([name, parameter]) => {
		if (!isObject(parameter) || typeof parameter.value !== 'number') return [];
		const { value, low, high, step } = parameter;
		return [{ name, value, low: number(low), high: number(high), step: number(step) }];
	});
}

export const written = (document: unknown): string => JSON.stringify(document, null, 2);

/** A small document that can be run, to be changed. */
export function emptyDocument(name: string, instrument: string, timeframe: string): Document {
	return {
		schema: 'assay/strategy@1',
		name,
		description: '',
		timeframe,
		universe: [instrument],
		parameters: { period: { value: 20, low: 5, high: 100, step: 5 } },
		series: { average: { indicator: 'sma', inputs: ['close'], parameters: { timeperiod: '$period' } } },
		rules: [
			{
				id: 'enter',
				name: 'Above the average',
				when: { left: 'close', op: 'crosses_above', right: 'average' },
				then: { action: 'enter_long' }
			},
			{
				id: 'leave',
				name: 'Below the average',
				when: { left: 'close', op: 'crosses_below', right: 'average' },
				then: { action: 'exit' }
			}
		]
	};
}

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
export const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
