/** Conditions that are set aside. A document has no word for them, so they are kept beside it, in the draft. */
import { inserted, isObject, read, type Json, type Path } from './document/paths';
import { bare, insert, remove, rootOf } from './document/tree';

export interface Parked {
	readonly rule: string;
	/** Within its rule: the list that it was taken from, and its place there. */
	readonly list: Path;
	readonly at: number;
	/** As it stood there, with a veto's name or a part's weight. */
	readonly item: Json;
}

const ruleAt = (document: Json, path: Path): string => {
	const rule = read(document, path.slice(0, 2));
	return isObject(rule) && typeof rule.id === 'string' ? rule.id : '';
};

export function park<T extends Json>(document: T, path: Path): { document: T; parked: Parked } {
	const item = path.at(-1) === 'if' ? path.slice(0, -1) : path;
	const at = item.at(-1);
	const parked: Parked = {
		rule: ruleAt(document, path),
		list: typeof at === 'number' ? item.slice(2, -1) : rootOf(path).slice(2),
		at: typeof at === 'number' ? at : 0,
		item: read(document, item)
	};
	return { document: remove(document, path), parked };
}

/** Where it stood, or at the end of its rule where that place is gone; null where its rule is gone. */
export function unpark<T extends Json>(document: T, { rule, list, at, item }: Parked): T | null {
	const rules = read(document, ['rules']);
	const place = Array.isArray(rules) ? rules.findIndex((each) => isObject(each) && each.id === rule) : -1;
	if (place < 0) return null;
	const name = isObject(item) && typeof item.name === 'string' ? item.name : '';
	const old: Path = ['rules', place, ...list];
	if (list[0] === 'unless' && list.length === 1) return insert(document, { list: old, at }, item, name);
	const there = read(document, old);
	if (Array.isArray(there))
		return insert(document, { list: old, at: Math.min(at, there.length) }, item, name);
	const when: Path = ['rules', place, 'when'];
	const root = read(document, when);
	if (isObject(root) && Array.isArray(root.all))
		return inserted(document, [...when, 'all'], root.all.length, bare(item));
	return insert(document, { list: when, at: 1 }, item);
}

export function isParked(value: unknown): value is Parked {
	if (!isObject(value)) return false;
	const { rule, list, at } = value;
	return typeof rule === 'string' && Array.isArray(list) && typeof at === 'number' && 'item' in value;
}
