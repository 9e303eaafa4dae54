/** Names of series and parameters, wherever a document uses them. */
import { isObject, read, renamed, spelled, write, type Json, type JsonObject, type Path } from './paths';

export const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const SAYS_A_NAME = new Set(['left', 'right', 'series', 'inputs']);
/** Words that are read by people, or that name other things. */
const SAYS_NONE = new Set([
	'name',
	'id',
	'description',
	'action',
	'op',
	'reference',
	'indicator',
	'timeframe'
]);

type Told = (text: string, key: string) => string;

export type Refusal = 'identifier' | 'taken';

/** Why a thing cannot be called that; null where it can. */
export function refusal(
	document: Json,
	kind: 'series' | 'parameters',
	from: string,
	to: string
): Refusal | null {
	if (!IDENTIFIER.test(to)) return 'identifier';
	const names = Object.keys((read(document, [kind]) as JsonObject | undefined) ?? {});
	const taken = names.includes(to) || (kind === 'series' && (COLUMNS as readonly string[]).includes(to));
	return taken && to !== from ? 'taken' : null;
}

export function renameSeries<T extends Json>(document: T, from: string, to: string): T {
	const told: Told = (text, key) => {
		if (key === 'formula') return inFormula(text, from, to);
		if (!SAYS_A_NAME.has(key)) return text;
		return text === from || text.startsWith(`${from}.`) ? to + text.slice(from.length) : text;
	};
	return renamedIn(document, 'series', from, to, told);
}

export function renameParameter<T extends Json>(document: T, from: string, to: string): T {
	const told: Told = (text, key) => {
		if (key === 'formula') return inFormula(text, `$${from}`, `$${to}`);
		return text === `$${from}` ? `$${to}` : text;
	};
	return renamedIn(document, 'parameters', from, to, told);
}

/** The paths at which a name is used. */
export function usesOf(document: Json, kind: 'series' | 'parameters', name: string): string[] {
	const found: string[] = [];
	const probe = kind === 'series' ? renameSeries : renameParameter;
	const other = probe(document, name, `${name}_`);
	const walk = (one: Json, two: Json, path: Path): void => {
		if (typeof one === 'string') {
			if (one !== two) found.push(spelled(path));
		} else if (Array.isArray(one)) one.forEach((item, at) => walk(item, (two as Json[])[at], [...path, at]));
		else if (isObject(one)) {
			const values = Object.values(two as JsonObject);
			Object.entries(one).forEach(([key, value], at) => walk(value, values[at], [...path, key]));
		}
	};
	walk(document, other, []);
	return found;
}

/** A name that is not taken yet: `sma`, `sma_2`, ... */
export function unused(taken: Iterable<string>, wanted: string): string {
	const names = new Set<string>([...taken, ...COLUMNS]);
	if (!names.has(wanted)) return wanted;
	for (let number = 2; ; number += 1) if (!names.has(`${wanted}_${number}`)) return `${wanted}_${number}`;
}

function renamedIn<T extends Json>(
	document: T,
	kind: 'series' | 'parameters',
	from: string,
	to: string,
	told: Told
): T {
	const named = read(document, [kind]);
	const moved = isObject(named) ? write(document, [kind], renamed(named, from, to)) : document;
	return mapped(moved, told, '') as T;
}

function mapped(value: Json, told: Told, key: string): Json {
	if (typeof value === 'string') return told(value, key);
	if (Array.isArray(value)) return value.map((item) => mapped(item, told, key));
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([each, inner]) => [
			each,
			SAYS_NONE.has(each) && typeof inner === 'string' ? inner : mapped(inner, told, each)
		])
	);
}

/** A name stands alone: not within a longer one, not as a function that is called, not behind `$` or a dot. */
function inFormula(formula: string, from: string, to: string): string {
	const literal = from.replaceAll('$', '\\$');
	return formula.replace(new RegExp(`(?<![\\w$.])${literal}(?!\\w)(?!\\s*\\()`, 'g'), () => to);
}
