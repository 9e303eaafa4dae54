/** What something new begins as. */
import { isObject, read, type Json, type JsonObject } from './document/paths';
import { unused } from './document/rename';

/** Of the last series, because that is what was just made. */
export function blank(document: Json): JsonObject {
	const series = read(document, ['series']);
	return { left: 'close', op: '>', right: (isObject(series) && Object.keys(series).at(-1)) || 'open' };
}

export function newRule(document: Json, name: string): JsonObject {
	const rules = read(document, ['rules']);
	const found = Array.isArray(rules) ? rules : [];
	const ids = found.map((rule) => (isObject(rule) ? String(rule.id) : ''));
	const last = Math.max(
		0,
		...found.map((rule) => (isObject(rule) && typeof rule.priority === 'number' ? rule.priority : 0))
	);
	return {
		id: unused(ids, 'rule'),
		name,
		enabled: true,
		priority: last + 10,
		when: { all: [blank(document)] },
		then: { action: 'enter_long', size: 1 }
	};
}

interface Bounds {
	kind: string;
	low: number;
	high: number;
}

/** A number that a slider moves: from a half to thrice what it is, within what is allowed. */
export function movable(value: number, { kind, low, high }: Bounds): JsonObject {
	const whole = kind === 'integer';
	const [down, up] = [Math.min(value / 2, value * 3), Math.max(value / 2, value * 3, 1)];
	const rounded = (each: number): number => (whole ? Math.round(each) : Number(each.toPrecision(6)));
	const step = whole ? 1 : Number((Math.max(Math.abs(value), 0.1) / 20).toPrecision(1));
	return { value, low: Math.max(low, rounded(down)), high: Math.min(high, rounded(up)), step };
}
