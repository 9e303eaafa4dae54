/** Where something stands in a document: `['rules', 2, 'when', 'all', 0]`, which the server spells `rules[2].when.all[0]`. */
export type Path = readonly (string | number)[];
export type Json = unknown;
export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export const spelled = (path: Path): string =>
	path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at ? `.${step}` : step)).join('');

export function read(value: Json, path: Path): Json {
	let at = value;
	for (const step of path) {
		if (Array.isArray(at)) at = typeof step === 'number' ? at[step] : undefined;
		else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
	}
	return at;
}

/** A copy with another value there; `undefined` takes the key away, or the item out of its list. */
export function write<T extends Json>(value: T, path: Path, next: Json): T;
export function write(value: Json, path: Path, next: Json): Json {
	const [step, ...rest] = path;
	if (step === undefined) return next;
	if (typeof step === 'number') {
		const items = Array.isArray(value) ? (value as Json[]) : [];
		const written = rest.length ? write(items[step], rest, next) : next;
		if (written === undefined) return items.toSpliced(step, 1);
		return step < items.length ? items.with(step, written) : [...items, written];
	}
	const object = isObject(value) ? value : {};
	const written = rest.length
		? write(Object.hasOwn(object, step) ? object[step] : undefined, rest, next)
		: next;
	return keyed(object, step, written);
}

/** The list there, with one more item; begun where there is none. */
export function inserted<T extends Json>(value: T, list: Path, at: number, item: Json): T {
	const items = read(value, list);
	return write(value, list, Array.isArray(items) ? items.toSpliced(at, 0, item) : [item]);
}

/** The same keys in the same order, one of them by another name. */
export const renamed = (object: JsonObject, from: string, to: string): JsonObject =>
	Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));

export const same = (one: Path, other: Path): boolean => spelled(one) === spelled(other);

export const within = (inner: Path, outer: Path): boolean =>
	inner.length >= outer.length && outer.every((step, at) => step === inner[at]);

/** From entries, because a key may be called `__proto__`, which an assignment takes for something else. */
function keyed(object: JsonObject, key: string, value: Json): JsonObject {
	const entries = Object.entries(object);
	if (value === undefined) return Object.fromEntries(entries.filter(([each]) => each !== key));
	if (!Object.hasOwn(object, key)) return Object.fromEntries([...entries, [key, value]]);
	return Object.fromEntries(entries.map(([each, old]) => [each, each === key ? value : old]));
}
