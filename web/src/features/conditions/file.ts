/** What the form reads and writes of a conditions file that may be anything: it is the server that says what it means. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Members = { [key: string]: Json };
export type Path = readonly (string | number)[];

export const SIDES = ['long', 'short'] as const;
export type SideName = (typeof SIDES)[number];
export const COLUMNS = ['close', 'open', 'high', 'low', 'volume'] as const;
export const OPERATORS = [
	'>',
	'>=',
	'<',
	'<=',
	'==',
	'!=',
	'crosses_above',
	'crosses_below',
	'between',
	'outside',
	'rising',
	'falling'
] as const;
const COMBINED = ['all', 'any', 'not', 'at_least', 'score'] as const;

export const isMembers = (value: unknown): value is Members =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
export const members = (value: unknown): Members => (isMembers(value) ? value : {});
export const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

export function read(text: string): Members | null {
	try {
		const value: unknown = JSON.parse(text);
		return isMembers(value) ? value : null;
	} catch {
		return null;
	}
}

export const written = (file: unknown): string => JSON.stringify(file, null, 2);

/** Whether the form has fields for a condition; `all`, `any` and the like are for the text. */
export const isSimple = (entry: Json): boolean =>
	isMembers(entry) && !COMBINED.some((key) => key in entry) && 'left' in entry;

export const isRange = (op: Json | undefined): boolean => op === 'between' || op === 'outside';
export const isTrend = (op: Json | undefined): boolean => op === 'rising' || op === 'falling';

/** `long.thresholds.conditions[2].op`, as the server says it. */
export function placeOf(path: Path): string {
	let said = '';
	for (const step of path) said += typeof step === 'number' ? `[${step}]` : said ? `.${step}` : step;
	return said;
}

export const isWithin = (place: string, around: string): boolean =>
	place === around || place.startsWith(`${around}.`) || place.startsWith(`${around}[`);

export const without = (of: Members, key: string): Members =>
	Object.fromEntries(Object.entries(of).filter(([each]) => each !== key));

/** The same file with another value in one place; `undefined` takes the place away. */
export const changed = (file: Members, path: Path, value: Json | undefined): Members =>
	members(put(file, path, value));

function put(place: Json | undefined, [step, ...rest]: Path, value: Json | undefined): Json {
	if (step === undefined) return value ?? null;
	const taken = !rest.length && value === undefined;
	if (typeof step === 'number') {
		const items = list(place);
		return taken
			? items.filter((_, index) => index !== step)
			: [...items.slice(0, step), put(items[step], rest, value), ...items.slice(step + 1)];
	}
	const of = members(place);
	return taken ? without(of, step) : { ...of, [step]: put(of[step], rest, value) };
}

/** What was typed as a number where it is one; otherwise as it is, for the server to refuse in its place. */
export function typed(text: string): Json | undefined {
	const trimmed = text.trim();
	if (!trimmed) return undefined;
	const number = Number(trimmed.replace(',', '.'));
	return Number.isFinite(number) ? number : trimmed;
}

export const shown = (value: Json | undefined): string =>
	typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

/** A condition that can be run, to be changed. */
export const fresh = {
	condition: (): Members => ({
		left: { indicator: 'rsi', parameters: { timeperiod: 14 } },
		op: '<',
		right: 30
	}),
	side: (): Members => ({
		enabled: true,
		thresholds: { score: 1, conditions: [{ weight: 1, ...fresh.condition() }] },
		anti_filters: [],
		fasttrack: [],
		exit: [],
		size: 1,
		reference: 'fill'
	})
};
